import { accessCauses, accessStates } from '../model/access.js';
import { outcomes, verificationMethods } from '../model/rule.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import { describeNode, type YamlNode } from '../ruleset/yaml/yaml-node.js';
import { NumberCheck } from './number-check.js';
import type { ReadSteps } from './read-steps.js';
import type { Expectation, NamedRule, ValueCheck } from './sequence-test.js';
import { headOf, readSpan, type TestReader } from './test-reader.js';

const known = [
  'event',
  'fires',
  'fired',
  'not_fired',
  'quiet',
  'unknown',
  'outcome',
  'score',
  'state',
  'after',
  'by',
  'verify',
  'reasons',
  'values',
];

/** How many events the test has, as far as that could be read. */
type Countable = Pick<ReadSteps, 'events' | 'isSure'>;

export function readExpectations(node: YamlNode, events: Countable, reader: TestReader): readonly Expectation[] {
  // Left open, to be recorded.
  if (node.kind === 'scalar' && node.value === null) return [];
  return (reader.fields.list(node, "'expect'") ?? []).flatMap((item) => readExpectation(item, events, reader) ?? []);
}

function readExpectation(node: YamlNode, events: Countable, reader: TestReader): Expectation | undefined {
  const { fields } = reader;
  const values = fields.map(node, { what: 'an expectation', known, required: ['event'] });
  if (values === undefined || node.kind !== 'map') return undefined;
  const read = <T>(name: string, how: (value: YamlNode) => T): T | undefined => {
    const value = values.get(name);
    return value === undefined ? undefined : how(value);
  };
  const rules = (name: string) => read(name, (value) => readRules(value, reader));
  if (values.size < 2 && values.has('event'))
    fields.error(
      'E011',
      headOf(node),
      'an expectation says what is to come of the event',
      'fires: [rule-id], outcome: hold …',
    );
  for (const name of ['after', 'by'])
    if (values.has(name) && !values.has('state'))
      fields.error('E011', headOf(node), `'${name}' tells more of a 'state', and there is none`);
  complainOfContradictions(values, reader);
  complainOfEmpty(values, reader);
  const place = events.events === 0 ? undefined : read('event', (value) => readNumbers(value, events, reader));
  return {
    events: place ?? [],
    fires: rules('fires') ?? [],
    fired: rules('fired'),
    quiet: rules('quiet') ?? [],
    notFired: rules('not_fired') ?? [],
    unknown: rules('unknown') ?? [],
    outcome: read('outcome', (value) => fields.oneOf(value, 'outcome', outcomes)),
    score: read('score', (value) => readScore(value, reader)),
    state: read('state', (value) => fields.oneOf(value, 'state', accessStates)),
    afterMs: read('after', (value) => readSpan(value, 'after', reader)),
    by: read('by', (value) => fields.oneOf(value, 'cause', accessCauses)),
    verify: read('verify', (value) => (isEmptyList(value) ? [] : fields.manyOf(value, 'method', verificationMethods))),
    reasons: read('reasons', (value) => readReasons(value, reader)),
    values: read('values', (value) => readValues(value, reader)) ?? new Map(),
    place: headOf(node),
  };
}

/** What one rule cannot do on one event. */
const contradictions = [
  ['fires', 'quiet'],
  ['fires', 'unknown'],
  ['fires', 'not_fired'],
  ['fired', 'quiet'],
  ['fired', 'unknown'],
  ['fired', 'not_fired'],
  ['quiet', 'unknown'],
] as const;

function complainOfContradictions(values: ReadonlyMap<string, YamlNode>, { fields, ruleSet }: TestReader): void {
  const named = (key: string): readonly YamlNode[] => {
    const node = values.get(key);
    return node === undefined ? [] : namesOf(node);
  };
  for (const [one, other] of contradictions)
    for (const node of named(other)) {
      const text = textOf(node);
      if (text !== undefined && named(one).some((before) => textOf(before) === text))
        fields.error('E019', node, `'${text}' stands in '${one}' and in '${other}'`, 'a rule does one of them');
    }
  if (!values.has('fired')) return;
  const live = new Set(ruleSet?.rules.flatMap(({ id, mode }) => (mode === 'live' ? [id] : [])));
  const all = new Set(named('fired').map(textOf));
  for (const node of named('fires')) {
    const id = textOf(node);
    if (id !== undefined && live.has(id) && !all.has(id))
      fields.error(
        'E019',
        node,
        `'${id}' stands in 'fires' and not in 'fired'`,
        "'fired' names every live rule that fires",
      );
  }
}

/** What names rules or inputs, and of which an empty one expects nothing. */
const namingSome = ['fires', 'not_fired', 'quiet', 'unknown', 'values'] as const;

function complainOfEmpty(values: ReadonlyMap<string, YamlNode>, { fields }: TestReader): void {
  for (const name of namingSome) {
    const node = values.get(name);
    if (node !== undefined && isEmpty(node))
      fields.error(
        'E011',
        node,
        `'${name}' names nothing, so it expects nothing`,
        name === 'values' ? 'values: { a.signal: 3 }' : 'fired: [] says that no live rule fires',
      );
  }
}

const isEmpty = (node: YamlNode): boolean =>
  (node.kind === 'list' && node.items.length === 0) || (node.kind === 'map' && node.entries.size === 0);

const textOf = (node: YamlNode): string | undefined => (node.kind === 'scalar' ? node.text : undefined);

const isEmptyList = (node: YamlNode): boolean => node.kind === 'list' && node.items.length === 0;

/** `8`, `1-7`, `all`, `[1, 3]`. */
function readNumbers(node: YamlNode, countable: Countable, reader: TestReader): readonly number[] {
  const { fields } = reader;
  const { events, isSure } = countable;
  if (isEmptyList(node)) return fields.error('E041', node, 'no event is named', '8, 1-7, [1, 3] or all') ?? [];
  if (node.kind === 'list') return node.items.flatMap((item) => readNumbers(item, countable, reader));
  const scalar = fields.scalar(node, 'the number of an event');
  if (scalar === undefined) return [];
  if (scalar.text === 'all') return Array.from({ length: events }, (_, index) => index + 1);
  const [, first, last = first] = /^(\d{1,6})(?:\s*-\s*(\d{1,6}))?$/.exec(scalar.text) ?? [];
  if (first === undefined || Number(first) > Number(last))
    return fields.error('E041', node, `'${scalar.text}' is no number of an event`, '8, 1-7, [1, 3] or all') ?? [];
  const beyond = Number(first) < 1 ? first : Number(last) > events ? last : undefined;
  if (beyond !== undefined && isSure) {
    const has = events === 1 ? 'one event' : `${events} events`;
    return fields.error('E041', node, `there is no event ${beyond}: the test has ${has}`, 'events count from 1') ?? [];
  }
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
}

/** One name, or several. */
const namesOf = (node: YamlNode): readonly YamlNode[] => (node.kind === 'list' ? node.items : [node]);

function readRules(node: YamlNode, { fields, ruleSet }: TestReader): readonly NamedRule[] {
  return namesOf(node).flatMap((item) => {
    const id = fields.text(item, 'the id of a rule');
    if (id === undefined) return [];
    const ids = ruleSet?.rules.map((rule) => rule.id);
    if (ids !== undefined && !ids.includes(id))
      fields.error('E040', item, `there is no rule '${id}'`, didYouMean(id, ids));
    return [{ id, place: item }];
  });
}

function readReasons(node: YamlNode, { fields, ruleSet }: TestReader): readonly string[] {
  return namesOf(node).flatMap((item) => {
    const code = fields.text(item, 'a reason code');
    if (code === undefined) return [];
    if (ruleSet?.reasons.has(code) === false)
      fields.error('E040', item, `there is no reason code '${code}'`, didYouMean(code, ruleSet.reasons.keys()));
    return [code];
  });
}

function readCheck(node: YamlNode, what: string, { fields }: TestReader): NumberCheck | undefined {
  const scalar = fields.scalar(node, what);
  if (scalar === undefined) return undefined;
  const check = NumberCheck.parse(scalar.text);
  return check ?? fields.error('E046', node, `'${scalar.text}' compares nothing`, '40, ">= 40" or 30-45');
}

/** A score is 0 to 100. */
function readScore(node: YamlNode, reader: TestReader): NumberCheck | undefined {
  const check = readCheck(node, 'a score', reader);
  const beyond = check?.text.match(/\d+(?:\.\d+)?/g)?.find((number) => Number(number) > 100);
  if (beyond !== undefined) return reader.fields.error('E014', node, `a score is 0 to 100, not ${beyond}`);
  return check;
}

function readValues(node: YamlNode, reader: TestReader): ReadonlyMap<string, ValueCheck> {
  const { fields, ruleSet } = reader;
  const values = new Map<string, ValueCheck>();
  for (const { key, value } of fields.entries(node, 'values by name') ?? []) {
    const info = ruleSet?.scope.input(key.text);
    if (ruleSet !== undefined && info === undefined)
      fields.error(
        'E040',
        key,
        `there is no signal or feature '${key.text}'`,
        didYouMean(key.text, ruleSet.scope.names()),
      );
    const check = readValue(value, info?.type, reader);
    if (check !== undefined) values.set(key.text, check);
  }
  return values;
}

function readValue(node: YamlNode, type: string | undefined, reader: TestReader): ValueCheck | undefined {
  if (node.kind !== 'scalar') return reader.fields.error('E012', node, `expected a value, not ${describeNode(node)}`);
  if (node.value === null || node.text === 'missing') return null;
  if (type === 'number') return readCheck(node, 'a number', reader);
  if (type === undefined || typeof node.value === type) return node.value;
  return reader.fields.error('E012', node, `expected a ${type}, not ${describeNode(node)}`);
}

/** Rules that the expectations of a test name. */
export const rulesNamed = (expectations: readonly Expectation[]): ReadonlySet<string> =>
  new Set(
    expectations.flatMap(({ fires, fired = [], notFired, quiet, unknown }) =>
      [...fires, ...fired, ...notFired, ...quiet, ...unknown].map(({ id }) => id),
    ),
  );
