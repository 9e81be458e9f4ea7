import { describe } from '@jest/globals';
import { MemoryFeatureStore } from '../../src/adapters/memory/feature-store.js';
import { standingContract } from './standing-features.js';

describe('bursts and trusted accounts in memory', () => {
  const store = new MemoryFeatureStore();
  standingContract(() => store);
});
