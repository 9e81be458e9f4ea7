import type { Instant } from '../model/time.js';

/** What claims to be later than now by more than this says nothing of the time. */
export const farthestAheadMs = 5 * 60_000;
const oldestMs = 24 * 3_600_000;

export type EventTimePolicy = 'bounded' | 'trusted';

export interface EventTime {
  readonly at: Instant;
  /** True when the sender's time was not believed: one too far ahead became now, one too long ago a day ago. */
  readonly clamped: boolean;
}

/** When the event counts as having happened (contract, section 2: Time). */
export function eventTime(occurredAt: string | undefined, now: Instant, policy: EventTimePolicy): EventTime {
  if (occurredAt === undefined) return { at: now, clamped: false };
  const told = Date.parse(occurredAt);
  if (policy === 'trusted') return { at: told, clamped: false };
  // A clock that is a little ahead is common and harmless; what is later than that cannot have happened yet.
  if (told > now + farthestAheadMs) return { at: now, clamped: true };
  if (told < now - oldestMs) return { at: now - oldestMs, clamped: true };
  return { at: told, clamped: false };
}
