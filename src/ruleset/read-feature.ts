import { createHash } from 'node:crypto';
import { eventTypes } from '../model/event-type.js';
import type { FeatureSpec } from '../model/feature.js';
import type { SignalInfo } from '../model/signal.js';
import { type FeatureKindInfo, featureKindRegistry, laterFeatureKeys } from './feature-kinds.js';
import { didYouMean, type FieldReader } from './yaml/read-fields.js';
import type { YamlNode, YamlScalar } from './yaml/yaml-node.js';

export type SignalsByName = ReadonlyMap<string, SignalInfo>;

/** A feature as declared, with its places. */
export interface FeatureDeclaration {
  readonly spec: FeatureSpec;
  readonly name: YamlScalar;
}

const kindKeys = featureKindRegistry.map(({ key }) => key);
const known = [...kindKeys, 'by', 'window', 'on', 'exact_to'];
/** The store keeps this many events of one key at most. */
const exactBounds = [1, 1024] as const;

export function readFeature(
  name: YamlScalar,
  node: YamlNode,
  { fields, signals }: { fields: FieldReader; signals: SignalsByName },
): FeatureDeclaration | undefined {
  if (reportLater(node, fields)) return undefined;
  const values = fields.map(node, { what: 'a feature', known });
  const kind = values === undefined ? undefined : kindOf(name, values, fields);
  if (values === undefined || kind === undefined) return undefined;
  const of = readOf(kind, values, { fields, signals });
  const by = readBy(kind, name, values, { fields, signals });
  const window = readWindow(kind, name, values, fields);
  const on = values.get('on');
  const types = on === undefined ? eventTypes : fields.manyOf(on, 'event type', eventTypes);
  const exact = values.get('exact_to');
  const exactTo = exact === undefined ? kind.exactTo : fields.wholeNumber(exact, 'exact_to', exactBounds);
  if (of === undefined || by === undefined || window === 'wrong' || types === undefined || exactTo === undefined)
    return undefined;
  const definition = {
    kind: kind.kind,
    of,
    by,
    ...(window === undefined ? {} : { windowMs: window }),
    on: types,
    exactTo,
  };
  return { name, spec: { name: name.text, id: featureId(definition), ...definition } };
}

function reportLater(node: YamlNode, fields: FieldReader): boolean {
  if (node.kind !== 'map') return false;
  const later = [...node.entries.values()].filter(({ key }) => laterFeatureKeys.includes(key.text));
  for (const { key } of later) fields.error('E025', key, `'${key.text}' is not available in this version`);
  return later.length > 0;
}

function kindOf(
  name: YamlScalar,
  values: ReadonlyMap<string, YamlNode>,
  fields: FieldReader,
): FeatureKindInfo | undefined {
  const [first, second] = featureKindRegistry.filter(({ key }) => values.has(key));
  if (first === undefined)
    return fields.error('E028', name, `feature '${name.text}' has no kind`, `one of ${kindKeys.join(', ')}`);
  const other = second === undefined ? undefined : values.get(second.key);
  if (second !== undefined && other !== undefined)
    return fields.error('E028', other, `a feature has one kind, and this has '${first.key}' and '${second.key}'`);
  return first;
}

interface Reading {
  readonly fields: FieldReader;
  readonly signals: SignalsByName;
}

function readOf(kind: FeatureKindInfo, values: ReadonlyMap<string, YamlNode>, reading: Reading): string | undefined {
  const node = values.get(kind.key);
  if (node === undefined) return undefined;
  if (kind.of !== undefined) return reading.fields.oneOf(node, `value of '${kind.key}'`, kind.of);
  return readSignal(node, reading);
}

function readSignal(node: YamlNode, { fields, signals }: Reading): string | undefined {
  const name = fields.text(node, 'the name of a signal');
  if (name === undefined || signals.has(name)) return name;
  return fields.error('E026', node, `there is no signal '${name}'`, didYouMean(name, signals.keys()));
}

function readBy(
  kind: FeatureKindInfo,
  name: YamlScalar,
  values: ReadonlyMap<string, YamlNode>,
  reading: Reading,
): readonly string[] | undefined {
  const { fields } = reading;
  const node = values.get('by');
  if (node === undefined)
    return kind.needsBy
      ? fields.error('E011', name, `feature '${name.text}' needs 'by'`, 'by: [payment.fingerprint]')
      : [];
  const items = fields.list(node, "'by'");
  if (items === undefined) return undefined;
  if (items.length === 0 && kind.needsBy) return fields.error('E019', node, "'by' names at least one signal");
  const found: string[] = [];
  for (const item of items) {
    const signal = readSignal(item, reading);
    if (signal === undefined) return undefined;
    if (found.includes(signal)) return fields.error('E019', item, `'${signal}' stands twice`);
    found.push(signal);
  }
  return found;
}

function readWindow(
  kind: FeatureKindInfo,
  name: YamlScalar,
  values: ReadonlyMap<string, YamlNode>,
  fields: FieldReader,
): number | undefined | 'wrong' {
  const node = values.get('window');
  if (node === undefined && !kind.windowed) return undefined;
  if (node === undefined) {
    fields.error('E011', name, `feature '${name.text}' needs 'window'`, 'window: 24h');
    return 'wrong';
  }
  if (!kind.windowed) {
    fields.error('E010', node, `a feature of kind '${kind.key}' has no window`);
    return 'wrong';
  }
  return fields.duration(node, 'a window') ?? 'wrong';
}

/** The name is no part of it: a feature that is only renamed keeps its history. */
function featureId(definition: Omit<FeatureSpec, 'name' | 'id'>): string {
  const { kind, of, by, windowMs, on, exactTo } = definition;
  const canonical = JSON.stringify([kind, of, by, windowMs ?? null, [...on].sort(), exactTo]);
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16);
}
