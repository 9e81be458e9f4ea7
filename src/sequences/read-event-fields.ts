import { carriedBy, type EventField, eventFields, neededFields, neededWithin } from '../model/event-fields.js';
import type { EventType } from '../model/event-type.js';
import { inspectJson } from '../model/inspect-json.js';
import { own } from '../model/own.js';
import { eventCardExemptions } from '../model/parse-event.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import { describeNode, type YamlEntry, type YamlNode, type YamlScalar } from '../ruleset/yaml/yaml-node.js';
import { fillTemplate } from './fill-template.js';
import type { Json, JsonMap } from './sequence-test.js';
import type { TestReader } from './test-reader.js';

/** A field of an event as it was written; filled in anew for each repetition. */
export interface WrittenField {
  readonly field: EventField;
  readonly key: YamlScalar;
  readonly node: YamlNode;
}

const fieldsByName = new Map(eventFields.map((field) => [field.name, field]));
const groups = new Set(
  eventFields.flatMap(({ name }) =>
    name
      .split('.')
      .slice(0, -1)
      .map((_, i) =>
        name
          .split('.')
          .slice(0, i + 1)
          .join('.'),
      ),
  ),
);

/** Fields by dotted name, whether they are written dotted or as maps in maps. */
export function readEventFields(
  entries: readonly YamlEntry[],
  reader: TestReader,
  into: Map<string, WrittenField> = new Map(),
  prefix = '',
): Map<string, WrittenField> {
  for (const { key, value } of entries) {
    const name = `${prefix}${key.text}`;
    const field = fieldsByName.get(name);
    if (field !== undefined) into.set(name, { field, key, node: value });
    else if (groups.has(name)) readGroup(name, value, reader, into);
    else reader.fields.error('E042', key, `an event has no field '${name}'`, hintFor(name));
  }
  return into;
}

function readGroup(name: string, node: YamlNode, reader: TestReader, into: Map<string, WrittenField>): void {
  const entries = reader.fields.entries(node, `the fields of '${name}'`);
  if (entries !== undefined) readEventFields(entries, reader, into, `${name}.`);
}

const stepKeys = ['type', 'repeat', 'every', 'at', 'after'];

/** Signals, which events have under another name. */
const signalNames: Readonly<Record<string, string>> = { 'ip.address': 'ip', ip_address: 'ip', ipaddress: 'ip' };

function hintFor(name: string): string | undefined {
  const field = Object.hasOwn(signalNames, name.toLowerCase()) ? signalNames[name.toLowerCase()] : undefined;
  if (field !== undefined) return `did you mean '${field}'?`;
  return didYouMean(name, [...fieldsByName.keys(), ...stepKeys]);
}

/** An event that is repeated: what does not vary is read once. */
interface RepeatedEvent {
  /** The JSON of one repetition, made when it is called; undefined when a value does not fit, which is reported. */
  readonly bodyOf: (n: number) => (() => JsonMap) | undefined;
}

type FieldValue = readonly [path: readonly string[], value: Json];

/** Undefined when a value that does not vary does not fit, which is reported. */
export function repeatedEvent(
  fields: ReadonlyMap<string, WrittenField>,
  reader: TestReader,
): RepeatedEvent | undefined {
  const all = [...fields].map(([name, written]) => ({ path: name.split('.'), ...written }));
  const valuesOf = (some: typeof all, n: number): readonly FieldValue[] | undefined => {
    const found = some.map(({ path, field, node }) => {
      const value = fieldValue(field, node, n, reader);
      return { path, value: value === undefined ? undefined : acceptedValue({ path, node, value }, reader) };
    });
    const whole = found.flatMap(({ path, value }): FieldValue[] => (value === undefined ? [] : [[path, value]]));
    return whole.length === found.length ? whole : undefined;
  };
  const varying = all.filter(({ node }) => varies(node));
  const fixed = valuesOf(
    all.filter(({ node }) => !varies(node)),
    1,
  );
  if (fixed === undefined) {
    valuesOf(varying, 1);
    return undefined;
  }
  return {
    bodyOf(n) {
      const own = valuesOf(varying, n);
      return own === undefined ? undefined : () => bodyWith([...fixed, ...own]);
    },
  };
}

interface PlacedValue {
  readonly path: readonly string[];
  readonly node: YamlNode;
  readonly value: Json;
}

/** Undefined for what the service takes in no event, such as a card number; that is reported. */
function acceptedValue({ path, node, value }: PlacedValue, { fields }: TestReader): Json | undefined {
  const refused = inspectJson(bodyWith([[path, value]]), eventCardExemptions);
  if (refused === undefined) return value;
  const why = refused.errors?.[0]?.detail ?? refused.code;
  return fields.error('E043', node, `'${path.join('.')}' is refused by the service: ${why}`);
}

function varies(node: YamlNode): boolean {
  if (node.kind === 'list') return node.items.some(varies);
  if (node.kind === 'map') return [...node.entries.values()].some(({ value }) => varies(value));
  return node.text.includes('{');
}

function bodyWith(values: readonly FieldValue[]): JsonMap {
  const body: JsonMap = {};
  for (const [path, value] of values) put(body, path, value);
  return body;
}

function put(body: JsonMap, [first = '', ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) {
    body[first] = value;
    return;
  }
  const inner = body[first];
  const map: JsonMap = isMap(inner) ? inner : {};
  body[first] = map;
  put(map, rest, value);
}

const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fieldValue(field: EventField, node: YamlNode, n: number, reader: TestReader): Json | undefined {
  if (field.kind === 'json') return jsonOf(node, n);
  if (field.kind === 'texts') return textsOf(field, node, n, reader);
  const { fields } = reader;
  const scalar = fields.scalar(node, `'${field.name}'`);
  if (scalar === undefined) return undefined;
  if (field.kind === 'text') return textOf(field, scalar, n, reader);
  const { value } = scalar;
  if (field.kind === 'flag' && typeof value === 'boolean') return value;
  if (field.kind === 'number' && typeof value === 'number') return numberIn(field, scalar, value, reader);
  const wanted = field.kind === 'flag' ? 'true or false' : 'a number';
  return fields.error('E043', node, `'${field.name}' is ${wanted}, not ${describeNode(node)}`);
}

const counterHint = '{n} is the number of the repetition';

/** What `fillTemplate` leaves of braces that do not belong together. */
const strayBrace = (text: string): string | undefined => /[{}]/.exec(text.replace(/\{[^{}]*\}/g, ''))?.[0];

function textOf(field: EventField, scalar: YamlScalar, n: number, { fields }: TestReader): string | undefined {
  const { name, values, form } = field;
  if (typeof scalar.value !== 'string')
    return fields.error(
      'E043',
      scalar,
      `'${name}' is a text, not ${describeNode(scalar)}`,
      `in quotes it is text: '${scalar.text}'`,
    );
  const text = fillTemplate(scalar.value, n);
  const [unknown] = /\{[A-Za-z_]\w{0,20}(?:[+:-]\w*)?\}/.exec(text) ?? [];
  if (unknown !== undefined) return fields.error('E043', scalar, `'${unknown}' stands for nothing`, counterHint);
  const stray = strayBrace(scalar.value);
  if (stray !== undefined)
    return fields.error('E043', scalar, `a '${stray}' that belongs to no other brace`, counterHint);
  if (values !== undefined && !values.includes(text))
    return fields.error(
      'E043',
      scalar,
      `'${name}' is never '${text}'`,
      didYouMean(text, values) ?? `one of ${values.join(', ')}`,
    );
  if (form === undefined ? text !== '' : form.fits(text)) return text;
  return fields.error('E043', scalar, `'${name}' cannot be '${text}'`, `expected ${form?.expected ?? 'a text'}`);
}

function numberIn(
  { name, range }: EventField,
  at: YamlScalar,
  value: number,
  { fields }: TestReader,
): number | undefined {
  const [least, most] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (value >= least && value <= most) return value;
  return fields.error('E043', at, `'${name}' is ${least} to ${most}, not ${at.text}`);
}

function textsOf(field: EventField, node: YamlNode, n: number, reader: TestReader): Json | undefined {
  const items = reader.fields.list(node, `'${field.name}'`);
  if (items === undefined) return undefined;
  const texts = items.map((item) => {
    const scalar = reader.fields.scalar(item, 'a text');
    return scalar === undefined ? undefined : textOf(field, scalar, n, reader);
  });
  return texts.flatMap((text) => text ?? []);
}

function jsonOf(node: YamlNode, n: number): Json {
  if (node.kind === 'list') return node.items.map((item) => jsonOf(item, n));
  if (node.kind === 'map')
    return Object.fromEntries([...node.entries.values()].map(({ key, value }) => [key.text, jsonOf(value, n)]));
  return typeof node.value === 'string' ? fillTemplate(node.value, n) : node.value;
}

/** What an event of this type has to have and has not. */
export function missingFields(type: EventType, fields: ReadonlyMap<string, WrittenField>): readonly string[] {
  const groups = new Set([...fields.keys()].map((name) => name.split('.')[0] ?? ''));
  const within = Object.entries(neededWithin).flatMap(([group, name]) => (groups.has(group) ? [name] : []));
  return [...new Set([...neededFields[type], ...within])].filter((name) => !fields.has(name));
}

/** The first field of each group that events of this type do not have. */
export function foreignFields(type: EventType, fields: ReadonlyMap<string, WrittenField>): readonly WrittenField[] {
  const found = new Map<string, WrittenField>();
  for (const [name, written] of fields) {
    const [group = ''] = name.split('.');
    if (own(carriedBy, group)?.includes(type) === false && !found.has(group)) found.set(group, written);
  }
  return [...found.values()];
}
