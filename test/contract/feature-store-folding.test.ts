import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryFeatureStore } from '../../src/adapters/memory/feature-store.js';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { logKey, tagOf } from '../../src/adapters/redis/entry-name.js';
import { RedisFeatureStore } from '../../src/adapters/redis/feature-store.js';
import type { FeatureRequest, FeatureStore } from '../../src/features/feature-store.js';
import type { LoggedKind } from '../../src/features/logged-kind.js';
import type { FeatureSpec } from '../../src/model/feature.js';
import { FeatureOracle } from '../support/feature-oracle.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';

const minute = 60_000;
const start = 1_777_000_000_000;
/** Short logs, so that short sequences fold many times. */
const limits = { logLength: 5, slack: 2 };
const bucketMs = (windowMs: number): number => windowMs / 16;

const spec = (name: string, kind: LoggedKind, windowMs?: number): FeatureSpec => ({
  name,
  id: `sha256:${name}`,
  kind,
  of: { count: 'event', distinct: 'account.id', labelled: 'fraud', age: 'seconds' }[kind],
  by: ['payment.fingerprint'],
  ...(windowMs === undefined ? {} : { windowMs }),
  on: ['signup'],
  // Ten accounts: none is dropped, for an account whose label is on its way here would be dropped by one store alone.
  exactTo: { count: 5, distinct: 4, labelled: 10, age: 1 }[kind],
});
const specs: readonly FeatureSpec[] = [
  spec('cnt8m', 'count', 8 * minute),
  spec('cnt64m', 'count', 64 * minute),
  spec('dst16m', 'distinct', 16 * minute),
  spec('dst64m', 'distinct', 64 * minute),
  spec('lab32m', 'labelled', 32 * minute),
  spec('age', 'age'),
];

interface Told {
  readonly tag: string;
  readonly event: number;
  readonly account: number;
  readonly at: number;
  /** Which features count it (bit by bit), and which are asked at all. */
  readonly counting?: number;
  readonly asked?: number;
  readonly key?: number;
}

const isSet = (bits: number, index: number): boolean => ((bits >> index) & 1) === 1;

function request({ tag, event, account, at, counting = 63, asked = 63, key = 0 }: Told): FeatureRequest {
  const lookups = specs.flatMap((one, index) => {
    if (!isSet(asked, index)) return [];
    const member = one.kind === 'distinct' ? `k.${tag}${account}` : undefined;
    return [{ spec: one, key: `k.${tag}${key}`, counts: isSet(counting, index), member }];
  });
  return { eventId: `${tag}e${event}`, accountId: `${tag}a${account}`, at, lookups };
}

const orderedStep = fc.record({
  kind: fc.constantFrom('event' as const, 'event' as const, 'event' as const, 'repeat' as const, 'label' as const),
  account: fc.integer({ min: 0, max: 9 }),
  seconds: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 1500 })),
});

const anyStep = fc.record({
  kind: fc.constantFrom('observe' as const, 'observe' as const, 'observe' as const, 'peek' as const, 'label' as const),
  event: fc.integer({ min: 0, max: 60 }),
  account: fc.integer({ min: 0, max: 9 }),
  key: fc.integer({ min: 0, max: 1 }),
  seconds: fc.integer({ min: 0, max: 5000 }),
  counting: fc.oneof(fc.constant(63), fc.integer({ min: 0, max: 63 })),
  asked: fc.oneof({ weight: 4, arbitrary: fc.constant(63) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 63 }) }),
  label: fc.constantFrom('fraud' as const, 'honest' as const),
});

/** Some definitions, each under one to three names, in any order. */
const ruleSet = fc
  .array(
    fc.record({
      kind: fc.constantFrom<LoggedKind>('count', 'distinct', 'age'),
      minutes: fc.constantFrom(8, 64),
      on: fc.constantFrom<FeatureSpec['on']>(['signup'], ['api_key_created'], ['signup', 'api_key_created']),
      exactTo: fc.constantFrom(2, 5, 12),
      names: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((definitions) =>
    definitions.flatMap(({ kind, minutes, on, exactTo, names }) => {
      // Stores know a definition by its first eight characters.
      const id = `${kind[0]}${minutes}${on[0]?.[0]}${on.length}x${exactTo}`;
      const defined = { ...spec(id, kind, kind === 'age' ? undefined : minutes * minute), on, exactTo };
      return Array.from({ length: names }, (_, n) => ({ ...defined, name: `${id} ${n}` }));
    }),
  )
  .chain((named) => fc.shuffledSubarray(named, { minLength: 1 }));

const toldStep = fc.record({
  type: fc.constantFrom('signup' as const, 'api_key_created' as const),
  seconds: fc.integer({ min: 0, max: 90 }),
  account: fc.integer({ min: 0, max: 9 }),
  /** Told again, that many events later, in one of eight. */
  late: fc.oneof({ weight: 7, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
});

let run = 0;

/** Events of the window's oldest bucket: what the error bound allows. */
const edgeOf = (times: readonly number[], at: number, windowMs: number): number => {
  const width = bucketMs(windowMs);
  const edge = Math.floor((at - windowMs) / width);
  return times.filter((time) => Math.floor(time / width) === edge).length;
};

/** Busy keys keep what docs/features.md promises: checked against every event ever told, in the order of time. */
function keepsItsPromises(store: () => FeatureStore): void {
  it('stays within the bounds of the slow oracle while it folds', async () => {
    const property = async (steps: readonly (typeof orderedStep extends fc.Arbitrary<infer T> ? T : never)[]) => {
      const oracle = new FeatureOracle();
      const tag = `o${run++}x`;
      const times: number[] = [];
      let at = start;
      for (const [index, { kind, account, seconds }] of steps.entries()) {
        at += seconds * 1000;
        if (kind === 'label') {
          oracle.label(`${tag}a${account}`, 'fraud', at);
          await store().label(`${tag}a${account}`, 'fraud', at);
          continue;
        }
        const isRepeat = kind === 'repeat' && index > 0;
        const event = isRepeat ? (index * 7) % index : index;
        const told = request({ tag, event, account, at });
        const isNew = !oracle.knows(told.eventId);
        if (isNew) times.push(at);
        const truth = oracle.observe(told).map(Number);
        const peeked = await store().peek(told);
        const seen = (await store().observe(told)).map(Number);
        expect(peeked).toEqual(seen);
        for (const [place, one] of specs.entries()) {
          const [value, real] = [seen[place] ?? Number.NaN, truth[place] ?? Number.NaN];
          if (one.kind === 'count')
            expect(Math.abs(value - real)).toBeLessThanOrEqual(edgeOf(times, at, one.windowMs ?? 0));
          else expect(value).toBe(real);
        }
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(orderedStep, { minLength: 20, maxLength: 60 }), property), {
      numRuns: 25,
    });
  }, 60_000);
}

describe('busy keys in memory', () => {
  const store = new MemoryFeatureStore(limits);
  keepsItsPromises(() => store);
});

describe('busy keys in Redis', () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let store: RedisFeatureStore;
  beforeAll(async () => {
    server = await startRedis();
    redis = await openRedis({ url: server.url }, 'relay');
    await redis.ready(5000);
    store = new RedisFeatureStore(redis, limits);
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });
  keepsItsPromises(() => store);

  it('answers as memory does to repeats, late events, labels, peeks and features that come and go', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 80 }), async (steps) => {
        const memory = new MemoryFeatureStore(limits);
        const tag = `d${run++}x`;
        for (const { kind, label, seconds, ...rest } of steps) {
          const at = start + seconds * 1000;
          if (kind === 'label') {
            for (const one of [memory, store]) await one.label(`${tag}a${rest.account}`, label, at);
            continue;
          }
          const told = request({ tag, at, ...rest });
          expect(await store[kind](told)).toEqual(await memory[kind](told));
        }
      }),
      { numRuns: 50, endOnFailure: true },
    );
  }, 60_000);

  it('answers as memory does to rule sets that define the same under several names', async () => {
    await fc.assert(
      fc.asyncProperty(ruleSet, fc.array(toldStep, { minLength: 30, maxLength: 120 }), async (ruled, steps) => {
        const memory = new MemoryFeatureStore(limits);
        const tag = `t${run++}x`;
        let at = start;
        for (const [index, { type, seconds, account, late }] of steps.entries()) {
          at += seconds * 1000;
          const lookups = ruled.map((one) => ({
            spec: one,
            key: `k.${tag}`,
            counts: one.on.includes(type),
            member: one.kind === 'distinct' ? `k.${tag}${account}` : undefined,
          }));
          const told = { eventId: `${tag}e${index - late}`, accountId: `${tag}a${account}`, at, lookups };
          const [expected, found] = [await memory.observe(told), await store.observe(told)];
          expect(found).toEqual(expected);
          for (const [place, one] of ruled.entries())
            expect(found[place]).toEqual(found[ruled.findIndex(({ id }) => id === one.id)]);
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
  }, 60_000);

  it('asks key by key where one call cannot take them all', async () => {
    const divided = new RedisFeatureStore(
      {
        isCluster: true,
        isAvailable: true,
        connections: 1,
        call: (...parameters) => redis.call(...parameters),
        run: (script, keys, parameters) =>
          keys.length > 1 && script.isPerKey
            ? Promise.reject(new Error('CROSSSLOT'))
            : redis.run(script, keys, parameters),
        runEverywhere: (script) => redis.runEverywhere(script),
        callEverywhere: (command, ...parameters) => redis.callEverywhere(command, ...parameters),
        scan: (pattern, visit) => redis.scan(pattern, visit),
        ready: (timeoutMs) => redis.ready(timeoutMs),
        close: () => redis.close(),
      },
      limits,
    );
    const [one, other] = [0, 1].map((key) => request({ tag: `c${run}x`, event: 1, account: 1, at: start, key }));
    if (one === undefined || other === undefined) throw new Error('two keys');
    const both = { ...one, lookups: [...one.lookups, ...other.lookups] };
    expect(await divided.observe(both)).toEqual([1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0]);
    expect(await store.peek(both)).toEqual(await divided.peek(both));
  });

  it('leaves unavailable what another kind of key stands in the way of, and answers the rest', async () => {
    const tag = `w${run}x`;
    const name = logKey(tagOf(`k.${tag}0`));
    const place = name.indexOf('}') + 1;
    await redis.call('HSET', name.slice(0, place).replace('f2:', 's2:'), name.slice(place), '>f');
    await redis.call('HSET', name, 'not', 'ours');
    const [blocked, free] = [0, 1].map((key) => request({ tag, event: 1, account: 1, at: start, key }));
    const lookups = [...(blocked?.lookups ?? []), ...(free?.lookups ?? [])];
    const readings = await store.observe({ eventId: 'e', accountId: 'a', at: start, lookups });
    expect(readings.slice(0, 6).every((one) => one !== undefined && typeof one === 'object')).toBe(true);
    expect(readings.slice(6)).toEqual([1, 1, 1, 1, 0, 0]);
  });
});
