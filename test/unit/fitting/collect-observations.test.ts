import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openReplay } from '../../../src/adapters/replay/open-replay.js';
import { watchReplay } from '../../../src/backtest/watch-replay.js';
import { ObservationCollector } from '../../../src/fitting/collect-observations.js';
import { LastRings } from '../../../src/fitting/last-rings.js';
import { replayEvents } from '../../../src/replay/replay-events.js';
import { hour, minute, replayRules, signupAt, withFiles } from '../../support/replay.js';

const onCard = (card: string) => ({ payment: { fingerprint: card } });

/** What all these accounts stand in for when points are fitted: their groups. */
function groupsOf(events: readonly object[]): Promise<Readonly<Record<string, string>>> {
  return withFiles({ 'rules/all.yml': replayRules }, async (folder) => {
    const world = await openReplay({ rulesDir: join(folder, 'rules'), dataDir: join(folder, 'data') });
    if (!world.ok) throw new Error(world.error.join('\n'));
    const labels = new Map(events.map((event) => [JSON.parse(JSON.stringify(event)).account.id, 'fraud' as const]));
    const collector = new ObservationCollector(labels);
    const rings = new LastRings();
    const ports = watchReplay(
      world.value.ports(() => undefined, { onRings: (changes) => rings.note(changes) }),
      ({ draft, inputs }, { findings }) => collector.add({ draft, inputs, hits: findings.hits }),
    );
    async function* lines() {
      yield events.map((event) => JSON.stringify(event));
    }
    await replayEvents({ events: lines(), horizonMs: hour, onBadLine: () => false }, ports);
    return Object.fromEntries(collector.observations(rings).map(({ accountId, group }) => [accountId, group]));
  });
}

describe('observations to fit points to', () => {
  it('of one ring stand together: those that came before it was one, and those of rings that merged into it', async () => {
    const secondCard = { type: 'payment_method_added', event_id: 'evt_second_card' };
    const groups = await groupsOf([
      ...['a', 'b', 'c'].map((name, n) => signupAt(name, n * minute, onCard('pm_1'))),
      ...['d', 'e', 'f'].map((name, n) => signupAt(name, (10 + n) * minute, onCard('pm_2'))),
      signupAt('joins', 20 * minute, onCard('pm_1')),
      signupAt('joins', 25 * minute, { ...secondCard, ...onCard('pm_2') }),
      signupAt('alone', 30 * minute, onCard('pm_3')),
    ]);
    const { alone, ...ofRing } = groups;
    expect(alone).toBe('alone');
    expect(Object.keys(ofRing).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'joins']);
    expect([...new Set(Object.values(ofRing))]).toEqual([expect.stringMatching(/^ring_/)]);
  });

  it('of a ring that has run out by the end of the file stand together, too', async () => {
    const later = signupAt('later', 400 * 24 * hour, onCard('pm_9'));
    const events = ['a', 'b'].map((name, n) => signupAt(name, n * minute, onCard('pm_1')));
    const { a, b } = await groupsOf([...events, later]);
    expect(a).toMatch(/^ring_/);
    expect(b).toBe(a);
  });
});
