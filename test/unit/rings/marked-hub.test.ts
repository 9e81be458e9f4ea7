import { describe, expect, it } from '@jest/globals';
import { ringKeyOf } from '../../../src/rings/digest.js';
import { RingGraph } from '../../../src/rings/ring-graph.js';

const start = Date.parse('2026-05-01T12:00:00.000Z');
const links = [
  { id: 'card-1', name: 'card', strength: 'strong', hubCap: 40, ttlMs: 86_400_000, by: ['payment.fingerprint'] },
] as never;

function finish<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
const event = (accountId: string) =>
  ({ kind: 'event', accountId, at: start, trace: { links: [{ link: 'card', key: 'k' }] } }) as const;

describe('a key that a person marked as a hub', () => {
  it('links nobody from the next rebuild on, also whoever comes after, until the mark is taken away', () => {
    const graph = new RingGraph(links);
    for (const id of ['a', 'b', 'c']) graph.apply(event(id));
    const ring = graph.find('a', [], start).own ?? '';
    expect(graph.membersOf(ring)).toHaveLength(3);
    const changes = finish(graph.expire(start, links, new Set([ringKeyOf('card', 'k')])));
    expect(changes.ended).toEqual([ring]);
    expect(changes.hubs).toMatchObject([{ link: 'card', hub: true, accounts: 3 }]);
    expect(changes.keys).toMatchObject([{ ringId: undefined }]);
    graph.apply(event('d'));
    expect(graph.find('d', [{ link: 'card', key: 'k' }], start)).toMatchObject({ own: undefined, rings: new Map() });
    finish(graph.expire(start));
    expect(graph.counts.rings).toBe(0);
    const again = finish(graph.expire(start, links, new Set()));
    expect(again.hubs).toMatchObject([{ link: 'card', hub: false }]);
    expect(graph.membersOf(graph.find('a', [], start).own ?? '')).toHaveLength(4);
  });
});
