import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../src/decisions/decide.js';
import { AccountSketch } from '../../src/evaluate/account-sketch.js';
import { RuleActivity } from '../../src/evaluate/rule-activity.js';
import { addCounts, firedOf, noCounts } from '../../src/evaluate/rule-counts.js';
import { type EventType, eventTypes } from '../../src/model/event-type.js';
import { isKnown, type Value } from '../../src/model/value.js';
import { loadRuleSet } from '../../src/ruleset/load-rule-set.js';
import { inRollout } from '../../src/ruleset/rollout.js';
import type { RuleSet } from '../../src/ruleset/rule-set.js';
import { rightRules, ruleFiles, today } from '../support/rule-files.js';

const account = fc.string({ minLength: 1, maxLength: 40 });
const rule = fc.stringMatching(/^[a-z][a-z-]{0,30}$/);
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('a roll-out', () => {
  it('keeps whoever is in when its share rises, and gives the same answer every time', () => {
    fc.assert(
      fc.property(rule, account, share, share, (id, who, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(inRollout(id, who, low)).toBe(inRollout(id, who, low));
        expect(inRollout(id, who, low) && !inRollout(id, who, high)).toBe(false);
        expect(inRollout(id, who, 1)).toBe(true);
        expect(inRollout(id, who, 0)).toBe(false);
      }),
    );
  });

  it('takes in the share that it says, for each rule other accounts', () => {
    const accounts = Array.from({ length: 20_000 }, (_, n) => `acct_${n}`);
    fc.assert(
      fc.property(
        fc.uniqueArray(rule, { minLength: 2, maxLength: 2 }),
        fc.integer({ min: 5, max: 95 }),
        (ids, percent) => {
          const [one = '', other = ''] = ids;
          const part = percent / 100;
          const isIn = (id: string) => accounts.filter((who) => inRollout(id, who, part));
          const [first, second] = [isIn(one), new Set(isIn(other))];
          const both = first.filter((who) => second.has(who)).length;
          // Five standard deviations of 20,000 draws are below 0.018.
          expect(Math.abs(first.length / accounts.length - part)).toBeLessThan(0.018);
          expect(Math.abs(both / accounts.length - part * part)).toBeLessThan(0.018);
        },
      ),
      { numRuns: 10 },
    );
  });

  it('is as uniform as chance within every tenth', () => {
    const counts = new Array<number>(10).fill(0);
    for (let n = 0; n < 20_000; n++) {
      const tenth = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].findIndex((most) => inRollout('r', `a${n}`, most));
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    const chiSquared = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    // Nine degrees of freedom: above 33.7 once in ten thousand.
    expect(chiSquared).toBeLessThan(33.7);
  });
});

describe('a sketch of accounts', () => {
  it('is within five of a hundred, however often each is seen and in whatever order', () => {
    for (const many of [1, 10, 300, 5000, 60_000]) {
      const sketch = AccountSketch.empty();
      for (let n = 0; n < many; n++) for (let again = 0; again < 1 + (n % 3); again++) sketch.add(`acct_${n}`);
      expect(Math.abs(sketch.estimate() / many - 1)).toBeLessThan(0.05);
    }
  });

  it('laid over another tells of both, and comes back from its text', () => {
    fc.assert(
      fc.property(fc.array(account), fc.array(account), (some, others) => {
        const [one, other, both] = [AccountSketch.empty(), AccountSketch.empty(), AccountSketch.empty()];
        for (const who of some) one.add(who);
        for (const who of others) other.add(who);
        for (const who of [...some, ...others]) both.add(who);
        one.merge(AccountSketch.read(other.text()));
        expect(one.text()).toBe(both.text());
        expect(one.estimate()).toBe(both.estimate());
      }),
    );
  });
});

const modes = ['live', 'shadow', '{ rollout: 50% }'];

function ruleSetIn(mode: string): RuleSet {
  const { ruleSet, errors } = loadRuleSet({
    files: ruleFiles(rightRules.replace('mode: live', `mode: ${mode}`)),
    now: today,
  });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  return ruleSet;
}
const ruleSets = modes.map(ruleSetIn);

interface Given {
  readonly type: EventType;
  readonly who: string;
  readonly values: Readonly<Record<string, Value | undefined>>;
  readonly isBlown: boolean;
  readonly isCleared: boolean;
}

const given: fc.Arbitrary<Given> = fc.record({
  type: fc.constantFrom(...eventTypes),
  who: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  values: fc.record({
    accounts_per_card_90d: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
    'email.domain': fc.constantFrom('uni.example', 'mail.example', undefined),
    'ip.is_vpn': fc.option(fc.boolean(), { nil: undefined }),
    signups_per_prefix_10m: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  }),
  isBlown: fc.boolean(),
  isCleared: fc.boolean(),
});

describe('what is counted of rules', () => {
  it('comes to what judging said, event by event, whatever is taken meanwhile', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ruleSets), fc.array(given), (ruleSet, events) => {
        let elapsed = 0;
        const activity = new RuleActivity(
          ruleSet,
          { ruleHit: () => undefined, fuseBlown: () => undefined },
          () => elapsed++,
        );
        const sum = noCounts();
        const expected = { evaluated: 0, fired: 0, excused: 0 };
        const id = 'payment-many-accounts';
        for (const [index, { type, who, values, isBlown, isCleared }] of events.entries()) {
          const slots = ruleSet.newSlots();
          for (const [name, value] of Object.entries(values)) {
            const slot = ruleSet.slotOf(name);
            if (slot !== undefined) slots[slot] = value;
          }
          const at = today + index * 600_000;
          activity.follow(isBlown ? [{ rule: id, definition: activity.definitionOf(id) }] : []);
          const findings = ruleSet.judge(type, slots, {
            accountId: who,
            now: at,
            clearedRules: new Set(isCleared ? [id] : []),
            blownRules: activity.blownRules,
          });
          const decided = decide(findings, {
            policy: ruleSet.policy,
            missing: [],
            reasonOf: () => undefined,
          });
          activity.record({ type, accountId: who, slots, findings, decided, at });
          const isOn = type === 'signup' || type === 'payment_method_added';
          const count = values.accounts_per_card_90d;
          const isTrue = isOn && isKnown(count) && Number(count) >= 3;
          const isExcused = isTrue && (isCleared || values['email.domain'] === 'uni.example');
          expected.evaluated += isOn ? 1 : 0;
          expected.excused += isExcused ? 1 : 0;
          expected.fired += isTrue && !isExcused ? 1 : 0;
          if (index % 3 === 0)
            for (const one of activity.drain().rules) if (one.rule === id) addCounts(sum, one.counts);
        }
        for (const one of activity.drain().rules) if (one.rule === id) addCounts(sum, one.counts);
        expect({
          evaluated: sum.evaluated,
          fired: firedOf(sum),
          excused: sum.excepted + sum.cleared,
        }).toEqual(expected);
        expect(sum.allowed + sum.limited + sum.held + sum.denied).toBe(sum.live);
        expect(sum.wouldAllow + sum.wouldLimit + sum.wouldHold + sum.wouldDeny).toBe(firedOf(sum) - sum.live);
        expect(sum.unknown).toBeLessThanOrEqual(sum.sampled);
      }),
      { numRuns: 200 },
    );
  });
});
