import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccountSketch } from '../../src/evaluate/account-sketch.js';
import { hourMs, noCounts, type RuleCounts } from '../../src/evaluate/rule-counts.js';
import type { CountBatch, RuleLedger } from '../../src/evaluate/rule-ledger.js';

const now = Date.parse('2026-05-01T12:30:00.000Z');
const hour = Date.parse('2026-05-01T12:00:00.000Z');

let unique = 0;

/** One suite for every ledger of what rules do; each test has rules and writers of its own. */
export function ruleLedgerContract(open: () => RuleLedger): void {
  let here: RuleLedger;
  let elsewhere: RuleLedger;
  let rule: string;
  let writer: string;
  beforeEach(() => {
    here = open();
    elsewhere = open();
    unique++;
    rule = `rule-${unique}`;
    writer = `writer-${unique}`;
  });

  const counts = (given: Partial<RuleCounts>): RuleCounts => ({ ...noCounts(), ...given });
  const batch = (given: Partial<CountBatch>): CountBatch => ({
    writer,
    batch: 1,
    rules: [],
    exceptions: [],
    accounts: [],
    ...given,
  });
  const counting = (number: number, given: Partial<RuleCounts>, at = hour): CountBatch =>
    batch({ batch: number, rules: [{ rule, definition: 'v1', hour: at, counts: counts(given) }] });
  const totalOf = async (since: number | null, definition = 'v1') =>
    (await here.totals(since)).find((total) => total.rule === rule && total.definition === definition)?.counts;

  describe('counts', () => {
    it('adds up what several instances count', async () => {
      await here.add(counting(1, { evaluated: 5, live: 2, held: 2, lastFiredAt: now }));
      await elsewhere.add({ ...counting(1, { evaluated: 4, live: 1, lastFiredAt: now - 5 }), writer: `${writer}-b` });
      expect(await totalOf(now)).toEqual(counts({ evaluated: 9, live: 3, held: 2, lastFiredAt: now }));
    });

    it('counts a batch that is sent again once', async () => {
      for (const number of [1, 1, 2, 2, 1]) await here.add(counting(number, { evaluated: 3 }));
      expect(await totalOf(null)).toMatchObject({ evaluated: 6 });
    });

    it('sums the hours from a time on, and all of them beside', async () => {
      await here.add(counting(1, { evaluated: 7 }, hour - 3 * hourMs));
      await here.add(counting(2, { evaluated: 1, wouldChange: 1 }));
      expect(await totalOf(now - hourMs)).toMatchObject({ evaluated: 1, wouldChange: 1, lastFiredAt: null });
      expect(await totalOf(now - 3 * hourMs)).toMatchObject({ evaluated: 8 });
      expect(await totalOf(null)).toMatchObject({ evaluated: 8, wouldChange: 1 });
    });

    it('keeps versions of a rule apart', async () => {
      await here.add(counting(1, { evaluated: 7 }));
      const rules = [{ rule, definition: 'v2', hour, counts: counts({ evaluated: 2 }) }];
      await here.add(batch({ batch: 2, rules }));
      expect(await totalOf(null)).toMatchObject({ evaluated: 7 });
      expect(await totalOf(null, 'v2')).toMatchObject({ evaluated: 2 });
    });

    it('takes one rule twice in a batch, and more than numbers of four bytes hold', async () => {
      const big = counts({ nanoseconds: 4e12 });
      const rules = [
        { rule, definition: 'v1', hour, counts: big },
        { rule, definition: 'v1', hour, counts: big },
      ];
      await here.add(batch({ rules }));
      expect(await totalOf(null)).toMatchObject({ nanoseconds: 8e12 });
    });

    it('adds up how often exceptions apply', async () => {
      const used = { rule, definition: 'v1', exception: 1, uses: 2, lastUsedAt: now };
      await here.add(batch({ exceptions: [used] }));
      await elsewhere.add(batch({ writer: `${writer}-b`, exceptions: [{ ...used, uses: 3, lastUsedAt: now - 1 }] }));
      const own = (await here.exceptionUses()).filter((one) => one.rule === rule);
      expect(own).toEqual([{ ...used, uses: 5 }]);
    });

    it('forgets old hours and keeps their sum', async () => {
      await here.add(counting(1, { evaluated: 7 }, hour - 3 * hourMs));
      await here.add(counting(2, { evaluated: 1 }));
      await here.forget(hour - hourMs);
      expect(await totalOf(hour - 9 * hourMs)).toMatchObject({ evaluated: 1 });
      expect(await totalOf(null)).toMatchObject({ evaluated: 8 });
    });
  });

  describe('accounts', () => {
    /** Far from the hours of other tests, which forget. */
    const later = hour + 1000 * hourMs;

    it('counts an account once, whatever the hour and the instance', async () => {
      const seen = (from: number, to: number) => {
        const sketch = AccountSketch.empty();
        for (let n = from; n < to; n++) sketch.add(`acct_${n}`);
        return sketch;
      };
      const at = later + unique * 100 * hourMs;
      await here.add(batch({ accounts: [{ hour: at, sketch: seen(0, 300) }] }));
      await here.add(batch({ batch: 2, accounts: [{ hour: at, sketch: seen(0, 400) }] }));
      await elsewhere.add(batch({ writer: `${writer}-b`, accounts: [{ hour: at + hourMs, sketch: seen(200, 500) }] }));
      expect(Math.abs((await here.evaluatedAccounts(at + 1)) - 500)).toBeLessThan(15);
      expect(Math.abs((await here.evaluatedAccounts(at + hourMs)) - 300)).toBeLessThan(10);
    });
  });

  describe('states', () => {
    const stateOf = async () => (await here.states()).find((state) => state.rule === rule);

    it('knows since when a rule says what it says and has its mode', async () => {
      const shadow = { rule, definition: 'v1', mode: 'shadow' };
      await here.announce([shadow], now);
      await elsewhere.announce([shadow], now + 1000);
      expect(await stateOf()).toEqual({ ...shadow, definedAt: now, modeSince: now });
      await here.announce([{ ...shadow, mode: 'live' }], now + 2000);
      expect(await stateOf()).toMatchObject({ mode: 'live', definedAt: now, modeSince: now + 2000 });
      await here.announce([{ ...shadow, definition: 'v2', mode: 'live' }], now + 3000);
      expect(await stateOf()).toMatchObject({ definition: 'v2', definedAt: now + 3000, modeSince: now + 3000 });
    });
  });

  describe('fuses', () => {
    const fuse = () => ({ rule, definition: 'v1', at: now, hits: 60, events: 100, instance: 'one' });
    const blown = async (ledger = elsewhere) => (await ledger.blownFuses()).filter((one) => one.rule === rule);

    it('tells every instance of a blown fuse, and records it once', async () => {
      expect(await here.blow(fuse())).toBe(true);
      expect(await elsewhere.blow({ ...fuse(), at: now + 50, instance: 'two' })).toBe(false);
      expect(await blown()).toEqual([fuse()]);
    });

    it('is whole after a reset, and may blow again', async () => {
      await here.blow(fuse());
      expect(await here.resetFuse(rule, 'key_author', now + 10)).toBe(true);
      expect(await here.resetFuse(rule, 'key_author', now + 20)).toBe(false);
      expect(await blown()).toEqual([]);
      // What blew before the reset and is told late does not undo it.
      expect(await elsewhere.blow({ ...fuse(), at: now + 5 })).toBe(false);
      expect(await elsewhere.blow({ ...fuse(), at: now + 30 })).toBe(true);
      expect(await blown(here)).toHaveLength(1);
    });

    it('keeps the fuse of another version of the rule apart', async () => {
      await here.blow(fuse());
      expect(await here.blow({ ...fuse(), definition: 'v2' })).toBe(true);
      expect(await blown()).toHaveLength(2);
    });
  });
}
