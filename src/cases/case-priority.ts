import type { Instant } from '../model/time.js';

export interface Urgency {
  /** Score of the decision that held the account, 0 to 100. */
  readonly score: number;
  /** Accounts in the ring that the case belongs to; a whole ring is more urgent than one account. */
  readonly ringSize?: number | undefined;
  /** A fraud label, not points, is behind the case. */
  readonly confirmedFraud?: boolean | undefined;
}

export const priorityOf = { perRingDoubling: 5, ringAtMost: 30, confirmedFraud: 25 } as const;

/** What later events add to, or take from, a case's priority. */
export const prioritySteps = {
  /** A failed verification speaks against the account. */
  failedVerification: 10,
  /** A case that waits for a verification has nothing for a person to do; given back when the last answer is in. */
  awaitingVerification: -50,
  /** A fraud label on an account that waits already. */
  fraudLabel: 25,
} as const;

/** Higher is more urgent: score + 5 for each doubling of the ring (at most 30) + 25 for a fraud label. One decimal. */
export function casePriority({ score, ringSize = 1, confirmedFraud = false }: Urgency): number {
  const ring = Math.min(priorityOf.ringAtMost, priorityOf.perRingDoubling * Math.log2(Math.max(1, ringSize)));
  const sum = score + ring + (confirmedFraud ? priorityOf.confirmedFraud : 0);
  return Math.round(sum * 10) / 10;
}

const hourMs = 3_600_000;

/** From this priority on, so many hours until a case is due; the last row is for all others. */
export const dueHours = [
  { from: 90, hours: 1 },
  { from: 60, hours: 4 },
  { from: Number.NEGATIVE_INFINITY, hours: 24 },
] as const;

/** When the case should be decided at the latest: 1 hour at priority 90, 4 hours at 60, else 24. */
export function caseDueAt({ priority, openedAt }: { readonly priority: number; readonly openedAt: Instant }): Instant {
  const row = dueHours.find(({ from }) => priority >= from);
  return openedAt + (row?.hours ?? 24) * hourMs;
}
