import { parseListEntry } from '../lists/list-entry.js';
import { featureInputs } from '../model/feature.js';
import { parseIpRange } from '../model/ip-address.js';
import type { Instant } from '../model/time.js';
import type { Value } from '../model/value.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import type { YamlEntry, YamlMap, YamlNode } from '../ruleset/yaml/yaml-node.js';
import type { Given, GivenAccounts, GivenBaseline, GivenLabel, GivenNetwork } from './sequence-test.js';
import { headOf, readCount, readLabel, readSpan, readTime, type TestReader } from './test-reader.js';

export const nothingGiven: Given = { baselines: new Map(), labels: [], accounts: [], lists: new Map(), networks: [] };

const sections = ['baseline', 'labels', 'accounts', 'lists', 'networks'];

/** Sections that are named take the place of those of `before`. */
export function readGiven(node: YamlNode, clock: Instant, reader: TestReader, before: Given = nothingGiven): Given {
  const values = reader.fields.map(node, { what: "'given'", known: sections });
  const section = <T>(name: string, otherwise: T, read: (value: YamlNode) => T): T => {
    const value = values?.get(name);
    return value === undefined ? otherwise : read(value);
  };
  return {
    baselines: section('baseline', before.baselines, (value) => readBaselines(value, reader)),
    labels: section('labels', before.labels, (value) => readLabels(value, clock, reader)),
    accounts: section('accounts', before.accounts, (value) => readAccounts(value, reader)),
    lists: section('lists', before.lists, (value) => readLists(value, reader)),
    networks: section('networks', before.networks, (value) => readNetworks(value, reader)),
  };
}

function readBaselines(node: YamlNode, reader: TestReader): ReadonlyMap<string, GivenBaseline> {
  const baselines = new Map<string, GivenBaseline>();
  for (const { key, value } of reader.fields.entries(node, 'baselines by feature') ?? []) {
    if (!isBurst(key.text, reader)) unknownBurst({ key, value }, reader);
    const baseline = readBaseline(value, reader);
    if (baseline !== undefined) baselines.set(key.text, baseline);
  }
  return baselines;
}

const isBurst = (name: string, { ruleSet }: TestReader): boolean =>
  ruleSet === undefined ||
  name === 'all' ||
  ruleSet.features.some((spec) => spec.name === name && spec.kind === 'burst');

function unknownBurst({ key }: YamlEntry, { fields, ruleSet }: TestReader): void {
  const bursts = (ruleSet?.features ?? []).filter(({ kind }) => kind === 'burst').map(({ name }) => name);
  const isOther = ruleSet?.features.some(({ name }) => name === key.text) === true;
  const message = isOther
    ? `'${key.text}' is no burst: only bursts have a baseline`
    : `there is no burst '${key.text}'`;
  fields.error('E040', key, message, didYouMean(key.text, [...bursts, 'all']));
}

function readBaseline(node: YamlNode, { fields }: TestReader): GivenBaseline | undefined {
  const values = fields.map(node, { what: 'a baseline', known: ['share', 'expected', 'others'] });
  if (values === undefined || node.kind !== 'map') return undefined;
  const [shareNode, expectedNode, othersNode] = ['share', 'expected', 'others'].map((name) => values.get(name));
  const others = othersNode === undefined ? 0 : fields.number(othersNode, 'others', [0, 1e9]);
  if ((shareNode === undefined) === (expectedNode === undefined))
    return fields.error('E011', headOf(node), "a baseline needs 'share' or 'expected'", 'share: 0.0004');
  const share = shareNode === undefined ? undefined : fields.number(shareNode, 'a share', [0, 1]);
  const expected = expectedNode === undefined ? undefined : fields.number(expectedNode, 'what is expected', [0, 1e9]);
  return {
    others: others ?? 0,
    ...(share === undefined ? {} : { share }),
    ...(expected === undefined ? {} : { expected }),
  };
}

interface Keyed {
  readonly keys: ReadonlyMap<string, Value>;
  readonly more: ReadonlyMap<string, YamlNode>;
  /** Some signal could not be read: nothing more can be said of the others. */
  readonly isBroken: boolean;
}

/** Signals with their values, and besides them the keys that are `known`. */
function readKeys(node: YamlNode, what: string, known: readonly string[], reader: TestReader): Keyed | undefined {
  const entries = reader.fields.entries(node, what);
  if (entries === undefined) return undefined;
  const keys = new Map<string, Value>();
  const more = new Map<string, YamlNode>();
  const before = reader.fields.sink.errors.length;
  for (const entry of entries) {
    if (known.includes(entry.key.text)) more.set(entry.key.text, entry.value);
    else readKey(entry, known, reader, keys);
  }
  return { keys, more, isBroken: reader.fields.sink.errors.length > before };
}

function readKey(
  { key, value }: YamlEntry,
  known: readonly string[],
  { fields, ruleSet }: TestReader,
  into: Map<string, Value>,
): void {
  const info = ruleSet?.scope.input(key.text);
  const isSignal = info !== undefined && key.text.includes('.') && !isFeatureInput(key.text, ruleSet);
  if (ruleSet !== undefined && !isSignal) {
    fields.error(
      'E026',
      key,
      `there is no signal '${key.text}'`,
      didYouMean(key.text, [...ruleSet.names.filter((name) => !isFeatureInput(name, ruleSet)), ...known]),
    );
    return;
  }
  const scalar = fields.scalar(value, `a value of '${key.text}'`);
  if (scalar === undefined || scalar.value === null) return;
  if (info !== undefined && typeof scalar.value !== info.type)
    fields.error('E012', value, `'${key.text}' is a ${info.type}, not '${scalar.text}'`);
  else into.set(key.text, scalar.value);
}

const isFeatureInput = (name: string, ruleSet: TestReader['ruleSet']): boolean =>
  ruleSet?.features.some((spec) => featureInputs(spec).includes(name)) === true;

/** Some feature of the kind has a key that is wholly given. */
function isCounted(kind: 'labelled' | 'trusted', keys: ReadonlyMap<string, Value>, { ruleSet }: TestReader): boolean {
  if (ruleSet === undefined) return true;
  return ruleSet.features.some((spec) => spec.kind === kind && spec.by.every((name) => keys.has(name)));
}

const keysCounted = (kind: 'labelled' | 'trusted', { ruleSet }: TestReader): string =>
  [...new Set(ruleSet?.features.filter((spec) => spec.kind === kind).map(({ by }) => by.join(' with ')))].join(', ');

function checkCounted(
  kind: 'labelled' | 'trusted',
  node: YamlMap,
  { keys, isBroken }: Keyed,
  reader: TestReader,
): void {
  if (isBroken || isCounted(kind, keys, reader)) return;
  const names = [...keys.keys()].join(', ') || 'nothing';
  const what = kind === 'labelled' ? 'labels' : 'trusted accounts';
  const known = keysCounted(kind, reader);
  const hint = known === '' ? `no feature is declared with '${kind}:'` : `they are counted by ${known}`;
  reader.fields.sink.warn('W050', headOf(node), `no feature counts ${what} by ${names}`, { hint });
}

function readLabels(node: YamlNode, clock: Instant, reader: TestReader): readonly GivenLabel[] {
  return (reader.fields.list(node, "'labels'") ?? []).flatMap((item) => {
    const read = readKeys(item, 'a label', ['label', 'at', 'age', 'repeat'], reader);
    if (read === undefined || item.kind !== 'map') return [];
    const labelNode = read.more.get('label');
    const label =
      labelNode === undefined
        ? reader.fields.error('E011', headOf(item), "a label needs 'label'")
        : readLabel(labelNode, reader);
    if (!read.keys.has('account.id')) checkCounted('labelled', item, read, reader);
    if (label === undefined) return [];
    return [
      {
        keys: read.keys,
        label,
        ...pastTime(read.more, clock, reader),
        accounts: readCount(read.more.get('repeat'), 'repeat', reader),
      },
    ];
  });
}

/** Just before the clock, unless it is said otherwise. */
function pastTime(
  more: ReadonlyMap<string, YamlNode>,
  clock: Instant,
  reader: TestReader,
): Pick<GivenLabel, 'at' | 'ageMs'> {
  const [atNode, ageNode] = [more.get('at'), more.get('age')];
  const age = ageNode === undefined ? undefined : readSpan(ageNode, 'age', reader);
  const at = atNode === undefined ? undefined : readTime(atNode, reader, undefined);
  if (at !== undefined && atNode !== undefined && at >= clock)
    reader.fields.error(
      'E045',
      atNode,
      'what is given lies before the clock',
      'a label that comes later is a step: { label: fraud, account.id: a1, at: 2h }',
    );
  return { ageMs: Math.max(age ?? 1, 1), ...(at === undefined ? {} : { at }) };
}

function readAccounts(node: YamlNode, reader: TestReader): readonly GivenAccounts[] {
  return (reader.fields.list(node, "'accounts'") ?? []).flatMap((item) => {
    const read = readKeys(item, 'accounts', ['age', 'repeat'], reader);
    if (read === undefined || item.kind !== 'map') return [];
    checkCounted('trusted', item, read, reader);
    const ageNode = read.more.get('age');
    const ageMs =
      ageNode === undefined
        ? reader.fields.error('E011', headOf(item), "accounts need 'age'", 'age: 30d')
        : readSpan(ageNode, 'age', reader);
    return ageMs === undefined
      ? []
      : [{ keys: read.keys, ageMs, accounts: readCount(read.more.get('repeat'), 'repeat', reader) }];
  });
}

function readLists(node: YamlNode, reader: TestReader): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>();
  for (const { key, value } of reader.fields.entries(node, 'entries by list') ?? []) {
    const known = reader.ruleSet?.lists;
    const list = known?.get(key.text);
    if (known !== undefined && list === undefined)
      reader.fields.error('E040', key, `there is no list '${key.text}'`, didYouMean(key.text, known.keys()));
    const entries = (reader.fields.list(value, `the entries of '${key.text}'`) ?? []).flatMap((item) => {
      const text = reader.fields.scalar(item, 'an entry')?.text;
      if (text === undefined) return [];
      if (list === undefined || (parseListEntry(text, list.kind) !== undefined && !/[\r\n#]/.test(text))) return [text];
      reader.fields.error('E030', item, `'${text}' is no ${entryNames[list.kind]}`);
      return [];
    });
    lists.set(key.text, entries);
  }
  return lists;
}

const entryNames = {
  value: 'value',
  cidr: 'address or range such as 192.0.2.0/24',
  asn: 'AS number such as AS64500',
} as const;

function readNetworks(node: YamlNode, reader: TestReader): readonly GivenNetwork[] {
  return (reader.fields.list(node, "'networks'") ?? []).flatMap((item) => readNetwork(item, reader) ?? []);
}

const networkShape = { what: 'a network', known: ['range', 'asn', 'name', 'country'], required: ['range'] };

function readNetwork(node: YamlNode, { fields }: TestReader): GivenNetwork | undefined {
  const values = fields.map(node, networkShape);
  const [rangeNode, asnNode, nameNode, countryNode] = networkShape.known.map((key) => values?.get(key));
  const range = rangeNode === undefined ? undefined : fields.text(rangeNode, 'a range');
  if (range === undefined || rangeNode === undefined) return undefined;
  if (parseIpRange(range) === undefined)
    return fields.error('E043', rangeNode, `'${range}' is no range`, 'such as 203.0.113.0/24');
  const asn = asnNode === undefined ? undefined : fields.wholeNumber(asnNode, 'asn', [1, 4_294_967_295]);
  const name = nameNode === undefined ? undefined : fields.text(nameNode, 'a name');
  const country = countryNode === undefined ? undefined : fields.text(countryNode, 'a country');
  if (country !== undefined && countryNode !== undefined && !/^[A-Z]{2}$/.test(country))
    fields.error('E043', countryNode, `'${country}' is no country`, 'two capitals, such as US');
  return {
    range,
    ...(asn === undefined ? {} : { asn }),
    ...(name === undefined ? {} : { name }),
    ...(country === undefined ? {} : { country }),
  };
}
