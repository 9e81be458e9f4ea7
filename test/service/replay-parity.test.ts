import { describe, expect, it } from '@jest/globals';
import { compareWithService } from '../support/replay-parity.js';

describe('a replay', () => {
  it('decides twelve hundred events as the service does over HTTP, on PostgreSQL and Redis', async () => {
    const { events, degraded, differences, outcomes } = await compareWithService(1200, 'parity');
    expect(differences.slice(0, 5)).toEqual([]);
    expect(events + degraded).toBe(1200);
    expect(degraded).toBeLessThan(120);
    // Something to be the same about.
    expect(Object.keys(outcomes).sort()).toEqual(expect.arrayContaining(['allow', 'hold', 'limit']));
  }, 600_000);
});
