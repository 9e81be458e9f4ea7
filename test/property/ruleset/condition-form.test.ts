import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileExpression } from '../../../src/expression/compile-expression.js';
import { isKnown, type Reading, Unavailable } from '../../../src/model/value.js';
import { conditionForm } from '../../../src/ruleset/diff/condition-form.js';
import { describeCondition } from '../../../src/ruleset/diff/describe-condition.js';
import { findCounterexample } from '../../../src/ruleset/diff/find-counterexample.js';
import { implies } from '../../../src/ruleset/diff/implies.js';
import { anyValue, betweenRoom } from '../../../src/ruleset/lints/room.js';
import { check, slotsOf, testScope } from '../../support/expression-scope.js';

const scope = testScope({ exit: 'ip.is_vpn || ip.is_tor', many: 'accounts_per_card >= 3' });
const asItIs = { opened: true, rename: (name: string) => name };

/** In the order of their code points; of UTF-16 units the last two would change places. */
const texts = ['', 'a.example', 'b.example', 'm', '\u{ff5e}.example', '\u{1d49c}.example'];
const ordered = fc
  .tuple(fc.constantFrom('==', '!=', '<', '<=', '>', '>='), fc.constantFrom(...texts), fc.boolean())
  .map(([sign, value, turned]) =>
    turned ? `${JSON.stringify(value)} ${sign} email.domain` : `email.domain ${sign} ${JSON.stringify(value)}`,
  );

/** Few inputs and constants, so that one condition often follows from another. */
const leaf = fc.oneof(
  fc
    .tuple(fc.constantFrom('==', '!=', '<', '<=', '>', '>='), fc.integer({ min: 0, max: 4 }), fc.boolean())
    .map(([sign, value, turned]) =>
      turned ? `${value} ${sign} accounts_per_card` : `accounts_per_card ${sign} ${value}`,
    ),
  fc.constantFrom(
    'ip.is_vpn',
    '!ip.is_vpn',
    'ip.is_vpn == true',
    'ip.is_vpn != true',
    'ip.is_tor',
    'exit',
    'many',
    '!many',
  ),
  fc
    .subarray(['a.example', 'b.example', 'c.example'], { minLength: 1 })
    .map((values) => `email.domain in ${JSON.stringify(values)}`),
  fc.constantFrom(
    'email.domain == "a.example"',
    'email.domain != "b.example"',
    'has(email.domain)',
    '!has(email.domain)',
  ),
  ordered,
  fc.constantFrom(
    'email.domain.endsWith(".example")',
    'email.domain.endsWith("a.example")',
    'email.domain.contains("exam")',
  ),
  fc.constantFrom('has(accounts_per_card)', 'default(accounts_per_card, 3) >= 3', 'email.domain in lists.burned'),
);

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc
      .tuple(tie('condition'), fc.constantFrom(' && ', ' || '), tie('condition'))
      .map(([a, sign, b]) => `(${a}${sign}${b})`),
    tie('condition').map((a) => `!(${a})`),
  ),
}));

const reading = <T extends Reading>(...values: T[]) =>
  fc.constantFrom<Reading>(...values, undefined, new Unavailable('away'));
const inputs = fc.record({
  accounts_per_card: reading(0, 1, 2, 3, 4, 5),
  'ip.is_vpn': reading(true, false),
  'ip.is_tor': reading(true, false),
  'email.domain': reading('a.example', 'b.example', 'c.example', 'bad.example', 'x.test', ...texts),
});

const truth = (text: string, given: Readonly<Record<string, Reading>>): boolean | undefined => {
  const found = compileExpression(check(text, scope)).evaluate(slotsOf(given));
  return isKnown(found) ? found === true : undefined;
};

const formOf = (text: string) => conditionForm(check(text, scope), asItIs);

describe('The form of a condition', () => {
  it('is the same only for conditions that mean the same, missing inputs included', () => {
    fc.assert(
      fc.property(condition, condition, fc.array(inputs, { minLength: 20, maxLength: 20 }), (a, b, many) => {
        if (formOf(a).key !== formOf(b).key) return;
        for (const given of many) expect(truth(a, given)).toBe(truth(b, given));
      }),
      { numRuns: 1500 },
    );
  });

  it('never shows that one follows from another which does not', () => {
    let shown = 0;
    fc.assert(
      fc.property(condition, condition, fc.array(inputs, { minLength: 20, maxLength: 20 }), (a, b, many) => {
        if (!implies(formOf(a), formOf(b))) return;
        shown++;
        for (const given of many) if (truth(a, given) === true) expect([a, b, truth(b, given)]).toEqual([a, b, true]);
      }),
      { numRuns: 1500 },
    );
    expect(shown).toBeGreaterThan(50);
  });

  it('never shows by values that one follows from another which does not', () => {
    let shown = 0;
    fc.assert(
      fc.property(condition, condition, fc.array(inputs, { minLength: 20, maxLength: 20 }), (a, b, many) => {
        if (findCounterexample(formOf(a), formOf(b), () => anyValue) !== 'none') return;
        shown++;
        for (const given of many) if (truth(a, given) === true) expect([a, b, truth(b, given)]).toEqual([a, b, true]);
      }),
      { numRuns: 1500 },
    );
    expect(shown).toBeGreaterThan(50);
  });

  it('is told apart by values only where some input tells them apart', () => {
    const alone = fc
      .tuple(fc.constantFrom('==', '!=', '<', '>='), fc.integer({ min: 0, max: 4 }))
      .map((parts) => `accounts_per_card ${parts.join(' ')}`);
    const joined = fc
      .tuple(alone, fc.constantFrom(' && ', ' || '), alone)
      .map(([one, sign, other]) => `${one}${sign}${other}`);
    const whole = () => betweenRoom(0, 64, true);
    fc.assert(
      fc.property(joined, joined, (a, b) => {
        const differs = Array.from({ length: 7 }, (_, value) => ({ accounts_per_card: value })).some(
          (given) => truth(a, given) === true && truth(b, given) !== true,
        );
        expect([a, b, findCounterexample(formOf(a), formOf(b), whole)]).toEqual([a, b, differs ? 'found' : 'none']);
      }),
    );
  });

  it('is told apart by texts only where some text tells them apart', () => {
    const joined = fc
      .tuple(ordered, fc.constantFrom(' && ', ' || '), ordered)
      .map(([one, sign, other]) => `${one}${sign}${other}`);
    // The constants, what comes right after each, and what is far from all.
    const many = [...texts.flatMap((text) => [text, `${text}\u0000`, `${text}z`]), '\u{10ffff}'];
    fc.assert(
      fc.property(joined, joined, (a, b) => {
        const differs = many.some((text) => {
          const given = { 'email.domain': text };
          return truth(a, given) === true && truth(b, given) !== true;
        });
        expect([a, b, findCounterexample(formOf(a), formOf(b), () => anyValue)]).toEqual([
          a,
          b,
          differs ? 'found' : 'none',
        ]);
        if (differs) expect([a, b, implies(formOf(a), formOf(b))]).toEqual([a, b, false]);
      }),
      { numRuns: 500 },
    );
  });

  it('has words for every difference, and none where there is none', () => {
    fc.assert(
      fc.property(condition, condition, (a, b) => {
        const [from, to] = [formOf(a), formOf(b)];
        const phrases = describeCondition(from, to, () => '');
        expect(phrases.length === 0).toBe(from.key === to.key);
      }),
      { numRuns: 500 },
    );
  });
});
