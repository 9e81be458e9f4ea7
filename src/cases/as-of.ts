import type { Case } from '../model/case.js';
import type { Instant } from '../model/time.js';

type Waiting = Pick<Case, 'state' | 'leaseUntil' | 'snoozedUntil'>;

/** Free to be claimed: open, or its lease or snooze has run out. */
export function isClaimable(from: Waiting, now: Instant): boolean {
  if (from.state === 'open') return true;
  if (from.state === 'claimed') return from.leaseUntil === null || from.leaseUntil <= now;
  return from.state === 'snoozed' && (from.snoozedUntil === null || from.snoozedUntil <= now);
}

/**
 * The case as it is at a time. Nothing is written when a lease or a snooze runs out: whoever reads sees an open case from
 * then on, and whoever asks for the next one is given it.
 */
export function asOf<C extends Waiting & Pick<Case, 'claimedBy'>>(found: C, now: Instant): C {
  if (found.state === 'open' || !isClaimable(found, now)) return found;
  return { ...found, state: 'open', claimedBy: null, leaseUntil: null, snoozedUntil: null };
}
