import type { CaseState } from '../model/case.js';
import type { Policy } from '../model/policy.js';
import type { Instant } from '../model/time.js';

export interface Urgency {
  /** Score of the decision that held the account, 0 to 100. */
  readonly score: number;
  /** Accounts in the ring that the case belongs to; a whole ring is more urgent than one account. */
  readonly ringSize?: number | undefined;
  /** A fraud label, not points, is behind the case. */
  readonly confirmedFraud?: boolean | undefined;
  /** Points that the policy gives to the account's plan: what it would cost to be wrong about it. */
  readonly cost?: number | undefined;
}

const priorityOf = { perRingDoubling: 5, ringAtMost: 30, confirmedFraud: 25 } as const;

/** What later events add to, or take from, a case's priority. */
export const prioritySteps = {
  /** A failed verification speaks against the account. */
  failedVerification: 10,
  /** A case that waits for a verification has nothing for a person to do; given back when the last answer is in. */
  awaitingVerification: -50,
  /** A fraud label on an account that waits already: once a case, however many labels come for however many accounts. */
  fraudLabel: 25,
} as const;

/**
 * Higher is more urgent: score + 5 for each doubling of the ring (at most 30) + 25 for a fraud label + what the policy
 * gives to the plan. One decimal.
 */
export function casePriority({ score, ringSize = 1, confirmedFraud = false, cost = 0 }: Urgency): number {
  const ring = Math.min(priorityOf.ringAtMost, priorityOf.perRingDoubling * Math.log2(Math.max(1, ringSize)));
  const sum = score + ring + (confirmedFraud ? priorityOf.confirmedFraud : 0) + cost;
  return Math.round(sum * 10) / 10;
}

const hourMs = 3_600_000;

/** What waiting adds to the priority. */
const pointsPerHour = 2;

/**
 * From when a case counts as waiting: earlier for each point of its priority. The order of these times is the order of
 * urgency at every moment, so that nothing has to be written while time goes on.
 */
export const waitsFrom = ({ priority, openedAt }: { readonly priority: number; readonly openedAt: Instant }): Instant =>
  Math.floor(openedAt - (priority * hourMs) / pointsPerHour);

/** With which a case that was opened then counts as waiting from `from`, or a little earlier. One decimal. */
export const priorityWaitingFrom = (from: Instant, openedAt: Instant): number =>
  Math.ceil(((openedAt - from) / hourMs) * pointsPerHour * 10) / 10;

/** The priority with what waiting has added until now. One decimal. */
export const caseUrgency = (
  { priority, openedAt }: { readonly priority: number; readonly openedAt: Instant },
  now: Instant,
): number => Math.round((priority + (Math.max(0, now - openedAt) / hourMs) * pointsPerHour) * 10) / 10;

/** From this priority on, so many hours until a case is due; the last row is for all others. */
const dueHours = [
  { from: 90, hours: 1 },
  { from: 60, hours: 4 },
  { from: Number.NEGATIVE_INFINITY, hours: 24 },
] as const;

interface Due {
  readonly priority: number;
  readonly openedAt: Instant;
  readonly reason?: string | undefined;
  readonly sla?: Policy['sla'] | undefined;
}

/**
 * When the case should be decided at the latest: what the policy says for its reason, else for all; where it says
 * nothing, 1 hour at priority 90, 4 hours at 60, else 24.
 */
export function caseDueAt({ priority, openedAt, reason, sla }: Due): Instant {
  const given = (reason === undefined ? undefined : sla?.reasonMs[reason]) ?? sla?.defaultMs;
  if (given !== undefined) return openedAt + given;
  const row = dueHours.find(({ from }) => priority >= from);
  return openedAt + (row?.hours ?? 24) * hourMs;
}

/** Undecided beyond its time. */
export const isLate = ({ state, dueAt }: { readonly state: CaseState; readonly dueAt: Instant }, now: Instant) =>
  state !== 'decided' && dueAt <= now;
