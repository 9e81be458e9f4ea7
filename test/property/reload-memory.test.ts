import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { handedOver, nothingYet, type Piece, piecesOf } from '../../src/adapters/files/reload/hand-over.js';
import { type TakenLists, takeLists } from '../../src/adapters/files/reload/take-lists.js';
import { nothingBefore, type TakenBefore, takeOver } from '../../src/adapters/files/reload/take-over.js';
import { eventTypes } from '../../src/model/event-type.js';
import { finishSteps } from '../../src/model/steps.js';
import type { Reading } from '../../src/model/value.js';
import { LoadMemory } from '../../src/ruleset/load-memory.js';
import { type Loaded, loadRuleSet, loadRuleSetSteps } from '../../src/ruleset/load-rule-set.js';
import { RestoreMemory, restoreRuleSet } from '../../src/ruleset/restore-rule-set.js';
import type { RuleSet } from '../../src/ruleset/rule-set.js';
import { recordRuleSet } from '../../src/ruleset/rule-set-record.js';
import { today } from '../support/rule-files.js';

/** Declarations that come and go, so that names, slots, places and meanings change between two loads. */
const features = ['a_1h', 'b_1h', 'c_1h', 'bursting'] as const;
const feature = (name: string, window: number): string =>
  name === 'bursting'
    ? `  bursting: { burst: signup, by: [ip.prefix], window: ${window}h, baseline: 21d, min: 4 }\n`
    : `  ${name}: { count: event, by: [ip.asn], window: ${window}h, on: [signup] }\n`;
const conditions = [
  'a_1h >= 3',
  'b_1h > 2 && busy',
  'bursting.z >= 2 || ip.is_vpn',
  'calm && a_1h < 9',
  'email.domain in lists.burned',
  'c_1h == 1',
  'a_1h >=',
  'ip.asn.startsWith("x")',
  'ip.address in lists.nets && ip.asn in lists.systems',
];
const predicates = ['a_1h > 1', 'b_1h > 1 || ip.is_tor', '!calm', 'ip.asn == 7', 'ip.asn in lists.systems'];
const reasons = (title: string): string =>
  `reasons:\n  velocity.burst: { title: ${title}, public: additional_verification_required }\n`;

const ruleWith = (id: number, when: string, points = 7): string =>
  `  - id: rule-${id}\n    family: velocity\n    on: [signup]\n    when: '${when}'\n    points: ${points}\n` +
  `    reason: velocity.burst\n    owner: trial\n`;

const ruleText = (
  id: number,
  { condition, points, test }: { condition: number; points: number; test: boolean },
): string =>
  ruleWith(id, conditions[condition] ?? '', points) +
  (id === 1 ? '    fuse: { share: 5%, min: 50, over: 10m }\n' : '') +
  (id === 2 ? "    except: [{ when: 'c_1h == 1', why: trial, owner: trial, until: 2027-01-01 }]\n" : '') +
  (test ? '    tests:\n      - { name: one, given: { a_1h: 5 }, expect: fires }\n' : '');

const rules = fc.uniqueArray(
  fc.record({
    id: fc.nat(6),
    condition: fc.nat(conditions.length - 1),
    points: fc.nat(40),
    test: fc.boolean(),
  }),
  { selector: ({ id }) => id, maxLength: 5 },
);
const fileTexts = fc
  .record({
    head: fc.constantFrom('', '# a comment\n', '\n\n'),
    features: fc.uniqueArray(fc.constantFrom(...features), { maxLength: 4 }),
    window: fc.integer({ min: 1, max: 2 }),
    busy: fc.option(fc.nat(predicates.length - 1)),
    calm: fc.option(fc.nat(predicates.length - 1)),
    rules,
    title: fc.constantFrom('Burst', 'Many at once'),
    burned: fc.constantFrom('one.example', 'two.example', ''),
    nets: fc.constantFrom('192.0.2.0/24', '10.0.0.0/8', 'not a range'),
    systems: fc.constantFrom('AS7', 'AS8', 'not a system', undefined),
  })
  .map((made) => {
    const named = [['busy', made.busy] as const, ['calm', made.calm] as const].flatMap(([name, which]) =>
      which === null ? [] : [`  ${name}: '${predicates[which]}'\n`],
    );
    return new Map([
      [
        'names.yml',
        `features:\n${made.features.map((name) => feature(name, made.window)).join('')}predicates:\n${named.join('')}`,
      ],
      ['reasons.yml', reasons(made.title)],
      ['rules.yml', `${made.head}rules:\n${made.rules.map((rule) => ruleText(rule.id, rule)).join('')}`],
      ['lists/burned.txt', `# source: x\n# date: 2026-01-01\n${made.burned}\n`],
      ['lists/nets.txt', `# source: x\n# date: 2026-01-01\n# type: cidr\n${made.nets}\n2001:db8::/32\n`],
      ...(made.systems === undefined
        ? []
        : [['lists/systems.txt', `# source: x\n# date: 2026-01-01\n${made.systems}\n`] as const]),
    ]);
  });

const values: Readonly<Record<string, Reading>> = {
  a_1h: 4,
  b_1h: 3,
  c_1h: 1,
  'bursting.z': 3,
  'ip.is_vpn': false,
  'ip.is_tor': true,
  'ip.asn': 7,
  'email.domain': 'one.example',
  'ip.address': '192.0.2.7',
};

/** Everything that can be seen of a rule set, whatever slots it chose. */
function seen(ruleSet: RuleSet) {
  const slots = ruleSet.newSlots();
  for (const [name, value] of Object.entries(values)) {
    const slot = ruleSet.slotOf(name);
    if (slot !== undefined) slots[slot] = value;
  }
  return {
    hash: ruleSet.hash,
    version: ruleSet.version,
    rules: ruleSet.rules,
    places: ruleSet.declarations.map(({ at, whenAt, tests }) =>
      [at, whenAt, ...tests.map((test) => test.at)].map(({ file, start, end }) => file.place({ start, end })),
    ),
    judged: eventTypes.map((type) => ruleSet.judge(type, slots, { accountId: 'a', now: today })),
    unknown: eventTypes.map((type) => ruleSet.unknownInputs(type, slots)),
    needs: eventTypes.map((type) => ruleSet.needs(type).features.map(({ spec }) => spec)),
  };
}

/** Its places are those of the rules only: whoever takes a set over from another thread shows no problem of it. */
const judging = (ruleSet: RuleSet) => {
  const { places: _, ...rest } = seen(ruleSet);
  return {
    ...rest,
    titles: ruleSet.declarations.map(({ title }) =>
      title.parts.map((part) => (typeof part === 'string' ? part : part.name)),
    ),
  };
};

/** The thread that takes over: what one load leaves there serves the next. */
class OtherSide {
  private readonly memory = new RestoreMemory();
  private before: TakenBefore = nothingBefore;
  private sent = nothingYet;
  private lists: TakenLists = new Map();

  take(loaded: Loaded, files: ReadonlyMap<string, string>, { lists }: LoadMemory): RuleSet | undefined {
    const record = loaded.ruleSet && finishSteps(recordRuleSet(loaded.ruleSet));
    const { port1, port2 } = new MessageChannel();
    const set = record && { record, now: handedOver(files, record) };
    for (const piece of piecesOf({ loaded: { ...loaded, files }, set, lists, before: this.sent }))
      port1.postMessage(piece);
    const next = (): Piece | undefined => receiveMessageOnPort(port2)?.message;
    const taken = finishSteps(takeOver(next, this.before));
    port2.close();
    expect([taken.errors, taken.warnings]).toEqual([loaded.errors, loaded.warnings]);
    if (taken.set === undefined) return undefined;
    expect(taken.files).toEqual(files);
    this.before = { files: taken.files, record: taken.set.record };
    this.sent = set?.now ?? this.sent;
    this.lists = takeLists(taken, this.lists);
    const named = new Map([...this.lists].map(([name, { list }]) => [name, list]));
    return finishSteps(restoreRuleSet(taken.set.record, named, this.memory));
  }
}

const shown = ({ ruleSet, errors, warnings }: Loaded) => ({
  errors,
  warnings,
  ruleSet: ruleSet === undefined ? undefined : seen(ruleSet),
});

describe('loading with the memory of earlier loads', () => {
  it('comes to what loading anew comes to, after any series of edits', () => {
    fc.assert(
      fc.property(fc.array(fileTexts, { minLength: 2, maxLength: 6 }), (versions) => {
        const memory = new LoadMemory();
        for (const files of versions) {
          const again = finishSteps(loadRuleSetSteps({ files, now: today }, memory));
          expect(shown(again)).toEqual(shown(loadRuleSet({ files, now: today })));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('comes to the same in a thread that takes it over, after any series of edits', () => {
    fc.assert(
      fc.property(fc.array(fileTexts, { minLength: 2, maxLength: 6 }), (versions) => {
        const memory = new LoadMemory();
        const other = new OtherSide();
        for (const files of versions) {
          const loaded = finishSteps(loadRuleSetSteps({ files, now: today }, memory));
          const taken = other.take(loaded, files, memory);
          expect(taken && judging(taken)).toEqual(loaded.ruleSet && judging(loaded.ruleSet));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('comes to the same where a name that went in a set with errors comes back in the next', () => {
    const named = (features: string, predicate: string, rule: string) =>
      new Map([
        ['names.yml', `features:\n${features}predicates:\n${predicate}`],
        ['reasons.yml', reasons('Burst')],
        ['rules.yml', `rules:\n${rule}`],
      ]);
    const rule = ruleText(0, { condition: 0, points: 7, test: false });
    const memory = new LoadMemory();
    const other = new OtherSide();
    for (const files of [
      named(feature('a_1h', 1), "  busy: 'a_1h > 1'\n", ''),
      named('', '', rule),
      named(feature('a_1h', 1), "  calm: 'a_1h > 1'\n", rule),
    ]) {
      const loaded = finishSteps(loadRuleSetSteps({ files, now: today }, memory));
      const taken = other.take(loaded, files, memory);
      expect(taken && judging(taken)).toEqual(loaded.ruleSet && judging(loaded.ruleSet));
    }
  });

  it('reads a list again that a predicate and a rule look into, once its file is whole again, and misses it when it goes', () => {
    const listed = (entries: string | undefined) =>
      new Map([
        ['names.yml', "predicates:\n  busy: 'ip.asn in lists.systems'\n"],
        ['reasons.yml', reasons('Burst')],
        ['rules.yml', `rules:\n${['busy', 'ip.asn in lists.systems'].map((when, id) => ruleWith(id, when)).join('')}`],
        ...(entries === undefined
          ? []
          : [['lists/systems.txt', `# source: x\n# date: 2026-01-01\n# type: asn\n${entries}`] as const]),
      ]);
    const memory = new LoadMemory();
    for (const files of ['AS7\n', 'AS7\nnot a system\n', 'AS7\n', 'AS7\nAS8\n', undefined, 'AS7\n'].map(listed)) {
      const again = finishSteps(loadRuleSetSteps({ files, now: today }, memory));
      expect(shown(again)).toEqual(shown(loadRuleSet({ files, now: today })));
    }
  });

  it('hands over of a save little more than the rule that it changes', () => {
    const filesWith = (points: number) =>
      new Map([
        ['names.yml', 'features:\n  a_1h: { count: event, by: [ip.asn], window: 1h, on: [signup] }\n'],
        ['reasons.yml', reasons('Burst')],
        [
          'rules.yml',
          `rules:\n${[3, 4, 5].map((id) => ruleText(id, { condition: 0, points: id === 4 ? points : 7, test: false })).join('')}`,
        ],
      ]);
    const memory = new LoadMemory();
    const setOf = (files: ReadonlyMap<string, string>) => {
      const loaded = finishSteps(loadRuleSetSteps({ files, now: today }, memory));
      if (loaded.ruleSet === undefined) throw new Error(JSON.stringify(loaded.errors));
      const record = finishSteps(recordRuleSet(loaded.ruleSet));
      return { loaded: { ...loaded, files }, set: { record, now: handedOver(files, record) }, lists: memory.lists };
    };
    const before = setOf(filesWith(7)).set.now;
    const pieces = [...piecesOf({ ...setOf(filesWith(9)), before })];
    const kinds = pieces.map(({ kind }) => kind).filter((kind) => kind !== 'plan');
    expect(kinds).toEqual([
      'problems',
      'same',
      'same',
      'text',
      'head',
      'known_rules',
      'rules',
      'known_rules',
      'known_slot',
    ]);
  });
});
