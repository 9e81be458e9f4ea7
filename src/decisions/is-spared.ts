import type { Policy } from '../model/policy.js';
import type { Instant } from '../model/time.js';

/** What speaks for an account when its ring speaks against it. */
interface Merits {
  readonly verified: boolean;
  readonly firstSeenAt: Instant;
  readonly firstPaymentAt: Instant | null;
}

const paidLongMs = 30 * 86_400_000;

/** Names of policy.yml's `retro_hold.spare`. */
const spares: Readonly<Record<string, (merits: Merits, now: Instant) => boolean>> = {
  verified: ({ verified }) => verified,
  paid_30d: ({ firstPaymentAt }, now) => firstPaymentAt !== null && firstPaymentAt <= now - paidLongMs,
};

/** An account that is not held for its ring alone afterwards: old enough, or among those that policy spares. */
export const isSpared = ({ youngerThanMs, spare }: Policy['retroHold'], merits: Merits, now: Instant): boolean =>
  merits.firstSeenAt < now - youngerThanMs || spare.some((name) => spares[name]?.(merits, now) === true);
