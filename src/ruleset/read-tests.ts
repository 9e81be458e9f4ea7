import type { InputInfo } from '../model/expression-scope.js';
import { parseIpAddress } from '../model/ip-address.js';
import { secondsHint } from '../model/meant-duration.js';
import { type Reading, Unavailable } from '../model/value.js';
import { canonicalValue } from './canonical-value.js';
import { addressSignals } from './lints/text-forms.js';
import { type RuleTest, ruleResults } from './rule-declaration.js';
import type { RuleReader } from './rule-reader.js';
import { didYouMean } from './yaml/read-fields.js';
import type { YamlNode, YamlScalar } from './yaml/yaml-node.js';

const keys = ['name', 'given', 'expect'];

export function readTests(reader: RuleReader): readonly RuleTest[] {
  const node = reader.values.get('tests');
  const items = node === undefined ? undefined : reader.fields.list(node, "'tests'");
  const names = new Set<string>();
  return (items ?? []).flatMap((item) => readTest(item, names, reader) ?? []);
}

function readTest(node: YamlNode, names: Set<string>, reader: RuleReader): RuleTest | undefined {
  const { fields } = reader;
  const values = fields.map(node, { what: 'a test', known: keys, required: keys });
  const [nameNode, givenNode, expectNode] = keys.map((key) => values?.get(key));
  const name = nameNode === undefined ? undefined : fields.scalar(nameNode, 'a name')?.text;
  const expect = expectNode === undefined ? undefined : fields.oneOf(expectNode, 'result', ruleResults);
  const given = givenNode === undefined ? undefined : readGiven(givenNode, reader);
  if (name === undefined || expect === undefined || given === undefined) return undefined;
  if (names.has(name)) return fields.error('E020', nameNode ?? node, `two tests of this rule are named '${name}'`);
  names.add(name);
  return { name, expect, given, at: nameNode ?? node };
}

function readGiven(node: YamlNode, reader: RuleReader): ReadonlyMap<string, Reading> | undefined {
  const given = new Map<string, Reading>();
  const entries = reader.fields.entries(node, 'values by name');
  for (const { key, value } of entries ?? []) {
    const info = reader.scope.input(key.text);
    if (info !== undefined) given.set(key.text, readReading(info, value, reader));
    else if (!reader.scope.isBroken(key.text)) complainOfName(key, reader);
  }
  return entries === undefined ? undefined : given;
}

function complainOfName(key: YamlScalar, { scope, fields }: RuleReader): void {
  const { text } = key;
  if (scope.predicate(text) !== undefined)
    fields.error('E031', key, `'${text}' is a predicate and cannot be given`, 'give what it reads');
  else fields.error('E031', key, `there is no signal or feature '${text}'`, didYouMean(text, scope.names()));
}

function readReading(info: InputInfo, node: YamlNode, { fields }: RuleReader): Reading {
  if (node.kind === 'map') {
    const reason = fields
      .map(node, { what: 'a missing value', known: ['unavailable'], required: ['unavailable'] })
      ?.get('unavailable');
    return new Unavailable((reason === undefined ? undefined : fields.text(reason, 'a reason')) ?? 'unavailable');
  }
  const scalar = fields.scalar(node, `a ${info.type}`);
  const value = scalar?.value ?? undefined;
  if (scalar === undefined || value === undefined) return undefined;
  if (typeof value !== info.type)
    return fields.error(
      'E031',
      node,
      `'${info.name}' is a ${info.type}, not ${typeof value === 'string' ? `the text '${value}'` : String(value)}`,
      info.type === 'number' ? secondsHint(scalar.text) : undefined,
    );
  if (typeof value === 'number' && info.range !== undefined && !isWithin(value, info.range))
    return fields.error('E031', node, `'${info.name}' is ${rangeText(info.range)}, not ${value}`);
  if (typeof value === 'string' && info.values !== undefined && !info.values.includes(value))
    return fields.error(
      'E031',
      node,
      `'${info.name}' is never '${value}'`,
      didYouMean(value, info.values) ?? `one of ${info.values.join(', ')}`,
    );
  if (typeof value === 'string' && addressSignals.has(info.name) && parseIpAddress(value) === undefined)
    return fields.error('E031', node, `'${info.name}' is an address, not '${value}'`);
  return canonicalValue(info.name, value);
}

const isWithin = (value: number, [least, most]: readonly [number, number]): boolean => value >= least && value <= most;

/** `0 to 1`, `0 or more`. */
export const rangeText = ([least, most]: readonly [number, number]): string =>
  most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
