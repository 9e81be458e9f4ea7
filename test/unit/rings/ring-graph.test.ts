import { describe, expect, it } from '@jest/globals';
import type { LinkSpec } from '../../../src/model/link.js';
import type { AccountStanding, LinkUse, RingTrace } from '../../../src/model/ring.js';
import type { RingChanges } from '../../../src/rings/ring-changes.js';
import type { RingEntry } from '../../../src/rings/ring-entry.js';
import { RingGraph } from '../../../src/rings/ring-graph.js';

const day = 86_400_000;
const hour = 3_600_000;
const start = 20_000 * day;

const link = (name: string, more: Partial<LinkSpec> = {}): LinkSpec => ({
  name,
  id: `${name}-1`,
  by: [name],
  strength: 'strong',
  hubCap: 10,
  ttlMs: 30 * day,
  ...more,
});
const links = [link('card'), link('device'), link('prefix', { strength: 'weak', hubCap: 200 })];

const card = (key: string): LinkUse => ({ link: 'card', key });
const device = (key: string): LinkUse => ({ link: 'device', key });
const event = (accountId: string, uses: readonly LinkUse[], at = start, more: Partial<RingTrace> = {}): RingEntry => ({
  kind: 'event',
  accountId,
  at,
  trace: { links: uses, ...more },
});
const standing = (accountId: string, is: Partial<AccountStanding>, at = start): RingEntry => ({
  kind: 'standing',
  held: false,
  fraud: false,
  verified: false,
  ...is,
  accountId,
  at,
});

const graphOf = (entries: readonly RingEntry[]): RingGraph => {
  const graph = new RingGraph(links);
  for (const entry of entries) graph.apply(entry);
  return graph;
};
const ringOf = (graph: RingGraph, account: string): string | undefined => graph.find(account, [], start).own;

function finish(steps: Generator<undefined, RingChanges>): RingChanges {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** Accounts in a chain: ten on each device, each tenth on two. */
function chain(graph: RingGraph, name: string, accounts: number): void {
  for (let n = 0; n < accounts; n++) {
    const first = Math.floor(n / 9);
    const uses = n % 9 === 8 ? [first, first + 1] : [first];
    graph.apply(
      event(
        `${name}${n}`,
        uses.map((d) => device(`${name}${d}`)),
        start + n,
        { template: `t${n % 3}` },
      ),
    );
  }
}

describe('rings', () => {
  it('of twenty-five thousand accounts stop at ten thousand in what is read, and never fail', () => {
    const graph = new RingGraph(links);
    chain(graph, 'a', 25_000);
    const { rings, own } = graph.find('a7', [device('a1')], start + 25_000);
    expect(rings.size).toBe(1);
    const reading = rings.get(own ?? '');
    expect(reading).toMatchObject({ size: 10_000, growth1h: 10_000, families: 1, fraudLabels: 0 });
    expect(reading?.purity).toBeCloseTo(1 / 3, 3);
    expect(graph.membersOf(own ?? '')).toHaveLength(25_000);
  });

  it('that merge keep the id of the older, and the other id leads to it', () => {
    const graph = graphOf([
      event('a', [card('1')]),
      event('b', [card('1')]),
      event('c', [card('2')], start + 1),
      event('d', [card('2')], start + 1),
    ]);
    const [older, newer] = [ringOf(graph, 'a') ?? '', ringOf(graph, 'c') ?? ''];
    const changes = graph.apply(event('d', [card('1')], start + 2));
    expect(changes.merged).toEqual([{ from: newer, into: older }]);
    expect([graph.resolve(newer), graph.resolve(older)]).toEqual([older, older]);
    expect(graph.membersOf(newer).map(({ accountId }) => accountId)).toEqual(['a', 'b', 'c', 'd']);
    expect(graph.counts.rings).toBe(1);
  });

  it('have the same ids whenever the same stream is read', () => {
    const entries = ['a', 'b', 'c', 'd'].map((name, n) => event(name, [card(`${n % 2}`)], start + n));
    const ids = ['a', 'b'].map((name) => ringOf(graphOf(entries), name));
    expect(ids).toEqual(['a', 'b'].map((name) => ringOf(graphOf(entries), name)));
    for (const id of ids) expect(id).toMatch(/^ring_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(new Set(ids).size).toBe(2);
  });

  it('list their members in the order in which they joined', () => {
    const graph = graphOf([
      event('late', [card('1')], start),
      event('b', [device('1')], start + 1),
      event('a', [device('1')], start + 1),
      event('late', [device('1')], start + hour),
    ]);
    expect(graph.membersOf(ringOf(graph, 'late') ?? '')).toEqual([
      { accountId: 'a', joinedAt: start + 1 },
      { accountId: 'b', joinedAt: start + 1 },
      { accountId: 'late', joinedAt: start + hour },
    ]);
    expect(graph.membersOf('ring_of_nobody')).toEqual([]);
  });

  it('join nobody by weak links that are the same evidence, and count those as one kind', () => {
    const weak = { strength: 'weak' as const };
    const mails = [link('domain', weak), link('domain_place', { ...weak, sameAs: 'domain' }), link('style', weak)];
    const graph = new RingGraph(mails);
    const uses = (...names: readonly string[]) => names.map((name) => ({ link: name, key: '1' }));
    for (const name of ['a', 'b']) graph.apply(event(name, uses('domain', 'domain_place')));
    expect(graph.counts.rings).toBe(0);
    for (const name of ['c', 'd']) graph.apply(event(name, uses('domain', 'domain_place', 'style')));
    expect(graph.read(ringOf(graph, 'd') ?? '', start)).toMatchObject({ size: 2, families: 2 });
  });

  it.each(['2039-05-01', '6100-05-01', '8999-12-01'])('form in %s as they do today, and run out', (date) => {
    const at = Date.parse(date);
    const graph = graphOf([event('a', [card('c')], at), event('b', [card('c')], at + 1000)]);
    const near = graph.find('c', [card('c')], at + 29 * day);
    expect(near.rings.get(near.byLink.get('card') ?? '')?.size).toBe(2);
    expect(graph.find('c', [card('c')], at + 31 * day).byLink.get('card')).toBeUndefined();
    finish(graph.expire(at + 31 * day));
    expect(graph.find('a', [], at + 31 * day).own).toBeUndefined();
  });

  it('count a use for its whole ttl, and no more than a minute longer', () => {
    const at = start + 59_999;
    const graph = graphOf([event('a', [card('c')], at), event('b', [card('c')], at)]);
    finish(graph.expire(at + 30 * day));
    expect(graph.find('c', [card('c')], at + 30 * day).byLink.has('card')).toBe(true);
    expect(graph.find('c', [card('c')], at + 30 * day + 60_000).byLink.has('card')).toBe(false);
  });

  it.each([64_500, 2 ** 31, 2 ** 32 - 1])('count an autonomous system once, whenever it is learnt: AS%i', (asn) => {
    const uses = [card('c')];
    const graph = graphOf([
      event('a', uses, start, { asn }),
      event('b', uses, start, { asn }),
      event('c', uses, start),
      event('c', uses, start + 1, { asn }),
    ]);
    expect(graph.read(ringOf(graph, 'a') ?? '', start + 1)?.distinctAsns).toBe(1);
  });

  it('do not hear of links that are not declared', () => {
    const graph = graphOf(['a', 'b'].map((name) => event(name, [{ link: 'voice', key: '1' }])));
    expect(graph.counts).toEqual({ accounts: 2, rings: 0, keys: 0, uses: 0 });
  });

  it('take the later of two standings, whichever is told first', () => {
    const graph = graphOf(['a', 'b'].map((name) => event(name, [card('1')])));
    graph.apply(standing('a', { held: true }, start + 2));
    graph.apply(standing('a', {}, start + 1));
    expect(graph.read(ringOf(graph, 'a') ?? '', start)).toMatchObject({ heldShare: 0.5 });
  });
});

describe('a hub', () => {
  const crowd = Array.from({ length: 10 }, (_, n) => `a${n}`);

  it('is a key that more accounts than its cap share: it is told, leads nowhere, and joins nobody else', () => {
    const graph = graphOf(crowd.map((name) => event(name, [card('1')])));
    const ring = ringOf(graph, 'a0');
    const changes = graph.apply(event('one-more', [card('1')]));
    expect(changes.hubs).toMatchObject([{ link: 'card', hub: true, accounts: 11 }]);
    expect(changes.keys).toMatchObject([{ link: 'card', ringId: undefined }]);
    expect(ringOf(graph, 'one-more')).toBeUndefined();
    expect(graph.find('z', [card('1')], start).byLink.size).toBe(0);
    expect(graph.read(ring ?? '', start)).toMatchObject({ size: 10, strongLinks: 0 });
  });

  it('has made no ring any more after a rebuild, and the ring is told to have ended', () => {
    const graph = graphOf([...crowd, 'one-more'].map((name) => event(name, [card('1')])));
    const ring = ringOf(graph, 'a0') ?? '';
    const changes = finish(graph.expire(start + hour));
    expect(changes.ended).toEqual([ring]);
    expect(changes.members).toHaveLength(10);
    expect(graph.resolve(ring)).toBeUndefined();
  });

  it('is a key of several verified accounts, and links again when they are found out', () => {
    const graph = graphOf(crowd.slice(0, 5).map((name) => event(name, [card('1')])));
    const told = crowd.slice(0, 3).map((name) => graph.apply(standing(name, { verified: true })).hubs);
    expect(told).toMatchObject([[], [], [{ hub: true, accounts: 5 }]]);
    graph.apply(event('newcomer', [card('1')]));
    expect(ringOf(graph, 'newcomer')).toBeUndefined();
    const lost = graph.apply(standing('a0', { verified: true, fraud: true }, start + 1));
    expect(lost.hubs).toMatchObject([{ hub: false, accounts: 6 }]);
    expect(lost.members.map(({ accountId }) => accountId)).toEqual(['newcomer']);
    expect(graph.find('z', [card('1')], start).byLink.get('card')).toBe(ringOf(graph, 'a0'));
  });

  it('is a key of several accounts that have been in good standing for a week', () => {
    const graph = graphOf(crowd.slice(0, 3).map((name) => event(name, [device(name)])));
    const told = crowd.slice(0, 3).map((name) => graph.apply(event(name, [card('lab')], start + 8 * day)).hubs);
    expect(told).toMatchObject([[], [], [{ link: 'card', hub: true, accounts: 3 }]]);
    graph.apply(event('newcomer', [card('lab')], start + 8 * day));
    expect(ringOf(graph, 'newcomer')).toBeUndefined();
  });

  it('is no key on which as many accounts are held as are trusted', () => {
    const graph = graphOf(crowd.slice(0, 6).map((name) => event(name, [card('1')])));
    for (const name of ['a3', 'a4', 'a5']) graph.apply(standing(name, { held: true }));
    const told = ['a0', 'a1', 'a2'].map((name) => graph.apply(standing(name, { verified: true })).hubs);
    expect(told).toEqual([[], [], []]);
  });
});

describe('a rebuild', () => {
  it('splits what only an old link held together; the larger age stays, and one part keeps the id', () => {
    const graph = graphOf([
      event('a', [card('old'), device('1')]),
      event('b', [device('1')]),
      event('c', [card('old'), device('2')]),
      event('d', [device('2')]),
    ]);
    const ring = ringOf(graph, 'a') ?? '';
    for (const [name, key] of [
      ['a', '1'],
      ['b', '1'],
      ['c', '2'],
      ['d', '2'],
    ] as const)
      graph.apply(event(name, [device(key)], start + 20 * day));
    const changes = finish(graph.expire(start + 31 * day));
    expect(ringOf(graph, 'a')).toBe(ring);
    expect(ringOf(graph, 'b')).toBe(ring);
    const other = ringOf(graph, 'c') ?? '';
    expect(changes.created).toEqual([other]);
    expect(graph.read(other, start + 31 * day)).toMatchObject({ size: 2, ageMs: 31 * day, growth1h: 0 });
  });

  it('leaves out links that were edited or are not declared any more', () => {
    const graph = graphOf([event('a', [card('1'), device('1')]), event('b', [card('1')]), event('c', [device('1')])]);
    finish(graph.expire(start, [link('card', { id: 'card-2' }), link('device')]));
    expect(graph.membersOf(ringOf(graph, 'a') ?? '').map(({ accountId }) => accountId)).toEqual(['a', 'c']);
    expect(graph.links.map(({ id }) => id)).toEqual(['card-2', 'device-1']);
    graph.apply(event('d', [card('1')]));
    expect(ringOf(graph, 'd')).toBeUndefined();
  });

  it('and a snapshot refuse entries that come between their slices', () => {
    const graph = graphOf(Array.from({ length: 3000 }, (_, n) => event(`a${n}`, [card(`${n}`)])));
    const rebuild = graph.expire(start);
    const snapshot = graph.snapshot();
    rebuild.next();
    snapshot.next();
    graph.apply(event('z', [card('1')]));
    expect(() => rebuild.next()).toThrow('an entry came');
    expect(() => snapshot.next()).toThrow('an entry came');
  });
});

describe('a snapshot', () => {
  const restored = (pieces: readonly string[]): RingGraph | undefined => {
    const steps = RingGraph.restore(pieces);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    return step.value;
  };

  it('is not read when it is of another version or not whole', () => {
    const graph = graphOf(['a', 'b'].map((name) => event(name, [card('1')])));
    const pieces = [...graph.snapshot()];
    expect(ringOf(restored(pieces) ?? raise(), 'a')).toBe(ringOf(graph, 'a'));
    expect(restored(pieces.slice(0, -1))).toBeUndefined();
    expect(restored([])).toBeUndefined();
    expect(restored(pieces.map((piece) => piece.replace(/"version":\d+/, '"version":0')))).toBeUndefined();
  });
});

const raise = (): never => {
  throw new Error('no graph');
};
