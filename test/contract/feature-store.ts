import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FeatureRequest, FeatureStore } from '../../src/features/feature-store.js';
import type { FeatureSpec } from '../../src/model/feature.js';
import { FeatureOracle } from '../support/feature-oracle.js';

const minute = 60_000;
const start = 1_777_000_000_000;

const spec = (more: Partial<FeatureSpec> & Pick<FeatureSpec, 'name' | 'kind' | 'of'>): FeatureSpec => ({
  id: `sha256:${more.name}`,
  by: ['payment.fingerprint'],
  windowMs: 10 * minute,
  on: ['signup'],
  exactTo: more.kind === 'count' ? 128 : 64,
  ...more,
});

const count10 = spec({ name: 'cnt10m', kind: 'count', of: 'event' });
const count60 = spec({ name: 'cnt1h', kind: 'count', of: 'event', windowMs: 60 * minute });
const distinct = spec({ name: 'dist', kind: 'distinct', of: 'account.id' });
const fraud = spec({ name: 'fraud', kind: 'labelled', of: 'fraud', windowMs: 60 * minute });
const { windowMs: _none, ...ageless } = spec({ name: 'age', kind: 'age', of: 'seconds' });
const specs: readonly FeatureSpec[] = [count10, count60, distinct, fraud, ageless];
/** What others are, under another name. */
const twins: readonly FeatureSpec[] = [count10, distinct, fraud, ageless].map((one) => ({
  ...one,
  name: `${one.name}_too`,
}));

let run = 0;

interface Told {
  readonly event: string;
  readonly account: string;
  readonly key: string;
  readonly at: number;
  readonly counts?: boolean;
}

const request = ({ event, account, key, at, counts = true }: Told): FeatureRequest => ({
  eventId: event,
  accountId: account,
  at,
  lookups: specs.map((one) => ({ spec: one, key, counts, member: one.kind === 'distinct' ? account : undefined })),
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      event: fc.integer({ min: 0, max: 60 }),
      account: fc.integer({ min: 0, max: 6 }),
      key: fc.integer({ min: 0, max: 2 }),
      minutes: fc.integer({ min: 0, max: 90 }),
      counts: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('label' as const),
      account: fc.integer({ min: 0, max: 6 }),
      label: fc.constantFrom('fraud' as const, 'honest' as const),
      at: fc.integer({ min: 0, max: 9 }),
    }),
  },
);

/** What every store of velocity features keeps to. */
export function featureStoreContract(store: () => FeatureStore): void {
  const key = () => `k.contract${run++}`;

  it('keeps an age when an event that the log knows comes again, told for other features', async () => {
    const k = key();
    const told = { event: 'e1', account: 'a1', key: k, at: start };
    await store().observe(request(told));
    const { lookups, ...early } = request({ ...told, at: start - minute });
    const onlyAge = lookups.filter((lookup) => lookup.spec.kind === 'age');
    await store().observe({ ...early, lookups: onlyAge });
    expect(await store().peek({ ...early, at: start + minute, lookups: onlyAge })).toEqual([60]);
  });

  it('counts the current event, a repeat once, and peeks without counting', async () => {
    const k = key();
    const told = { event: 'e1', account: 'a1', key: k, at: start };
    expect(await store().peek(request(told))).toEqual([1, 1, 1, 0, 0]);
    expect(await store().observe(request(told))).toEqual([1, 1, 1, 0, 0]);
    expect(await store().observe(request(told))).toEqual([1, 1, 1, 0, 0]);
    expect(await store().observe(request({ ...told, event: 'e2', account: 'a2', at: start + 10 * minute }))).toEqual([
      1, 2, 1, 0, 600,
    ]);
  });

  it('tells absent from zero for a key that was never seen', async () => {
    const told = { event: 'e1', account: 'a1', key: key(), at: start, counts: false };
    expect(await store().observe(request(told))).toEqual([0, 0, 0, 0, undefined]);
  });

  it('brings a label to keys touched before and after it', async () => {
    const [before, after, account] = [key(), key(), key()];
    await store().observe(request({ event: 'e1', account, key: before, at: start }));
    await store().label(account, 'fraud', start + 1);
    await store().observe(request({ event: 'e2', account, key: after, at: start + 2 }));
    for (const k of [before, after])
      expect((await store().peek(request({ event: 'e3', account: 'other', key: k, at: start + 3 })))[3]).toBe(1);
    await store().label(account, 'honest', start + 9);
    await store().label(account, 'fraud', start + 8);
    expect((await store().peek(request({ event: 'e3', account: 'other', key: before, at: start + 9 })))[3]).toBe(0);
  });

  it('counts labelled accounts on a key where thousands were labelled, also one that comes back long after', async () => {
    const k = key();
    const seen = async (n: number, at: number) => {
      const told = { event: `${k}e${n} ${at}`, account: `${k}a${n}`, key: k, at };
      return (await store().observe(request(told)))[3];
    };
    for (let n = 1; n <= 400; n++) {
      expect(await seen(n, start + n * 1000)).toBe(Math.min(n - 1, 64));
      await store().label(`${k}a${n}`, 'fraud', start + n * 1000 + 1);
    }
    const later = start + 24 * 60 * minute;
    expect(await seen(1001, later)).toBe(0);
    expect(await seen(1, later + 1)).toBe(1);
    await store().label(`${k}a2`, 'fraud', later + 2);
    expect(await seen(1002, later + 3)).toBe(1);
    expect(await seen(2, later + 4)).toBe(2);
    await store().label(`${k}a1`, 'honest', later + 5);
    expect(await seen(1003, later + 6)).toBe(1);
  });

  it('is exact up to the caps and then a lower bound that more traffic never lowers', async () => {
    const k = key();
    let before: readonly unknown[] = [0, 0, 0];
    for (let n = 1; n <= 400; n++) {
      const account = n <= 40 ? `a${n}` : `b${n % 50}`;
      const readings = await store().observe(request({ event: `e${n}`, account, key: k, at: start + n * 1000 }));
      const exact = n <= 128 ? n : undefined;
      if (exact !== undefined) expect(readings[0]).toBe(exact);
      expect(Number(readings[0])).toBeGreaterThanOrEqual(Math.min(n, 128));
      expect(Number(readings[2])).toBe(n <= 40 ? n : Math.min(64, 40 + Math.min(n - 40, 50)));
      expect(Number(readings[0])).toBeGreaterThanOrEqual(Number(before[0]));
      before = readings;
    }
    expect(Number(before[0])).toBeGreaterThan(380);
    const repeated = await store().observe(request({ event: 'e5', account: 'a5', key: k, at: start + 400_000 }));
    expect(repeated[0]).toBe(before[0]);
  });

  it('counts once what several names define alike, however busy the key and whatever else counts there', async () => {
    const rare = spec({ name: 'rare', kind: 'count', of: 'event', on: ['api_key_created'] });
    const [k, alone] = [key(), key()];
    const both = [...specs, rare, ...twins];
    for (let n = 1; n <= 400; n++) {
      const account = `a${n % 90}`;
      const { lookups: _none, ...told } = request({ event: `e${n}`, account, key: k, at: start + n * 1000 });
      const lookupsOf = (some: readonly FeatureSpec[], of: string) =>
        some.map((one) => ({ spec: one, key: of, counts: one !== rare || n % 5 === 0, member: account }));
      const once = await store().observe({ ...told, lookups: lookupsOf([...specs, rare], alone) });
      const twice = await store().observe({ ...told, lookups: lookupsOf(both, k) });
      expect(twice).toEqual([...once, once[0], once[2], once[3], once[4]]);
    }
  });

  it('counts events exactly as far as the author says, where that is far', async () => {
    const far = spec({ name: 'far', kind: 'count', of: 'event', exactTo: 300, windowMs: 60 * minute });
    const k = key();
    for (let n = 1; n <= 500; n++) {
      const lookups = [far, count60].map((one) => ({ spec: one, key: k, counts: true }));
      const told = { eventId: `${k}e${n}`, accountId: 'a', at: start + n * n * 100, lookups };
      const [value] = await store().observe(told);
      const from = told.at - 60 * minute;
      let real = 0;
      for (let other = 1; other <= n; other++) if (start + other * other * 100 > from) real++;
      if (real <= 300) expect(value).toBe(real);
      expect(Number(value)).toBeGreaterThanOrEqual(Math.min(real, 300));
    }
  });

  it('agrees with the slow oracle on repeats, late and unordered events and labels', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const oracle = new FeatureOracle();
        const tag = `p${run++}`;
        for (const one of steps) {
          const account = `${tag}a${one.account}`;
          if (one.kind === 'label') {
            oracle.label(account, one.label, start + one.at);
            await store().label(account, one.label, start + one.at);
            continue;
          }
          const told = request({
            event: `${tag}e${one.event}`,
            account,
            key: `k.${tag}${one.key}`,
            at: start + one.minutes * minute,
            counts: one.counts,
          });
          expect(await store().observe(told)).toEqual(oracle.observe(told));
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);
}
