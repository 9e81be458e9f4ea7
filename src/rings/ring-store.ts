import type { LinkUse, RingSighting } from '../model/ring.js';
import type { Instant } from '../model/time.js';
import type { Unavailable } from '../model/value.js';

/**
 * Port of the hot path: which rings an event's links lead to. Asked beside the wave of features, with every link whose key
 * is known; which of them count (their `when`) is decided after. Constant time, never throws, never grows with a ring.
 */
export interface RingStore {
  /** Statistics are as of `at`, as far as the ring worker has come. */
  find(accountId: string, links: readonly LinkUse[], at: Instant): Promise<RingSighting | Unavailable>;
}
