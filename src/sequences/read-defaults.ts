import { type EventType, eventTypes } from '../model/event-type.js';
import type { YamlEntry, YamlNode } from '../ruleset/yaml/yaml-node.js';
import { readEventFields, type WrittenField } from './read-event-fields.js';
import type { TestReader } from './test-reader.js';

/** Fields that events of a type have unless they say otherwise. */
export type EventDefaults = ReadonlyMap<EventType, ReadonlyMap<string, WrittenField>>;

export const noDefaults: EventDefaults = new Map();

/** Fields for all events, and under the name of a type for those of the type; they are added to `before`. */
export function readDefaults(node: YamlNode, before: EventDefaults = noDefaults, reader: TestReader): EventDefaults {
  const entries = reader.fields.entries(node, "'defaults'") ?? [];
  const isType = ({ key }: YamlEntry): boolean => eventTypes.some((type) => type === key.text);
  const general = readEventFields(
    entries.filter((entry) => !isType(entry)),
    reader,
  );
  const specific = new Map(entries.filter(isType).map(({ key, value }) => [key.text, ofType(value, reader)]));
  return new Map(
    eventTypes.map((type) => [type, new Map([...(before.get(type) ?? []), ...general, ...(specific.get(type) ?? [])])]),
  );
}

const ofType = (node: YamlNode, reader: TestReader): Map<string, WrittenField> =>
  readEventFields(reader.fields.entries(node, 'the fields of a type') ?? [], reader);
