import type { RingMember, RingMembers } from '../../ring-decisions/ring-members.js';

/** Members of a ring, oldest first. */
interface WholeRings {
  membersOf(ringId: string): readonly RingMember[];
}

/** One way through the members of a ring. */
interface Walk {
  readonly ringId: string;
  readonly members: readonly RingMember[];
  /** How many have been handed on. */
  readonly done: number;
}

/** Members in pages; a ring's are put in order once for all of its pages. */
export function pagedMembers(rings: WholeRings): RingMembers {
  let walk: Walk | undefined;
  return {
    async membersOf(ringId, { after, limit }) {
      const { members, done } = goesOn(walk, ringId, after) ? walk : begin(rings, ringId, after);
      const page = members.slice(done, done + limit);
      walk = page.length < limit ? undefined : { ringId, members, done: done + page.length };
      return page;
    },
  };
}

const goesOn = (walk: Walk | undefined, ringId: string, after: RingMember | undefined): walk is Walk =>
  after !== undefined && walk?.ringId === ringId && walk.members[walk.done - 1]?.accountId === after.accountId;

function begin(rings: WholeRings, ringId: string, after: RingMember | undefined): Walk {
  const members = rings.membersOf(ringId);
  const done = after === undefined ? 0 : members.findIndex(({ accountId }) => accountId === after.accountId) + 1;
  return { ringId, members, done };
}
