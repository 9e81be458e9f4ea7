import type { Case } from '../model/case.js';
import type { Instant } from '../model/time.js';
import type { QueueView } from './review-queue.js';

/** `due` shows what is late or will be within this time. */
export const dueSoonMs = 3_600_000;
/** Of members of rings whose id begins as asked for, so many are looked at, in the order of their ids. */
export const membersSearched = 1000;
/** Reason code of cases that an appeal has opened. */
export const appealReason = 'manual.appeal';

interface Looking {
  readonly actor: string;
  readonly now: Instant;
}

/** What each view shows of the undecided cases; the SQL of the adapter says the same. */
export const queueViewShows: Readonly<Record<QueueView, (one: Omit<Case, 'asksFor'>, looking: Looking) => boolean>> = {
  mine: (one, { actor }) => (one.state === 'claimed' && one.claimedBy === actor) || one.assignedTo === actor,
  unclaimed: (one, { actor }) =>
    one.state === 'open' && one.escalatedAt === null && (one.assignedTo === null || one.assignedTo === actor),
  due: (one, { now }) => one.state !== 'snoozed' && one.dueAt <= now + dueSoonMs,
  rings: (one) => one.wholeRing,
  appeals: (one) => one.appealedAt !== null,
  snoozed: (one) => one.state === 'snoozed',
  escalated: (one) => one.escalatedAt !== null,
};
