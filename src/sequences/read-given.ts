import type { Instant } from '../model/time.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import type { YamlEntry, YamlNode } from '../ruleset/yaml/yaml-node.js';
import { readLists, readNetworks } from './read-given-data.js';
import { readAccounts, readLabels } from './read-given-history.js';
import type { Given, GivenBaseline } from './sequence-test.js';
import { headOf, type TestReader } from './test-reader.js';

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
  if (shareNode !== undefined && expectedNode !== undefined)
    return fields.error('E021', expectedNode, "a baseline has 'share' or 'expected', not both");
  if (shareNode === undefined && expectedNode === undefined)
    return fields.error('E011', headOf(node), "a baseline needs 'share' or 'expected'", 'share: 0.0004');
  const share = shareNode === undefined ? undefined : fields.number(shareNode, 'a share', [0, 1]);
  const expected = expectedNode === undefined ? undefined : fields.number(expectedNode, 'what is expected', [0, 1e9]);
  return {
    others: others ?? 0,
    ...(share === undefined ? {} : { share }),
    ...(expected === undefined ? {} : { expected }),
  };
}
