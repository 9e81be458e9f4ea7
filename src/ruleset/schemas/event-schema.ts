import { type EventField, eventFields } from '../../model/event-fields.js';
import { eventTypes } from '../../model/event-type.js';
import { ref, type Schema } from './schema.js';

/** Text may count repeats and choose: `a{n}`, `{red|blue}`. */
function fieldSchema({ kind, values }: EventField): Schema {
  if (kind === 'number') return { type: 'number' };
  if (kind === 'flag') return { type: 'boolean' };
  if (kind === 'texts') return { type: 'array', items: { type: 'string' } };
  if (kind === 'json') return {};
  return values === undefined ? { type: 'string' } : { anyOf: [{ enum: values }, { type: 'string', pattern: '\\{' }] };
}

/** Fields by dotted name, and the same as maps in maps. */
export function eventProperties(): Readonly<Record<string, Schema>> {
  const properties: Record<string, Schema> = {};
  for (const field of eventFields) {
    properties[field.name] = fieldSchema(field);
    addNested(properties, field.name.split('.'), field);
  }
  return properties;
}

type Properties = Record<string, Schema>;

function addNested(properties: Properties, [first = '', ...rest]: readonly string[], field: EventField): void {
  if (rest.length === 0) {
    properties[first] = fieldSchema(field);
    return;
  }
  const before = properties[first]?.properties;
  const inner: Properties = isProperties(before) ? { ...before } : {};
  if (rest.length > 1) inner[rest.join('.')] = fieldSchema(field);
  addNested(inner, rest, field);
  properties[first] = { type: 'object', properties: inner, additionalProperties: false };
}

const isProperties = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of one type. */
export const fieldsSchema = (): Schema => ({
  description: 'Fields that events of this type have unless they say otherwise.',
  type: 'object',
  properties: eventProperties(),
  additionalProperties: false,
});

/** What all events of a file have unless they say otherwise. */
export const defaultsSchema = (): Schema => ({
  description: 'Fields that events have unless they say otherwise; under the name of a type, those of that type.',
  type: 'object',
  properties: { ...eventProperties(), ...Object.fromEntries(eventTypes.map((type) => [type, ref('fields')])) },
  additionalProperties: false,
});
