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

const membersAtOnce = 1000;

/** All of them, oldest first, in bounded pieces. */
export async function* memberPages(members: RingMembers, ringId: string): AsyncGenerator<readonly RingMember[]> {
  let after: RingMember | undefined;
  for (;;) {
    const page: readonly RingMember[] = await members.membersOf(ringId, { after, limit: membersAtOnce });
    if (page.length > 0) yield page;
    if (page.length < membersAtOnce) return;
    after = page.at(-1);
  }
}
