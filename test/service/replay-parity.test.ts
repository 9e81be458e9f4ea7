import { describe, expect, it } from '@jest/globals';
import { compareWithService } from '../support/replay-parity.js';

describe('a replay', () => {
  it('decides two thousand events as the service does over HTTP, on PostgreSQL and Redis', async () => {
    const { events, degraded, differences, outcomes } = await compareWithService(2000, 'parity');
    expect(differences.slice(0, 5)).toEqual([]);
    expect(events + degraded).toBe(2000);
    expect(degraded).toBeLessThan(200);
    // Something to be the same about.
    expect(Object.keys(outcomes).sort()).toEqual(expect.arrayContaining(['allow', 'hold', 'limit']));
  }, 600_000);
});
