import { createHash } from 'node:crypto';
import type { CheckedExpression } from '../expression/checked-expression.js';
import { type LinkSpec, linksMost } from '../model/link.js';
import { ringInputs } from '../model/ring.js';
import type { SignalInfo } from '../model/signal.js';
import { type ExpressionReader, readExpression } from './read-expression.js';
import { readSignals } from './read-signals.js';
import { didYouMean } from './yaml/read-fields.js';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml/yaml-node.js';

/** What joins accounts, and when it counts. */
export interface RuleLink {
  readonly spec: LinkSpec;
  /** The link counts on events for which this is true; always, where there is none. */
  readonly when?: CheckedExpression | undefined;
}

/** A link as declared, with its places. */
export interface LinkDeclaration extends RuleLink {
  readonly name: YamlScalar;
  readonly strengthAt: YamlNode;
  readonly whenAt?: YamlNode | undefined;
}

export const linkKeys = {
  known: ['by', 'strength', 'same_as', 'hub_cap', 'ttl', 'when'],
  required: ['by', 'strength', 'hub_cap', 'ttl'],
} as const;

export const linkStrengths = ['strong', 'weak'] as const;

/** One account is no crowd; with more than this on a key, looking at who shares it would hold up others. */
export const hubCapBounds = [2, 10_000] as const;

interface LinkReading extends ExpressionReader {
  readonly signals: ReadonlyMap<string, SignalInfo>;
}

/** All links of a rule set, of which there are few: each is a bit in what a ring remembers. */
export function readLinks(entries: readonly YamlEntry[], reading: LinkReading): readonly LinkDeclaration[] {
  const tooMany = entries[linksMost];
  if (tooMany !== undefined)
    reading.fields.error(
      'E034',
      tooMany.key,
      `a rule set has at most ${linksMost} links, and this has ${entries.length}`,
    );
  const own = entries.filter(({ value }) => !isSameAsAnother(value)).map(({ key }) => key.text);
  const names = entries.map(({ key }) => key.text);
  return entries.flatMap(({ key, value }) => readLink(key, value, { ...reading, own, names }) ?? []);
}

const isSameAsAnother = (node: YamlNode): boolean => node.kind === 'map' && node.entries.has('same_as');

interface OneLinkReading extends LinkReading {
  /** Links that are the same as no other: what `same_as` may name, so that it leads to one link and in no circle. */
  readonly own: readonly string[];
  readonly names: readonly string[];
}

function readLink(name: YamlScalar, node: YamlNode, reading: OneLinkReading): LinkDeclaration | undefined {
  const { fields } = reading;
  const before = fields.sink.errors.length;
  const values = fields.map(node, { what: 'a link', known: linkKeys.known });
  // An unknown key may be the one that seems to be missing.
  const isWhole = fields.sink.errors.length === before;
  if (values === undefined) return undefined;
  for (const key of linkKeys.required)
    if (!values.has(key) && isWhole) fields.error('E011', name, `link '${name.text}' needs '${key}'`, example[key]);
  const read = <T>(key: string, as: (value: YamlNode) => T | undefined): T | undefined => {
    const value = values.get(key);
    return value === undefined ? undefined : as(value);
  };
  const by = read('by', (value) => readKey(value, reading));
  const strength = read('strength', (value) => fields.oneOf(value, 'strength', linkStrengths));
  const hubCap = read('hub_cap', (value) => fields.wholeNumber(value, 'hub_cap', hubCapBounds));
  const ttlMs = read('ttl', (value) => fields.duration(value, 'a ttl'));
  const sameAs = read('same_as', (value) => readSameAs(value, reading));
  const condition = values.get('when');
  const when = condition === undefined ? undefined : readCondition(condition, reading);
  const strengthAt = values.get('strength');
  if (by === undefined || strength === undefined || hubCap === undefined || ttlMs === undefined) return undefined;
  if (strengthAt === undefined || (condition !== undefined && when === undefined)) return undefined;
  const definition = { by, strength, hubCap, ttlMs };
  return {
    name,
    strengthAt,
    when,
    whenAt: condition,
    spec: { name: name.text, id: linkId(definition, when), ...definition, ...(sameAs === undefined ? {} : { sameAs }) },
  };
}

const example: Readonly<Record<(typeof linkKeys.required)[number], string>> = {
  by: 'by: [payment.fingerprint]',
  strength: 'strength: strong, or weak',
  hub_cap: 'hub_cap: 20',
  ttl: 'ttl: 90d',
};

function readSameAs(node: YamlNode, { fields, own, names }: OneLinkReading): string | undefined {
  if (own.length > 0) return fields.oneOf(node, 'link without same_as', own);
  const named = fields.text(node, 'the name of another link');
  if (named === undefined) return undefined;
  if (!names.includes(named))
    return fields.error(
      'E013',
      node,
      `'${named}' is no link`,
      didYouMean(named, names) ?? 'same_as names another link',
    );
  return fields.error('E013', node, 'every link is the same as another', 'one link of them without same_as');
}

function readKey(node: YamlNode, { fields, signals }: LinkReading): readonly string[] | undefined {
  const items = fields.list(node, "'by'");
  if (items === undefined) return undefined;
  if (items.length === 0) return fields.error('E019', node, "'by' names at least one signal");
  return readSignals(items, { fields, signals });
}

const ringNames = new Set(ringInputs.map(({ name }) => name));

/** What a ring is may not decide what makes it. */
function readCondition(node: YamlNode, reading: LinkReading): CheckedExpression | undefined {
  const checked = readExpression(node, 'boolean', reading);
  const circular = checked?.reads.find(({ name }) => ringNames.has(name));
  if (circular === undefined) return checked;
  return reading.fields.error(
    'E033',
    node,
    `the condition of a link reads '${circular.name}', which links make`,
    'signals and features only',
  );
}

/**
 * Neither the name nor `same_as` is a part of it. A link whose condition is another is another link: its history was made by
 * other events.
 */
function linkId({ by, strength, hubCap, ttlMs }: Omit<LinkSpec, 'name' | 'id'>, when?: CheckedExpression): string {
  const canonical = JSON.stringify([by, strength, hubCap, ttlMs, when?.text ?? null]);
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16);
}
