import { describe, expect, it } from '@jest/globals';
import { memoryStory } from '../../support/memory-story.js';

const start = Date.UTC(2026, 4, 1, 12);
const dayMs = 86_400_000;

const rules = `rules: []
policy:
  thresholds: { limit: 30, hold: 60 }
  limit: { requests_per_day: 50 }
`;

describe('an event that was decided before', () => {
  it('gets its decision right after another body was refused under its id, also where only the log still knows it', async () => {
    const world = memoryStory(new Map([['rules.yml', rules]]), start);
    const event = {
      type: 'signup',
      event_id: 'evt_1',
      occurred_at: new Date(start).toISOString(),
      account: { id: 'acct_1' },
      ip: '203.0.113.7',
    };
    const decided = await world.evaluate(event);
    world.clock.at += 2 * dayMs;
    await expect(world.evaluate({ ...event, ip: '203.0.113.8' })).rejects.toThrow('idempotency_mismatch');
    expect(await world.evaluate(event)).toEqual(decided);
  });
});
