import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { baselineWarmth } from '../../src/features/baseline-warmth.js';
import { BurstFigures, burstReadings } from '../../src/features/burst.js';
import type { FeatureRequest, FeatureStore } from '../../src/features/feature-store.js';
import type { FeatureSpec } from '../../src/model/feature.js';
import { BaselineOracle } from '../support/baseline-oracle.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = 1_777_000_000_000;

const spec = (name: string, more: Partial<FeatureSpec>): FeatureSpec => ({
  name,
  id: `sha256:${name}`,
  kind: 'burst',
  of: 'signup',
  by: ['device.template', 'email.shape'],
  on: ['signup'],
  exactTo: 128,
  min: 4,
  ...more,
});
const burst = spec('hour', { windowMs: hour, baselineMs: 2 * day });
/** Shares its totals' times with the one before, and is absent from some events. */
const otherBurst = spec('other', { windowMs: hour, baselineMs: 2 * day, by: ['payment.bin'] });
const shortBurst = spec('minutes', { windowMs: 10 * minute, baselineMs: hour });
const trusted = spec('trusted', { kind: 'trusted', of: 'account.id', olderThanMs: hour, exactTo: 64 });

let run = 0;

interface Told {
  readonly event: string;
  readonly account: string;
  readonly key: string;
  readonly at: number;
  readonly since?: number;
  readonly counts?: boolean;
  /** Of the scene's features; all by default. */
  readonly asked?: readonly FeatureSpec[];
}

/** Features of its own for each test, and windows a little longer each time: what is late is told by all of one window. */
function scene(specs: readonly FeatureSpec[]) {
  const tag = `s${run++}x`;
  const own = specs.map(({ windowMs, ...one }) => {
    const longer = windowMs === undefined ? {} : { windowMs: windowMs + 16 * run };
    return { ...one, id: `${one.id}:${tag}`, ...longer };
  });
  const request = ({ event, account, key, at, since, counts = true, asked = specs }: Told): FeatureRequest => ({
    eventId: `${tag}${event}`,
    accountId: `${tag}${account}`,
    at,
    accountSince: since,
    lookups: own
      .filter((_one, index) => asked.includes(specs[index] ?? burst))
      .map((one) => ({ spec: one, key: `k.${tag}${key}`, counts })),
  });
  return { account: (name: string) => `${tag}${name}`, request };
}

const step = fc.record({
  kind: fc.constantFrom(
    'observe' as const,
    'observe' as const,
    'observe' as const,
    'peek' as const,
    'standing' as const,
  ),
  event: fc.integer({ min: 0, max: 80 }),
  account: fc.integer({ min: 0, max: 7 }),
  minutes: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 400 })),
  counts: fc.boolean(),
  standing: fc.constantFrom('good' as const, 'out' as const),
  order: fc.integer({ min: 0, max: 9 }),
});

/** What every store of bursts and trusted accounts keeps to. */
export function standingContract(store: () => FeatureStore): void {
  const figuresOf = async (request: FeatureRequest): Promise<BurstFigures> => {
    const [figures] = await store().peek(request);
    if (!(figures instanceof BurstFigures)) throw new Error('no figures');
    return figures;
  };

  it('compares a key with its own past and with the traffic of the moment', async () => {
    const { request } = scene([burst]);
    const told = (n: number, key: string, at: number) => request({ event: `e${n}`, account: `a${n}`, key, at });
    const gap = 4 * minute;
    for (let n = 0; n < 600; n++) await store().observe(told(n, n % 100 === 0 ? 'rare' : 'usual', start + n * gap));
    const now = start + 600 * gap;
    for (let n = 0; n < 9; n++) await store().observe(told(700 + n, 'rare', now + n * 1000));
    const [figures] = await store().observe(told(800, 'rare', now + 10_000));
    if (!(figures instanceof BurstFigures)) throw new Error('no figures');
    expect(figures.count).toBe(10);
    expect(figures.baseline).toBe(6);
    expect(figures.baselineTotal).toBeGreaterThan(550);
    expect(figures.total).toBeGreaterThanOrEqual(24);
    expect(burstReadings(figures, burst)[3]).toBeGreaterThan(7);
  });

  it('tells how far a burst has come to know what is usual', async () => {
    const { request } = scene([burst]);
    for (let n = 0; n < 3; n++)
      await store().observe(request({ event: `e${n}`, account: `a${n}`, key: `${n}`, at: start + n }));
    const specs = request({ event: 'z', account: 'z', key: 'z', at: start }).lookups.map((lookup) => lookup.spec);
    const warmth = await baselineWarmth(store(), specs, start + 5 * hour);
    expect(warmth).toEqual([{ feature: 'hour', state: 'cold', events: 3, needed: 500 }]);
  });

  it('takes the events of an account that goes out from key and totals, and brings them back with it', async () => {
    const { request, account } = scene([burst]);
    const later = request({ event: 'later', account: 'z', key: 'one', at: start + 5 * hour, counts: false });
    for (const [n, key] of ['one', 'one', 'other'].entries())
      await store().observe(request({ event: `e${n}`, account: `a${n % 2}`, key, at: start + n }));
    expect(await figuresOf(later)).toEqual(new BurstFigures(0, 0, 2, 3));
    await store().standing(account('a0'), 'out', start + 10);
    await store().standing(account('a0'), 'out', start + 10);
    expect(await figuresOf(later)).toEqual(new BurstFigures(0, 0, 1, 1));
    await store().observe(request({ event: 'e9', account: 'a0', key: 'one', at: start + 20 }));
    expect(await figuresOf(later)).toEqual(new BurstFigures(0, 0, 1, 1));
    await store().standing(account('a0'), 'good', start + 30);
    expect(await figuresOf(later)).toEqual(new BurstFigures(0, 0, 3, 4));
    await store().standing(account('a0'), 'out', start + 25);
    expect(await figuresOf(later)).toEqual(new BurstFigures(0, 0, 3, 4));
  });

  it('tells how many of those who came lately on a key are out, until they come back', async () => {
    const { request, account } = scene([burst]);
    const seen = (n: number) =>
      store().observe(request({ event: `e${n}`, account: `a${n}`, key: 'one', at: start + n * 1000 }));
    const company = async (key: string, at: number, counts = true) => {
      const { recent, held } = await figuresOf(request({ event: 'later', account: 'z', key, at, counts }));
      return { recent, held };
    };
    for (let n = 0; n < 8; n++) await seen(n);
    expect(await company('one', start + 9000)).toEqual({ recent: 0, held: 0 });
    for (let n = 0; n < 6; n++) await store().standing(account(`a${n}`), 'out', start + 10_000);
    expect(await company('one', start + 11_000)).toEqual({ recent: 9, held: 6 });
    expect(await company('one', start + 11_000, false)).toEqual({ recent: 8, held: 6 });
    expect(await company('other', start + 11_000)).toEqual({ recent: 0, held: 0 });
    expect(await company('one', start + 5 * hour)).toEqual({ recent: 0, held: 0 });
    await store().standing(account('a0'), 'good', start + 12_000);
    expect(await company('one', start + 13_000)).toEqual({ recent: 9, held: 5 });
  });

  it('counts the event that is judged among all, and never among the others that are held', async () => {
    const { request, account } = scene([burst]);
    const seen = (n: number) => request({ event: `e${n}`, account: 'back', key: 'one', at: start + n * 1000 });
    await store().observe(seen(1));
    await store().standing(account('back'), 'out', start + 2000);
    expect(await figuresOf(seen(3))).toMatchObject({ recent: 2, held: 1 });
    expect(await store().observe(seen(3))).toMatchObject([{ recent: 2, held: 1 }]);
    expect(await store().observe(seen(4))).toMatchObject([{ recent: 3, held: 2 }]);
    const elsewhere = request({ event: 'e5', account: 'back', key: 'other', at: start + 5000 });
    expect(await store().observe(elsewhere)).toMatchObject([{ recent: 0, held: 0 }]);
  });

  it('tells it of keys that are too busy for a log', async () => {
    const { request, account } = scene([burst]);
    for (let n = 0; n < 300; n++)
      await store().observe(request({ event: `e${n}`, account: `a${n % 30}`, key: 'busy', at: start + n * 1000 }));
    for (let n = 0; n < 20; n++) await store().standing(account(`a${n}`), 'out', start + 400_000);
    const later = request({ event: 'later', account: 'z', key: 'busy', at: start + 500_000 });
    const { recent, held } = await figuresOf(later);
    expect(recent).toBeCloseTo(301, 0);
    expect(held / recent).toBeCloseTo(2 / 3, 1);
  });

  it('takes nothing out twice of an account that goes on for long while it is out, whoever else goes out', async () => {
    const { request, account } = scene([burst]);
    const [later, first] = [start + 30 * day, start];
    const seen = (event: string, name: string, at: number) =>
      store().observe(request({ event, account: name, key: 'k', at }));
    await seen('e0', 'held', first);
    await store().standing(account('held'), 'out', first + 1);
    for (const [n, name] of ['other', 'third', 'fourth', 'fifth'].entries()) await seen(`x${n}`, name, later);
    await seen('e1', 'held', later);
    await seen('e2', 'held', later + 1000);
    await store().standing(account('other'), 'out', later + 2000);
    await store().standing(account('other'), 'good', later + 3000);
    const probe = request({ event: 'probe', account: 'z', key: 'k', at: later + 5 * hour, counts: false });
    await store().standing(account('held'), 'out', later + 4000);
    expect(await figuresOf(probe)).toEqual(new BurstFigures(0, 0, 4, 4));
    await store().standing(account('held'), 'good', later + 5000);
    expect(await figuresOf(probe)).toEqual(new BurstFigures(0, 0, 6, 6));
  });

  it('takes an event that was told again under another key, or for another burst, out of all of them', async () => {
    const { request, account } = scene([burst, shortBurst]);
    const told = (key: string, asked: readonly FeatureSpec[]) =>
      store().observe(request({ event: 'e', account: 'a', key, at: start, asked }));
    await told('first', [burst]);
    await told('second', [burst]);
    await told('second', [burst, shortBurst]);
    const baseline = async (key: string, asked: FeatureSpec, at: number): Promise<number> =>
      (await figuresOf(request({ event: 'later', account: 'z', key, at, counts: false, asked: [asked] }))).baseline;
    const baselines = async () => [
      await baseline('first', burst, start + 5 * hour),
      await baseline('second', burst, start + 5 * hour),
      await baseline('second', shortBurst, start + 30 * minute),
    ];
    expect(await baselines()).toEqual([1, 1, 1]);
    await store().standing(account('a'), 'out', start + 1);
    expect(await baselines()).toEqual([0, 0, 0]);
    await store().standing(account('a'), 'good', start + 2);
    expect(await baselines()).toEqual([1, 1, 1]);
  });

  it('takes a label of fraud as going out', async () => {
    const { request, account } = scene([burst, trusted]);
    await store().observe(request({ event: 'e', account: 'a', key: 'k', at: start }));
    const later = request({ event: 'later', account: 'z', key: 'k', at: start + 5 * hour, counts: false });
    expect(await store().peek(later)).toEqual([new BurstFigures(0, 0, 1, 1), 1]);
    await store().label(account('a'), 'fraud', start + 1);
    expect(await store().peek(later)).toEqual([new BurstFigures(0, 0, 0, 0), 0]);
  });

  it('leaves in whom a label of fraud is about that comes late and is older than another', async () => {
    const { request, account } = scene([burst, trusted]);
    await store().observe(request({ event: 'e', account: 'a', key: 'k', at: start }));
    await store().label(account('a'), 'honest', start + 2);
    await store().label(account('a'), 'fraud', start + 1);
    const later = request({ event: 'later', account: 'z', key: 'k', at: start + 5 * hour, counts: false });
    expect(await store().peek(later)).toEqual([new BurstFigures(0, 0, 1, 1), 1]);
  });

  it('trusts accounts that are older than it takes, not as old, and were never out', async () => {
    const { request, account } = scene([trusted]);
    const seen = (event: string, name: string, at: number, since: number) =>
      store().observe(request({ event, account: name, key: 'k', at, since }));
    expect(await seen('e1', 'old', start, start - 2 * hour)).toEqual([1]);
    expect(await seen('e2', 'new', start, start)).toEqual([1]);
    expect(await seen('e3', 'new', start + hour, start)).toEqual([1]);
    expect(await seen('older', 'new', start + hour + 1, start)).toEqual([2]);
    await store().standing(account('new'), 'out', start);
    await store().standing(account('new'), 'good', start + 1);
    expect(await seen('e4', 'new', start + hour + 1, start)).toEqual([1]);
    expect(await seen('e5', 'third', start + hour, start + hour)).toEqual([1]);
  });

  it('keeps the oldest accounts of a key that more trust than it tells apart', async () => {
    const { request } = scene([{ ...trusted, exactTo: 3 }]);
    for (const [n, hours] of [1, 9, 3, 7, 5].entries())
      await store().observe(
        request({ event: `e${n}`, account: `a${n}`, key: 'k', at: start, since: start - hours * hour }),
      );
    const later = (at: number) => store().peek(request({ event: 'z', account: 'z', key: 'k', at, counts: false }));
    expect(await later(start)).toEqual([3]);
    expect(await later(start - 4 * hour + 1)).toEqual([3]);
    expect(await later(start - 4 * hour)).toEqual([2]);
    expect(await later(start - 5 * hour)).toEqual([2]);
  });

  it('leaves the place of an account that goes out empty until another account of the key has an event', async () => {
    const { request, account } = scene([{ ...trusted, exactTo: 3 }]);
    const seen = (event: string, name: string, hours: number) =>
      store().observe(request({ event, account: name, key: 'k', at: start, since: start - hours * hour }));
    const later = () => store().peek(request({ event: 'z', account: 'z', key: 'k', at: start, counts: false }));
    for (const [n, hours] of [9, 7, 5, 3].entries()) await seen(`e${n}`, `a${n}`, hours);
    await store().standing(account('a0'), 'out', start);
    expect(await later()).toEqual([2]);
    expect(await seen('again', 'a3', 3)).toEqual([3]);
    expect(await later()).toEqual([3]);
  });

  it("gives nobody's place to an account that was out, and a younger one's to one that was not", async () => {
    const { request, account } = scene([{ ...trusted, exactTo: 3 }]);
    const seen = (name: string, hours: number) =>
      store().observe(request({ event: `e${name}`, account: name, key: 'k', at: start, since: start - hours * hour }));
    await store().standing(account('held'), 'out', start - hour);
    for (const [n, hours] of [4, 5, 6].entries()) await seen(`a${n}`, hours);
    await seen('held', 9);
    const asOldAs = (hours: number) => {
      const at = start - (hours - 1) * hour + 1;
      return store().peek(request({ event: 'z', account: 'z', key: 'k', at, counts: false }));
    };
    expect(await asOldAs(4)).toEqual([3]);
    await seen('old', 8);
    expect(await asOldAs(5)).toEqual([3]);
    expect(await asOldAs(8)).toEqual([1]);
  });

  it('agrees with the slow oracle on repeats, late and unordered events and standings', async () => {
    const property = async (steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]) => {
      const oracle = new BaselineOracle();
      const { request, account } = scene([burst, otherBurst, shortBurst, trusted]);
      for (const { kind, ...one } of steps) {
        if (kind === 'standing') {
          oracle.standing(account(`a${one.account}`), one.standing, start + one.order);
          await store().standing(account(`a${one.account}`), one.standing, start + one.order);
          continue;
        }
        // An event has one account, one key and one time.
        const told = request({
          event: `e${one.event}`,
          account: `a${one.event % 8}`,
          key: `${one.event % 3}`,
          at: start + ((one.event * 37 + one.minutes) % 400) * minute,
          since: start - (one.event % 8) * 20 * minute,
          counts: kind === 'observe' && one.counts,
          asked: one.event % 4 === 0 ? [burst, shortBurst, trusted] : [burst, otherBurst, shortBurst, trusted],
        });
        if (kind === 'observe') expect(await store().peek(told)).toEqual(await store().observe(told));
        expect(await store().peek(told)).toEqual(oracle.observe(told));
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), property), { numRuns: 100 });
  }, 60_000);
}

const crowdedStep = fc.record({
  kind: fc.constantFrom(
    'observe' as const,
    'observe' as const,
    'observe' as const,
    'observe' as const,
    'standing' as const,
  ),
  /** How many events ago this one should have come. */
  late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 25 })),
  account: fc.integer({ min: 0, max: 9 }),
  standing: fc.constantFrom('good' as const, 'out' as const),
  order: fc.integer({ min: 0, max: 9 }),
});

/** Two stores that are told the same answer the same, on keys that are too busy for the slow oracle. */
export async function answersAlike(one: () => FeatureStore, other: () => FeatureStore): Promise<void> {
  type Step = typeof crowdedStep extends fc.Arbitrary<infer T> ? T : never;
  const property = async (steps: readonly Step[], gap: number) => {
    const { request, account } = scene([burst, otherBurst, shortBurst, trusted]);
    const stores = [one(), other()] as const;
    for (const [index, { kind, late, ...told }] of steps.entries()) {
      if (kind === 'standing') {
        for (const store of stores)
          await store.standing(account(`a${told.account}`), told.standing, start + told.order);
        continue;
      }
      // Each event has one account, one key and one time; none comes later than a day.
      const event = Math.max(0, index - late);
      const at = start + (event * gap + (event % 7)) * minute;
      const name = { event: `e${event}`, account: `a${event % 10}`, key: `${event % 2}` };
      const asked = request({ ...name, at, since: start - (event % 10) * 20 * minute });
      const [expected, found] = [await stores[0].observe(asked), await stores[1].observe(asked)];
      expect(found).toEqual(expected);
      expect(await stores[1].peek(asked)).toEqual(await stores[0].peek(asked));
    }
  };
  // Minutes between events: some windows are fuller than a log, some baselines longer than what is kept.
  const gap = fc.constantFrom(1, 45);
  await fc.assert(fc.asyncProperty(fc.array(crowdedStep, { minLength: 80, maxLength: 160 }), gap, property), {
    numRuns: 12,
    endOnFailure: true,
  });
}
