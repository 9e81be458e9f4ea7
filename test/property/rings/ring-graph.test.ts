import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LinkSpec } from '../../../src/model/link.js';
import type { RingReading } from '../../../src/model/ring.js';
import type { Instant } from '../../../src/model/time.js';
import { ringKeyOf } from '../../../src/rings/digest.js';
import type { RingChanges } from '../../../src/rings/ring-changes.js';
import type { RingEntry } from '../../../src/rings/ring-entry.js';
import { RingGraph } from '../../../src/rings/ring-graph.js';
import { RingOracle } from '../../support/ring-oracle.js';

const day = 86_400_000;
const start = 20_000 * day;
const runs = Number(process.env.RING_RUNS ?? 150);

const link = (name: string, strength: LinkSpec['strength'], hubCap: number, days: number): LinkSpec => ({
  name,
  id: `${name}-1`,
  by: [name],
  strength,
  hubCap,
  ttlMs: days * day,
});
const links = [
  link('card', 'strong', 4, 20),
  link('device', 'strong', 12, 8),
  link('prefix', 'weak', 8, 4),
  link('template', 'weak', 12, 8),
  link('phone', 'weak', 3, 8),
  { ...link('network', 'weak', 8, 6), sameAs: 'prefix' },
];

type Step =
  | { readonly kind: 'entry'; readonly entry: RingEntry }
  | { readonly kind: 'expire'; readonly now: Instant }
  | { readonly kind: 'restart' };

const accountNames = Array.from({ length: 14 }, (_, n) => `a${n}`);
const keyNames = ['k0', 'k1', 'k2', 'k3'];

/** Seconds since the step before; sometimes back, sometimes days on. */
const pause = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 7200 }) },
  { weight: 1, arbitrary: fc.integer({ min: -7200, max: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 6 * 86_400 }) },
);
const use = fc.record({
  link: fc.constantFrom(...links.map(({ name }) => name), 'unknown'),
  key: fc.constantFrom(...keyNames),
});
const trace = fc.record({
  links: fc.uniqueArray(use, { maxLength: 4, selector: (one) => one.link }),
  prefix: fc.option(fc.constantFrom('p1', 'p2', 'p3'), { nil: undefined }),
  asn: fc.option(fc.constantFrom(1, 2), { nil: undefined }),
  template: fc.option(fc.constantFrom('t1', 't2'), { nil: undefined }),
});
const account = fc.constantFrom(...accountNames);
const flag = fc.boolean();
const planned = fc.array(
  fc.record({
    pause,
    what: fc.oneof(
      { weight: 14, arbitrary: fc.record({ kind: fc.constant('event' as const), accountId: account, trace }) },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('standing' as const),
          accountId: account,
          held: flag,
          fraud: flag,
          verified: flag,
        }),
      },
      { weight: 1, arbitrary: fc.constant({ kind: 'expire' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
    ),
  }),
  { minLength: 1, maxLength: 60 },
);
type Plan = typeof planned extends fc.Arbitrary<infer T> ? T : never;

function stepsOf(plan: Plan): Step[] {
  let at = start;
  return plan.map(({ pause: seconds, what }): Step => {
    at += seconds * 1000;
    if (what.kind === 'restart') return { kind: 'restart' };
    return what.kind === 'expire' ? { kind: 'expire', now: at } : { kind: 'entry', entry: { ...what, at } };
  });
}

function finish<T>(steps: Generator<unknown, T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

function restarted(graph: RingGraph): RingGraph {
  const copy = finish(RingGraph.restore([...graph.snapshot()]));
  if (copy === undefined) throw new Error('the snapshot is not whole');
  return copy;
}

/** What somebody elsewhere knows who only ever hears of changes. */
class Mirror {
  readonly ringOfAccount = new Map<string, string | undefined>();
  readonly ringOfKey = new Map<string, string | undefined>();
  readonly endOfKey = new Map<string, Instant>();
  /** Of rings. */
  readonly ends = new Map<string, Instant>();
  readonly hubs = new Set<string>();
  readonly alias = new Map<string, string>();
  readonly readings = new Map<string, RingReading>();

  follow(changes: RingChanges, graph: RingGraph, at: Instant): void {
    for (const id of changes.aliases) this.alias.set(id, graph.resolve(id) ?? raise());
    expect(changes.merged.map(({ from }) => changes.aliases.includes(from))).toEqual(changes.merged.map(() => true));
    for (const { accountId, ringId } of changes.members) this.ringOfAccount.set(accountId, ringId);
    for (const { key, ringId, endsAt } of changes.keys) {
      this.ringOfKey.set(key, ringId);
      this.endOfKey.set(key, endsAt);
    }
    for (const { key, hub } of changes.hubs) hub ? this.hubs.add(key) : this.hubs.delete(key);
    for (const id of changes.ended) this.readings.delete(id);
    for (const id of changes.touched) {
      const reading = graph.read(id, at);
      if (reading !== undefined) this.readings.set(reading.ringId, reading);
      const ring = graph.ring(id);
      if (ring !== undefined) this.ends.set(ring.id, ring.endsAt);
    }
  }

  /** An alias leads to a ring of its own: there is nothing to follow further. */
  resolve(id: string | undefined): string | undefined {
    return id === undefined ? undefined : (this.alias.get(id) ?? id);
  }
}

const lasting = ({ growth1h: _growth, ageMs: _age, ...rest }: RingReading): object => rest;

function comparesWithOracle(graph: RingGraph, oracle: RingOracle): void {
  const at = oracle.now;
  for (const id of accountNames) {
    const all = oracle.ringOf(id);
    const members = oracle.isRingAlive(all, at) ? all : [];
    const { own, rings } = graph.find(id, [], at);
    expect(
      own === undefined
        ? []
        : graph
            .membersOf(own)
            .map(({ accountId }) => accountId)
            .sort(),
    ).toEqual(members);
    if (own === undefined) continue;
    const { ringId: _id, ageMs: _age, ...reading } = rings.get(own) ?? raise();
    expect(reading).toEqual(oracle.read(members, at));
  }
  for (const key of oracle.keys.values()) {
    const [name = '', text = ''] = key.name.split(' ');
    const rings = new Set([...key.users.keys()].flatMap((id) => graph.find(id, [], at).own ?? []));
    const found = graph.find('stranger', [{ link: name, key: text }], at).byLink.get(name);
    if (key.hub || !oracle.isAlive(key, at) || rings.size === 0) expect(found).toBeUndefined();
    else expect(rings).toContain(found);
  }
}

function comparesWithMirror(graph: RingGraph, mirror: Mirror, at: Instant): void {
  for (const id of accountNames) {
    const { own, rings } = graph.find(id, [], at);
    const told = mirror.resolve(mirror.ringOfAccount.get(id));
    expect(told !== undefined && at < (mirror.ends.get(told) ?? raise()) ? told : undefined).toBe(own);
    const known = own === undefined ? undefined : mirror.readings.get(own);
    if (own !== undefined) expect(lasting(known ?? raise())).toEqual(lasting(rings.get(own) ?? raise()));
  }
  for (const { name } of links)
    for (const key of keyNames) {
      const found = graph.find('stranger', [{ link: name, key }], at).byLink.get(name);
      const text = ringKeyOf(name, key);
      const told = at < (mirror.endOfKey.get(text) ?? 0) ? mirror.resolve(mirror.ringOfKey.get(text)) : undefined;
      if (found !== undefined) expect(told).toBe(found);
      else if (told !== undefined) expect(at).toBeGreaterThanOrEqual(mirror.ends.get(told) ?? raise());
      if (mirror.hubs.has(text)) expect(found).toBeUndefined();
    }
}

const raise = (): never => {
  throw new Error('no reading');
};

describe('rings, step by step, against the slow way', () => {
  it('are the components that joins make, with the statistics of their members', () => {
    fc.assert(
      fc.property(planned, (plan) => {
        const graph = new RingGraph(links);
        const oracle = new RingOracle(links);
        for (const step of stepsOf(plan)) {
          if (step.kind === 'entry') {
            graph.apply(step.entry);
            oracle.apply(step.entry);
          } else if (step.kind === 'expire') {
            finish(graph.expire(step.now));
            oracle.rebuild(step.now);
          }
          comparesWithOracle(graph, oracle);
        }
      }),
      { numRuns: runs },
    );
  });

  it('are known to whoever follows the changes', () => {
    fc.assert(
      fc.property(planned, (plan) => {
        const graph = new RingGraph(links);
        const mirror = new Mirror();
        let at = start;
        for (const step of stepsOf(plan)) {
          if (step.kind === 'restart') continue;
          at = Math.max(at, step.kind === 'entry' ? step.entry.at : step.now);
          const changes = step.kind === 'entry' ? graph.apply(step.entry) : finish(graph.expire(step.now));
          mirror.follow(changes, graph, at);
          comparesWithMirror(graph, mirror, at);
        }
        const late = new Mirror();
        for (const changes of graph.everything()) late.follow(changes, graph, at);
        comparesWithMirror(graph, late, at);
        expect([...late.hubs].sort()).toEqual([...mirror.hubs].sort());
      }),
      { numRuns: runs },
    );
  });

  it('go on after a restart as if there had been none', () => {
    fc.assert(
      fc.property(planned, (plan) => {
        const steady = new RingGraph(links);
        let stopped = new RingGraph(links);
        for (const step of stepsOf(plan)) {
          if (step.kind === 'restart') stopped = restarted(stopped);
          else if (step.kind === 'entry') expect(stopped.apply(step.entry)).toEqual(steady.apply(step.entry));
          else expect(finish(stopped.expire(step.now))).toEqual(finish(steady.expire(step.now)));
        }
        expect(stopped.counts).toEqual(steady.counts);
      }),
      { numRuns: runs },
    );
  });

  it('keep their ids over rebuilds while their members stay', () => {
    fc.assert(
      fc.property(planned, (plan) => {
        const graph = new RingGraph(links);
        const ringsOf = (): Map<string, string> =>
          new Map(
            accountNames.flatMap((id) => {
              const { own } = graph.find(id, [], start);
              return own === undefined
                ? []
                : [
                    [
                      own,
                      graph
                        .membersOf(own)
                        .map((member) => member.accountId)
                        .join(),
                    ],
                  ];
            }),
          );
        for (const step of stepsOf(plan)) {
          if (step.kind === 'entry') graph.apply(step.entry);
          if (step.kind !== 'expire') continue;
          const before = ringsOf();
          finish(graph.expire(step.now));
          const after = ringsOf();
          const sameMembers = [...before].filter(([, members]) => [...after.values()].includes(members));
          for (const [id, members] of sameMembers) expect(after.get(id)).toBe(members);
        }
      }),
      { numRuns: runs },
    );
  });
});
