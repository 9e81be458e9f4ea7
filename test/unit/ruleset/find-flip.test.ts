import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRuleFiles } from '../../../src/adapters/files/rule-files.js';
import { Unavailable, type Value } from '../../../src/model/value.js';
import { type Flip, findFlip, flipDistance } from '../../../src/ruleset/find-flip.js';
import { inputRooms } from '../../../src/ruleset/lints/input-rooms.js';
import { loadRuleSet } from '../../../src/ruleset/load-rule-set.js';
import type { RuleSet } from '../../../src/ruleset/rule-set.js';
import { RuleTrial } from '../../../src/ruleset/rule-trial.js';

const now = Date.parse('2026-05-01T12:00:00.000Z');

function loaded(files: ReadonlyMap<string, string>): RuleSet {
  const { ruleSet, errors } = loadRuleSet({ files, now, expiredExceptions: 'warn' });
  if (ruleSet === undefined) throw new Error(JSON.stringify(errors));
  return ruleSet;
}

const ruleSetOf = (when: string, points = '10', more = ''): RuleSet =>
  loaded(
    new Map([
      [
        'rules.yml',
        `features:
  cards: { distinct: account.id, by: [payment.fingerprint], window: 90d, on: [signup] }
  trusted: { distinct: account.id, by: [ip.address], window: 7d, on: [signup] }
  surge: { burst: signup, by: [ip.prefix], window: 24h, baseline: 21d, min: 4 }
rules:
  - id: tried
    family: payment
    on: [signup]
    when: ${JSON.stringify(when)}
    points: ${JSON.stringify(points)}
    reason: payment.tried
    title: T
    owner: o
    mode: shadow
${more}
reasons:
  payment.tried: { title: T, public: additional_verification_required }
`,
      ],
    ]),
  );

function flipOf(ruleSet: RuleSet, given: Readonly<Record<string, Value | Unavailable>>) {
  const [declaration] = ruleSet.declarations;
  if (declaration === undefined) throw new Error('no rule');
  const slots = ruleSet.newSlots();
  for (const [name, reading] of Object.entries(given)) slots[ruleSet.slotOf(name) ?? -1] = reading;
  return findFlip(new RuleTrial(declaration, now), slots, inputRooms(ruleSet.features, declaration.info.on));
}

const changes = (flip: readonly Flip[] | undefined) =>
  flip && Object.fromEntries(flip.map(({ name, from, to }) => [name, [from, to]]));

describe('the smallest change that turns a rule', () => {
  it.each<readonly [string, Record<string, Value>, Record<string, readonly [Value | null, Value]>]>([
    ['cards >= 3', { cards: 1 }, { cards: [1, 3] }],
    ['cards >= 3', { cards: 9 }, { cards: [9, 2] }],
    ['cards >= 3', {}, { cards: [null, 3] }],
    ['email.entropy > 3.5', { 'email.entropy': 2.25 }, { 'email.entropy': [2.25, 3.51] }],
    ['ip.is_vpn && cards > 2', { 'ip.is_vpn': false, cards: 5 }, { 'ip.is_vpn': [false, true] }],
    [
      'account.path in ["education", "research"]',
      { 'account.path': 'standard' },
      { 'account.path': ['standard', 'education'] },
    ],
    ['in_cidr(ip.address, "10.0.0.0/8")', { 'ip.address': '192.0.2.1' }, { 'ip.address': ['192.0.2.1', '10.0.0.0'] }],
    ['email.domain.endsWith(".edu")', { 'email.domain': 'a.example' }, { 'email.domain': ['a.example', '.edu'] }],
    [
      'email.domain == "a.example"',
      { 'email.domain': 'a.example' },
      { 'email.domain': ['a.example', 'another email.domain'] },
    ],
    ['email.domain < "m"', { 'email.domain': 'z.example' }, { 'email.domain': ['z.example', 'l'] }],
    ['email.domain > "m"', { 'email.domain': 'a.example' }, { 'email.domain': ['a.example', 'm0'] }],
    ['email.domain < "a.example"', {}, { 'email.domain': [null, 'a.exampl'] }],
    ['surge.z < cards', { cards: 0 }, { 'surge.z': [null, -1] }],
    ['surge.z < -2.5', { 'surge.z': 1 }, { 'surge.z': [1, -2.51] }],
    ['surge.z > 1 || surge.z < 0.5', { 'surge.z': 3 }, { 'surge.z': [3, 1] }],
    ['surge.z >= 1 || surge.z <= 0', { 'surge.z': -9 }, { 'surge.z': [-9, 0.1] }],
    ['cards / trusted > 2', {}, { cards: [null, 3], trusted: [null, 1] }],
    ['cards > trusted && trusted > 3', { cards: 3, trusted: 2 }, { cards: [3, 5], trusted: [2, 4] }],
    ['trusted > 3 && cards > trusted', { cards: 3, trusted: 2 }, { cards: [3, 5], trusted: [2, 4] }],
    ['cards > trusted', { cards: 3, trusted: 20 }, { cards: [3, 21] }],
    ['cards == trusted && ip.is_vpn', { cards: 3, trusted: 20, 'ip.is_vpn': true }, { cards: [3, 20] }],
    [
      'cards >= 5 && email.entropy > 3.5',
      { cards: 1, 'email.entropy': 2 },
      { cards: [1, 5], 'email.entropy': [2, 3.51] },
    ],
    [
      'account.declared_country == ip.country && ip.country == "DE"',
      { 'account.declared_country': 'FR', 'ip.country': 'US' },
      { 'account.declared_country': ['FR', 'DE'], 'ip.country': ['US', 'DE'] },
    ],
    [
      'cards >= 2 && ip.is_vpn && ip.is_tor && phone.country == "US"',
      {},
      { cards: [null, 2], 'ip.is_vpn': [null, true], 'ip.is_tor': [null, true], 'phone.country': [null, 'US'] },
    ],
  ])('%s with %j', (when, given, expected) => {
    expect(changes(flipOf(ruleSetOf(when), given))).toEqual(expected);
  });

  it('never names a value that the input cannot have', () => {
    expect(flipOf(ruleSetOf('cards > 64'), { cards: 3 })).toBeUndefined();
    expect(flipOf(ruleSetOf('cards - trusted > 60'), { cards: 3, trusted: 10 })).toEqual([
      { name: 'cards', from: 3, to: 64 },
      { name: 'trusted', from: 10, to: 3 },
    ]);
    expect(changes(flipOf(ruleSetOf('cards > 2.5'), { cards: 1 }))).toEqual({ cards: [1, 3] });
  });

  it('ends, whatever the numbers', () => {
    for (const from of [5e-324, 1.7e308, 2 ** 60])
      expect(flipOf(ruleSetOf('email.entropy == 0'), { 'email.entropy': from })).toHaveLength(1);
  });

  it('makes points known that were not', () => {
    expect(changes(flipOf(ruleSetOf('ip.is_vpn', '2 * cards'), { 'ip.is_vpn': true }))).toEqual({ cards: [null, 0] });
  });

  it('takes an exception into account', () => {
    const except = '    except: [{ when: \'account.path == "education"\', why: w, owner: o, until: 2027-01-01 }]';
    const flip = flipOf(ruleSetOf('ip.is_vpn', '10', except), { 'ip.is_vpn': true, 'account.path': 'education' });
    expect(changes(flip)).toEqual({ 'account.path': ['education', 'another account.path'] });
  });

  it('tells no change of an input whose value is lost', () => {
    expect(
      flipOf(ruleSetOf('email.domain == "a.example"'), { 'email.domain': new Unavailable('erased') }),
    ).toBeUndefined();
    expect(
      flipOf(ruleSetOf('email.domain == "a.example"'), { 'email.domain': new Unavailable('no data') }),
    ).toBeDefined();
  });

  it('is nearer with fewer inputs, then with smaller changes', () => {
    const [one, far, two]: (readonly Flip[])[] = [
      [{ name: 'a', from: 2, to: 3 }],
      [{ name: 'a', from: 2, to: 300 }],
      [
        { name: 'a', from: 2, to: 3 },
        { name: 'b', from: false, to: true },
      ],
    ];
    const distances = [one, far, two, undefined].map(flipDistance);
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
    expect(new Set(distances).size).toBe(4);
  });
});

describe('conditions on one input', () => {
  const number = fc
    .tuple(fc.constantFrom('==', '!=', '<', '<=', '>', '>='), fc.integer({ min: -4, max: 4 }))
    .map(([sign, value]) => `surge.z ${sign} ${value}`);
  const text = fc
    .tuple(fc.constantFrom('==', '!=', '<', '<=', '>', '>='), fc.constantFrom('', 'a', 'b', 'bb', 'm', 'z'))
    .map(([sign, value]) => `email.domain ${sign} "${value}"`);
  const joined = (leaf: fc.Arbitrary<string>) =>
    fc.tuple(leaf, fc.constantFrom(' && ', ' || '), leaf).map(([one, sign, other]) => `${one}${sign}${other}`);

  it.each<readonly [string, fc.Arbitrary<string>, readonly Value[]]>([
    ['surge.z', joined(number), [-9, -3, -1, 0, 0.5, 2, 9]],
    ['email.domain', joined(text), ['', 'a', 'aa', 'b', 'bc', 'zz']],
  ])('are turned by a change of it where any value turns them: %s', (name, condition, values) => {
    fc.assert(
      fc.property(condition, fc.constantFrom(...values), (when, present) => {
        const ruleSet = ruleSetOf(when);
        const [declaration] = ruleSet.declarations;
        if (declaration === undefined) throw new Error('no rule');
        const trial = new RuleTrial(declaration, now);
        const firesWith = (value: Value): boolean => {
          const slots = ruleSet.newSlots();
          slots[ruleSet.slotOf(name) ?? -1] = value;
          return trial.result(slots) === 'fires';
        };
        const isTurnable = values.some((value) => firesWith(value) !== firesWith(present));
        const flip = flipOf(ruleSet, { [name]: present });
        if (isTurnable) expect([when, present, flip?.length]).toEqual([when, present, 1]);
        for (const { to } of flip ?? [])
          expect([when, present, firesWith(to)]).not.toEqual([when, present, firesWith(present)]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the default rules', () => {
  it('are turned by what is told, and by no part of it', async () => {
    const { files } = await readRuleFiles(join(process.cwd(), 'rules'));
    const ruleSet = loaded(files);
    const trials = ruleSet.declarations.map((declaration) => new RuleTrial(declaration, now));
    const value = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.double({ min: 0, max: 9, noNaN: true }));
    fc.assert(
      fc.property(
        fc.constantFrom(...trials),
        fc.array(fc.option(value), { minLength: 12, maxLength: 12 }),
        (trial, drawn) => {
          const slots = ruleSet.newSlots();
          for (const [index, { slot, type, values }] of trial.inputs().entries()) {
            const number = drawn[index % drawn.length];
            if (number === null || number === undefined) continue;
            slots[slot] = type === 'number' ? number : type === 'boolean' ? number > 5 : (values?.[0] ?? 'a.example');
          }
          const flip = findFlip(trial, slots, inputRooms(ruleSet.features, trial.declaration.info.on));
          if (flip === undefined) return;
          const fires = trial.result(slots) === 'fires';
          const apply = (some: readonly Flip[]) => {
            const changed = slots.slice();
            for (const { name, to } of some) changed[ruleSet.slotOf(name) ?? -1] = to;
            return trial.result(changed) === 'fires';
          };
          expect(apply(flip)).toBe(!fires);
          for (const one of flip) expect(apply(flip.filter((other) => other !== one))).toBe(fires);
        },
      ),
      { numRuns: 400 },
    );
  });
});
