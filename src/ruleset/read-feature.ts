import { createHash } from 'node:crypto';
import { bucketMsOf, leastBucketMs } from '../features/burst-spans.js';
import { type EventType, eventTypes, type ObservedType, observedTypes } from '../model/event-type.js';
import { readsEvidence } from '../model/evidence.js';
import type { FeatureSpec } from '../model/feature.js';
import {
  type FeatureKindInfo,
  type FeatureOption,
  featureKindRegistry,
  featureOptions,
  mostExact,
  optionExamples,
} from './feature-kinds.js';
import { readSignal, readSignals, type SignalReader } from './read-signals.js';
import type { FieldReader } from './yaml/read-fields.js';
import type { YamlNode, YamlScalar } from './yaml/yaml-node.js';

/** A feature as declared, with its places. */
export interface FeatureDeclaration {
  readonly spec: FeatureSpec;
  readonly name: YamlScalar;
  readonly node: YamlNode;
}

const kindKeys = featureKindRegistry.map(({ key }) => key);
const known = [...kindKeys, 'by', ...featureOptions];
const exactBounds = [1, mostExact] as const;
const minBounds = [1, 1000] as const;
const shortestBurst = 'a window from 4s on, or a baseline from 64s on';
/** `min` of a burst whose author does not say. */
const usualMin = 4;

export function readFeature(
  name: YamlScalar,
  node: YamlNode,
  { fields, signals }: SignalReader,
): FeatureDeclaration | undefined {
  const before = fields.sink.errors.length;
  const values = fields.map(node, { what: 'a feature', known });
  // An unknown key may be the kind that it seems to lack.
  const isWhole = fields.sink.errors.length === before;
  const kind = values === undefined ? undefined : kindOf(name, values, { fields, isWhole });
  if (values === undefined || kind === undefined) return undefined;
  const of = readOf(kind, values, { fields, signals });
  const by = readBy(kind, { name, node, values, fields, isWhole }, signals);
  const options = readOptions(kind, { name, node, values, fields, isWhole });
  const on =
    kind.kind === 'burst'
      ? typesOf(of)
      : readTypes(values.get('on'), [...(by ?? []), ...(kind.of === undefined ? [of ?? ''] : [])], fields);
  if (of === undefined || by === undefined || options === undefined || on === undefined) return undefined;
  const definition = { kind: kind.kind, of, by, on, ...options };
  return { name, node, spec: { name: name.text, id: featureId(definition), ...definition } };
}

const typesOf = (of: string | undefined): readonly EventType[] => eventTypes.filter((type) => type === of);

/** Who does not say counts all events; what accounts were verified with is counted when they are verified. */
function readTypes(
  on: YamlNode | undefined,
  signals: readonly string[],
  fields: FieldReader,
): readonly ObservedType[] | undefined {
  if (on === undefined) return readsEvidence(signals) ? ['verified'] : eventTypes;
  return fields.manyOf(on, 'event type', observedTypes);
}

function kindOf(
  name: YamlScalar,
  values: ReadonlyMap<string, YamlNode>,
  { fields, isWhole }: { fields: FieldReader; isWhole: boolean },
): FeatureKindInfo | undefined {
  const [first, second] = featureKindRegistry
    .filter(({ key }) => values.has(key))
    .sort((a, b) => (values.get(a.key)?.start ?? 0) - (values.get(b.key)?.start ?? 0));
  if (first === undefined && !isWhole) return undefined;
  if (first === undefined)
    return fields.error('E028', name, `feature '${name.text}' has no kind`, `one of ${kindKeys.join(', ')}`);
  const other = second === undefined ? undefined : values.get(second.key);
  if (second !== undefined && other !== undefined)
    return fields.error('E028', other, `a feature has one kind, and this has '${first.key}' and '${second.key}'`);
  return first;
}

function readOf(
  kind: FeatureKindInfo,
  values: ReadonlyMap<string, YamlNode>,
  reading: SignalReader,
): string | undefined {
  const node = values.get(kind.key);
  if (node === undefined) return undefined;
  if (kind.of !== undefined) return reading.fields.oneOf(node, `value of '${kind.key}'`, kind.of);
  return readSignal(node, reading);
}

function readBy(
  kind: FeatureKindInfo,
  { name, values, fields, isWhole }: Written,
  signals: SignalReader['signals'],
): readonly string[] | undefined {
  const node = values.get('by');
  if (node === undefined && !isWhole) return undefined;
  if (node === undefined)
    return kind.needsBy
      ? fields.error('E011', name, `feature '${name.text}' needs 'by'`, 'by: [payment.fingerprint]')
      : [];
  const items = fields.list(node, "'by'");
  if (items === undefined) return undefined;
  if (items.length === 0 && kind.needsBy) return fields.error('E019', node, "'by' names at least one signal");
  return readSignals(items, { fields, signals });
}

type Options = Pick<FeatureSpec, 'windowMs' | 'baselineMs' | 'olderThanMs' | 'min' | 'exactTo'>;

/** A feature as it stands in the file. */
interface Written {
  readonly name: YamlScalar;
  readonly node: YamlNode;
  readonly values: ReadonlyMap<string, YamlNode>;
  readonly fields: FieldReader;
  /** Without an unknown key, which may be the one that seems to be missing. */
  readonly isWhole: boolean;
}

/** Undefined when something is wrong, which has been reported. */
function readOptions(kind: FeatureKindInfo, written: Written): Options | undefined {
  const { values, fields } = written;
  const fits = featureOptions.filter((option) => !isOptionRight(option, kind, written)).length === 0;
  if (!fits) return undefined;
  const problems = fields.sink.errors.length;
  const read = <T>(option: FeatureOption, how: (node: YamlNode) => T | undefined): T | undefined => {
    const node = values.get(option);
    return node === undefined ? undefined : how(node);
  };
  const windowMs = read('window', (node) => fields.duration(node, 'a window'));
  const baselineMs = read('baseline', (node) => fields.duration(node, 'a baseline'));
  const olderThanMs = read('older_than', (node) => fields.duration(node, 'an age'));
  const min = read('min', (node) => fields.wholeNumber(node, 'min', minBounds));
  const exactTo = read('exact_to', (node) => fields.wholeNumber(node, 'exact_to', exactBounds));
  const baseline = values.get('baseline');
  if (baseline !== undefined && windowMs !== undefined && baselineMs !== undefined && baselineMs < windowMs)
    fields.error('E014', baseline, 'the baseline is shorter than the window', 'baseline: 21d to a window of 24h');
  else if (baseline !== undefined && bucketMsOf(windowMs ?? 0, baselineMs ?? 0) < leastBucketMs)
    fields.error('E014', baseline, 'window and baseline are too short to tell what is usual', shortestBurst);
  if (fields.sink.errors.length > problems) return undefined;
  return {
    ...(windowMs === undefined ? {} : { windowMs }),
    ...(baselineMs === undefined ? {} : { baselineMs, min: min ?? usualMin }),
    ...(olderThanMs === undefined ? {} : { olderThanMs }),
    exactTo: exactTo ?? kind.exactTo,
  };
}

/** An option stands where its kind needs it, and nowhere where its kind does not take it. */
function isOptionRight(
  option: FeatureOption,
  kind: FeatureKindInfo,
  { name, node, values, fields, isWhole }: Written,
): boolean {
  const value = values.get(option);
  if (value === undefined && !kind.needs.includes(option)) return true;
  if (value !== undefined && kind.takes.includes(option)) return true;
  if (value === undefined) {
    if (isWhole) fields.error('E011', name, `feature '${name.text}' needs '${option}'`, optionExamples[option]);
    return false;
  }
  // A key that was read as another stands under its own name.
  const at = keyIn(node, option) ?? value;
  fields.error('E010', at, `a feature of kind '${kind.key}' has no ${option}`, hintFor(option, kind));
  return false;
}

const keyIn = (node: YamlNode, key: string): YamlScalar | undefined =>
  node.kind === 'map' ? node.entries.get(key)?.key : undefined;

const hintFor = (option: FeatureOption, { kind, takes }: FeatureKindInfo): string =>
  kind === 'burst' && option === 'on'
    ? 'it counts the events that it names: burst: signup'
    : `it takes ${takes.join(', ')}`;

/** The name is no part of it: a feature that is only renamed keeps its history. */
function featureId(definition: Omit<FeatureSpec, 'name' | 'id'>): string {
  const { kind, of, by, windowMs, on, exactTo, baselineMs, min, olderThanMs } = definition;
  const more = [baselineMs, min, olderThanMs].filter((part) => part !== undefined);
  const canonical = JSON.stringify([kind, of, by, windowMs ?? null, [...on].sort(), exactTo, ...more]);
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16);
}
