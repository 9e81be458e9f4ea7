import type { AccountStanding, RingTrace } from '../model/ring.js';
import type { Instant } from '../model/time.js';

/** What rings are made of, in the order in which it was committed: decided events, and what became of accounts. */
export type RingEntry =
  | { readonly kind: 'event'; readonly accountId: string; readonly at: Instant; readonly trace: RingTrace }
  | ({ readonly kind: 'standing' } & AccountStanding);
