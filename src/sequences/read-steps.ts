import { type EventType, eventTypes } from '../model/event-type.js';
import { type Instant, toIso } from '../model/time.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import type { YamlMap, YamlNode } from '../ruleset/yaml/yaml-node.js';
import { checkEventIds } from './check-event-ids.js';
import {
  foreignFields,
  missingFields,
  readEventFields,
  repeatedEvent,
  type WrittenField,
} from './read-event-fields.js';
import { otherSteps } from './read-other-steps.js';
import type { JsonMap, Step } from './sequence-test.js';
import { type StepsReading, stepTime, type Timeline } from './step-timeline.js';
import { headOf, readCount, readSpan } from './test-reader.js';

export interface ReadSteps {
  readonly steps: readonly Step[];
  readonly events: number;
  readonly isSure: boolean;
}

export function readSteps(node: YamlNode, reading: StepsReading): ReadSteps {
  const { errors } = reading.fields.sink;
  const before = errors.length;
  const timeline: Timeline = {
    steps: [],
    now: reading.clock,
    events: 0,
    isSure: true,
    writtenIds: new Map(),
    accounts: [],
  };
  for (const item of reading.fields.list(node, "'events'") ?? []) {
    if (item.kind !== 'map') {
      reading.fields.entries(item, 'an event');
      continue;
    }
    const name = Object.keys(otherSteps).find((key) => item.entries.has(key) && !item.entries.has('type'));
    const read = name === undefined ? undefined : otherSteps[name];
    (read ?? readEvent)(item, reading, timeline);
  }
  // Where something is wrong with the events, it is not known whom they are of.
  if (errors.length === before) checkAccounts(timeline, reading);
  if (errors.length === before) checkEventIds(timeline, reading);
  return { steps: timeline.steps.sort((a, b) => a.at - b.at), events: timeline.events, isSure: timeline.isSure };
}

/** What happens to an account that no event has could not be done. */
function checkAccounts({ steps, accounts }: Timeline, { fields }: StepsReading): void {
  if (accounts.length === 0) return;
  const known = new Set(steps.flatMap((step) => (step.kind === 'event' ? accountIdOf(step.body()) : [])));
  for (const { id, at } of accounts)
    if (!known.has(id)) fields.error('E041', at, `no event of the test has the account '${id}'`, didYouMean(id, known));
}

function accountIdOf({ account }: JsonMap): string[] {
  const id = typeof account === 'object' && account !== null && 'id' in account ? account.id : undefined;
  return typeof id === 'string' ? [id] : [];
}

const eventKeys = ['type', 'repeat', 'every', 'at', 'after'];

function readEvent(node: YamlMap, reading: StepsReading, timeline: Timeline): void {
  const { fields } = reading;
  const typeNode = node.entries.get('type')?.value;
  const type =
    typeNode === undefined ? noType(node, reading) : fields.oneOf<EventType>(typeNode, 'event type', eventTypes);
  const repetition = readRepetition(node, reading, timeline);
  const written = [...node.entries.values()].filter(({ key }) => !eventKeys.includes(key.text));
  const before = fields.sink.errors.length;
  const all = type === undefined ? undefined : readEventFields(written, reading, new Map(reading.defaults.get(type)));
  const isMistyped = fields.sink.errors.length > before;
  // An unknown field may have been to repeat it.
  if (isMistyped) timeline.isSure = false;
  const first = stepTime(node, reading, timeline);
  timeline.events += repetition.repeat;
  // What seems to be missing was perhaps only written wrongly.
  if (type === undefined || all === undefined || isMistyped) return;
  for (const { field, key } of foreignFields(type, all))
    fields.error('E042', key, `an event of type ${type} has no '${field.name}'`, 'only api_key_used has usage');
  for (const name of missingFields(type, all))
    fields.error('E011', headOf(node), `an event of type ${type} needs '${name}'`);
  addEvents({ node, type, fields: all, first, ...repetition }, reading, timeline);
}

function readRepetition(node: YamlMap, reading: StepsReading, timeline: Timeline): { repeat: number; every: number } {
  const { errors } = reading.fields.sink;
  const before = errors.length;
  const repeat = readCount(node.entries.get('repeat')?.value, 'repeat', reading);
  if (errors.length > before) timeline.isSure = false;
  const every = node.entries.get('every')?.value;
  return { repeat, every: every === undefined ? 0 : (readSpan(every, 'every', reading) ?? 0) };
}

function noType(node: YamlMap, { fields }: StepsReading): undefined {
  const names = [...node.entries.keys()];
  const near = names
    .map((name) => ({ name, hint: didYouMean(name, [...Object.keys(otherSteps), 'type']) }))
    .find(({ hint }) => hint !== undefined);
  const at = near === undefined ? headOf(node) : (node.entries.get(near.name)?.key ?? node);
  fields.error(
    'E011',
    at,
    "an event needs 'type'",
    near?.hint ?? 'type: signup; or a step: wait, label, verify, review',
  );
}

interface Repeated {
  readonly node: YamlMap;
  readonly type: EventType;
  readonly fields: ReadonlyMap<string, WrittenField>;
  readonly first: Instant;
  readonly every: number;
  readonly repeat: number;
}

function addEvents(repeated: Repeated, reading: StepsReading, timeline: Timeline): void {
  const { node, type, fields, first, every, repeat } = repeated;
  const from = timeline.events - repeat;
  const event = repeatedEvent(fields, reading);
  const idAt = fields.get('event_id')?.node;
  for (let n = 1; n <= repeat; n++) {
    const written = event?.bodyOf(n);
    // What is wrong with one repetition is wrong with the next as well.
    if (written === undefined) return;
    const at = first + (n - 1) * every;
    const number = from + n;
    const body = (): JsonMap => completed(written(), type, at, number);
    timeline.now = at;
    if (idAt !== undefined) timeline.writtenIds.set(number, idAt);
    timeline.steps.push({ kind: 'event', at, number, body, place: node });
  }
}

const completed = (body: JsonMap, type: EventType, at: Instant, number: number): JsonMap => ({
  type,
  event_id: `evt-${number}`,
  occurred_at: toIso(at),
  ...body,
});
