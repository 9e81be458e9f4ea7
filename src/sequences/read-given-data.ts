import { builtInLists } from '../lists/built-in-lists.js';
import { parseListEntry } from '../lists/list-entry.js';
import { parseIpRange } from '../model/ip-address.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import type { YamlNode } from '../ruleset/yaml/yaml-node.js';
import type { GivenNetwork } from './sequence-test.js';
import type { TestReader } from './test-reader.js';

/** Entries that lists hold besides those of their files. */
export function readLists(node: YamlNode, reader: TestReader): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>();
  for (const { key, value } of reader.fields.entries(node, 'entries by list') ?? []) {
    const known = reader.ruleSet?.lists;
    const kind = known?.get(key.text)?.kind ?? builtInLists.get(key.text);
    if (known !== undefined && kind === undefined) {
      const names = [...known.keys(), ...builtInLists.keys()];
      reader.fields.error('E040', key, `there is no list '${key.text}'`, didYouMean(key.text, names));
    }
    const entries = (reader.fields.list(value, `the entries of '${key.text}'`) ?? []).flatMap((item) => {
      const text = reader.fields.scalar(item, 'an entry')?.text;
      if (text === undefined) return [];
      if (kind === undefined || (parseListEntry(text, kind) !== undefined && !/[\r\n#]/.test(text))) return [text];
      reader.fields.error('E030', item, `'${text}' is no ${entryNames[kind]}`);
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

/** What the IP data is to say of some ranges. */
export function readNetworks(node: YamlNode, reader: TestReader): readonly GivenNetwork[] {
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
  const asn = asnNode === undefined ? undefined : readAsn(asnNode, fields);
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

/** `64500`, or `AS64500` as in lists. */
function readAsn(node: YamlNode, fields: TestReader['fields']): number | undefined {
  const entry = node.kind === 'scalar' && typeof node.value === 'string' ? parseListEntry(node.text, 'asn') : undefined;
  return entry?.kind === 'asn' ? entry.asn : fields.wholeNumber(node, 'asn', [1, 4_294_967_295]);
}
