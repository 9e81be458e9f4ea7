import { describe, expect, it } from '@jest/globals';
import { pagedMembers } from '../../../src/adapters/replay/paged-members.js';
import { memberPages, type RingMember } from '../../../src/ring-decisions/ring-members.js';

const membersOf = (ringId: string, count: number): RingMember[] =>
  Array.from({ length: count }, (_, place) => ({ accountId: `${ringId}_${place}`, joinedAt: place }));

describe('members in pages', () => {
  it('are all of a ring once, and the ring is put in order once for all of its pages', async () => {
    const asked: string[] = [];
    const members = pagedMembers({
      membersOf(ringId) {
        asked.push(ringId);
        return membersOf(ringId, 2500);
      },
    });
    const found: string[] = [];
    for await (const page of memberPages(members, 'ring_a')) found.push(...page.map(({ accountId }) => accountId));
    expect(found).toEqual(membersOf('ring_a', 2500).map(({ accountId }) => accountId));
    expect(asked).toEqual(['ring_a']);
  });

  it('go on behind the last one given, whoever asked for what in between', async () => {
    const members = pagedMembers({ membersOf: (ringId) => membersOf(ringId, 5) });
    const [, second] = await members.membersOf('a', { limit: 2 });
    await members.membersOf('b', { limit: 3 });
    const page = await members.membersOf('a', { after: second, limit: 2 });
    expect(page.map(({ accountId }) => accountId)).toEqual(['a_2', 'a_3']);
    const last = await members.membersOf('a', { after: page[1], limit: 2 });
    expect(last.map(({ accountId }) => accountId)).toEqual(['a_4']);
    expect(await members.membersOf('a', { after: last[0], limit: 2 })).toEqual([]);
  });
});
