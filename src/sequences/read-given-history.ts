import { featureInputs } from '../model/feature.js';
import type { Instant } from '../model/time.js';
import type { Value } from '../model/value.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import type { YamlEntry, YamlMap, YamlNode } from '../ruleset/yaml/yaml-node.js';
import type { GivenAccounts, GivenLabel } from './sequence-test.js';
import { headOf, readCount, readLabel, readSpan, readTime, type TestReader } from './test-reader.js';

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

/** Accounts that were labelled before the test, by what they share with its events. */
export function readLabels(node: YamlNode, clock: Instant, reader: TestReader): readonly GivenLabel[] {
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
  if (atNode !== undefined && ageNode !== undefined)
    reader.fields.error('E021', ageNode, "a label has 'at' or 'age', not both");
  if (at !== undefined && atNode !== undefined && at >= clock)
    reader.fields.error(
      'E045',
      atNode,
      'what is given lies before the clock',
      'a label that comes later is a step: { label: fraud, account.id: a1, at: 2h }',
    );
  return { ageMs: Math.max(age ?? 1, 1), ...(at === undefined ? {} : { at }) };
}

/** Accounts in good standing, by what they share with the events of the test. */
export function readAccounts(node: YamlNode, reader: TestReader): readonly GivenAccounts[] {
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
