import type { Instant } from '../model/time.js';

export interface RingMember {
  readonly accountId: string;
  readonly joinedAt: Instant;
}

/** Port: who is in a ring, as far as the ring worker has come; rings that were merged into it included. */
export interface RingMembers {
  /** Oldest first; `after` is the last member of the page before. */
  membersOf(
    ringId: string,
    page: { readonly after?: RingMember | undefined; readonly limit: number },
  ): Promise<readonly RingMember[]>;
}
