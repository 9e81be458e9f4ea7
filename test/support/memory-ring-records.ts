import type { KeyUse, RingMemberRecord, RingRecord, RingRecords } from '../../src/rings/ring-records.js';

export interface KnownRing {
  readonly ring: RingRecord;
  readonly members: readonly RingMemberRecord[];
  readonly uses: readonly KeyUse[];
}

/** Rings that a test says there are. */
export const memoryRingRecords = (known: readonly KnownRing[] = []): RingRecords => {
  const find = (id: string): KnownRing | undefined => known.find(({ ring }) => ring.id === id);
  return {
    async list({ state, minSize, limit }) {
      const fitting = known.map(({ ring }) => ring).filter((ring) => ring.size >= minSize);
      return {
        rings: fitting.filter((ring) => (state ?? ring.state) === ring.state).slice(0, limit),
        nextCursor: null,
      };
    },
    get: async (id) => find(id)?.ring,
    holds: async () => [],
    async members(id, limit, after) {
      const members = find(id)?.members ?? [];
      const from = members.findIndex(({ accountId }) => accountId === after?.accountId) + 1;
      return members.slice(from, from + limit);
    },
    async keyUses(accountIds) {
      return known.flatMap(({ uses }) => uses).filter(({ accountId }) => accountIds.includes(accountId));
    },
  };
};
