import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileExpression } from '../../src/expression/compile-expression.js';
import type { Reading } from '../../src/model/value.js';
import { claimOf } from '../../src/ruleset/lints/claim.js';
import { neverFalseWithout } from '../../src/ruleset/lints/never-false.js';
import { implies, isNever, type RoomOf, roomsOf } from '../../src/ruleset/lints/prove.js';
import { anyValue, betweenRoom, isWithin, oneOfRoom } from '../../src/ruleset/lints/room.js';
import { check, inputs } from '../support/expression-scope.js';

/** Few values, so that comparisons meet at their bounds. */
const domains: Readonly<Record<string, readonly Reading[]>> = {
  'ip.is_vpn': [undefined, true, false],
  'ip.is_tor': [undefined, true, false],
  'ip.kind': [undefined, 'home', 'mobile', 'hosting'],
  'email.domain': [undefined, 'a', 'b', 'ab', 'c'],
  // Whole, from 0 to 4; the other is any number.
  accounts_per_card: [undefined, 0, 1, 2, 3, 4],
  signups_per_prefix: [undefined, -1, 0, 0.5, 1, 1.5, 2, 3],
};

const roomOf: RoomOf = ({ name, type, values }) => {
  if (name === 'accounts_per_card') return betweenRoom(0, 4, true);
  if (type === 'boolean') return oneOfRoom([true, false]);
  return values === undefined ? anyValue : oneOfRoom(values);
};

const limit = fc.constantFrom('-1', '0', '0.5', '1', '1.5', '2', '3', '4', '5');
const counter = fc.constantFrom('accounts_per_card', 'signups_per_prefix');
const operator = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
const text = fc.constantFrom('"a"', '"b"', '"c"');
const kind = fc.constantFrom('"home"', '"mobile"', '"hosting"');
const anyInput = fc.constantFrom(...Object.keys(domains));

const leaf = fc.oneof(
  fc.tuple(counter, operator, limit).map(([name, sign, value]) => `${name} ${sign} ${value}`),
  fc.tuple(limit, operator, counter).map(([value, sign, name]) => `${value} ${sign} ${name}`),
  fc.tuple(counter, fc.array(limit, { maxLength: 3 })).map(([name, values]) => `${name} in [${values.join()}]`),
  fc.tuple(fc.constantFrom('==', '!='), text).map(([sign, value]) => `email.domain ${sign} ${value}`),
  fc.array(kind, { maxLength: 3 }).map((values) => `ip.kind in [${values.join()}]`),
  fc.tuple(fc.constantFrom('==', '!='), kind).map(([sign, value]) => `ip.kind ${sign} ${value}`),
  fc.constantFrom('ip.is_vpn', 'ip.is_tor', 'ip.is_vpn == false', 'ip.is_vpn != ip.is_tor'),
  anyInput.map((name) => `has(${name})`),
  text.map((value) => `email.domain.startsWith(${value})`),
  limit.map((value) => `default(signups_per_prefix, 1) > ${value}`),
);

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    tie('condition').map((inner) => `!(${inner})`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} || ${b})`),
  ),
}));

const assignment = fc.record(
  Object.fromEntries(Object.entries(domains).map(([name, values]) => [name, fc.constantFrom(...values)])),
);

const slotsOf = (values: Readonly<Record<string, Reading>>): Reading[] => inputs.map(({ name }) => values[name]);

describe('what lints prove of conditions', () => {
  it('holds for whatever the inputs are: never means never, always never means false', () => {
    let proven = 0;
    fc.assert(
      fc.property(condition, fc.array(assignment, { minLength: 20, maxLength: 20 }), (written, assignments) => {
        const checked = check(written);
        const [never, always] = [true, false].map((wanted) => isNever(claimOf(checked.ast, wanted), roomOf));
        if (never !== true && always !== true) return;
        proven++;
        const compiled = compileExpression(checked);
        const results = assignments.map((values) => compiled.evaluate(slotsOf(values)));
        if (never === true) expect(results).not.toContain(true);
        if (always === true) expect(results).not.toContain(false);
      }),
      { numRuns: 1500 },
    );
    expect(proven).toBeGreaterThan(20);
  });

  it('holds of two conditions: the second is true wherever the first is said to imply it', () => {
    let proven = 0;
    fc.assert(
      fc.property(
        condition,
        condition,
        fc.array(assignment, { minLength: 40, maxLength: 40 }),
        (first, second, all) => {
          const [a, b] = [check(first), check(second)];
          const [mine, theirs] = [claimOf(a.ast, true), claimOf(b.ast, true)];
          if (!implies(mine, theirs, roomOf)) return;
          proven++;
          const [one, other] = [compileExpression(a), compileExpression(b)];
          for (const values of all)
            if (one.evaluate(slotsOf(values)) === true) expect(other.evaluate(slotsOf(values))).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
    expect(proven).toBeGreaterThan(5);
  });

  it('holds of negations: none is true where all that it is said to need is missing', () => {
    let proven = 0;
    const everyInput = fc.array(assignment, { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(condition, fc.subarray(Object.keys(domains)), everyInput, (written, known, assignments) => {
        const missing = neverFalseWithout(check(written).ast, new Set(known));
        if (missing === undefined) return;
        proven++;
        const gone = Object.fromEntries(missing.map((name) => [name, undefined]));
        const negation = compileExpression(check(`!(${written})`));
        for (const values of assignments) expect(negation.evaluate(slotsOf({ ...values, ...gone }))).not.toBe(true);
      }),
      { numRuns: 1500 },
    );
    expect(proven).toBeGreaterThan(50);
  });

  it('is the same when rooms are compared by themselves', () => {
    fc.assert(
      fc.property(condition, condition, (first, second) => {
        const [mine, theirs] = [first, second].map((written) => claimOf(check(written).ast, true));
        if (mine === undefined || theirs === undefined) return;
        const [narrow, wide] = [roomsOf(mine, roomOf), roomsOf(theirs, roomOf)];
        if (narrow === undefined || wide === undefined) return;
        const within = [...wide].every(([input, room]) => {
          const own = narrow.get(input);
          return own !== undefined && isWithin(own, room);
        });
        if (within) expect(implies(mine, theirs, roomOf)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
