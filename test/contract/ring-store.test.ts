import { describe } from '@jest/globals';
import { MemoryRings } from '../../src/adapters/memory/rings.js';
import { contractLinks, ringStoreContract } from './ring-store.js';

describe('RingStore in memory', () => {
  const rings = new MemoryRings(contractLinks);
  ringStoreContract(() => ({
    store: rings,
    apply: async (entries) => {
      for (const entry of entries) rings.apply(entry);
    },
    expire: async (now) => {
      rings.expire(now);
    },
  }));
});
