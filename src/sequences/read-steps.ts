import { type EventType, eventTypes } from '../model/event-type.js';
import { verificationMethods } from '../model/rule.js';
import { type Instant, toIso } from '../model/time.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import type { YamlMap, YamlNode } from '../ruleset/yaml/yaml-node.js';
import type { EventDefaults } from './read-defaults.js';
import { eventBody, missingFields, readEventFields, type WrittenField } from './read-event-fields.js';
import type { JsonMap, Step } from './sequence-test.js';
import { headOf, readCount, readLabel, readSpan, readTime, type TestReader } from './test-reader.js';

/** Events are numbered as they are written; they happen in the order of their times. */
export interface StepsReading extends TestReader {
  /** When the test begins. */
  readonly clock: Instant;
  readonly defaults: EventDefaults;
}

export interface ReadSteps {
  readonly steps: readonly Step[];
  readonly events: number;
  readonly isSure: boolean;
}

interface Timeline {
  readonly steps: Step[];
  now: Instant;
  events: number;
  /** False = some repetition could not be read: there may be more events than were counted. */
  isSure: boolean;
}

type ReadStep = (node: YamlMap, reading: StepsReading, timeline: Timeline) => void;

/** What is no event, by the key that says so. */
const otherSteps: Readonly<Record<string, ReadStep>> = {
  wait: readWait,
  label: readLabelStep,
  verify: readVerify,
  review: readReview,
};

export function readSteps(node: YamlNode, reading: StepsReading): ReadSteps {
  const timeline: Timeline = { steps: [], now: reading.clock, events: 0, isSure: true };
  for (const item of reading.fields.list(node, "'events'") ?? []) {
    if (item.kind !== 'map') {
      reading.fields.entries(item, 'an event');
      continue;
    }
    const name = Object.keys(otherSteps).find((key) => item.entries.has(key) && !item.entries.has('type'));
    const read = name === undefined ? undefined : otherSteps[name];
    (read ?? readEvent)(item, reading, timeline);
  }
  return { steps: timeline.steps.sort((a, b) => a.at - b.at), events: timeline.events, isSure: timeline.isSure };
}

const eventKeys = ['type', 'repeat', 'every', 'at', 'after'];

function readEvent(node: YamlMap, reading: StepsReading, timeline: Timeline): void {
  const { fields } = reading;
  const own = (name: string): YamlNode | undefined => node.entries.get(name)?.value;
  const typeNode = own('type');
  const type =
    typeNode === undefined ? noType(node, reading) : fields.oneOf<EventType>(typeNode, 'event type', eventTypes);
  const beforeRepeat = fields.sink.errors.length;
  const repeat = readCount(own('repeat'), 'repeat', reading);
  if (fields.sink.errors.length > beforeRepeat) timeline.isSure = false;
  const everyNode = own('every');
  const every = everyNode === undefined ? 0 : (readSpan(everyNode, 'every', reading) ?? 0);
  const written = [...node.entries.values()].filter(({ key }) => !eventKeys.includes(key.text));
  const before = fields.sink.errors.length;
  const all =
    type === undefined
      ? new Map<string, WrittenField>()
      : readEventFields(written, reading, new Map(reading.defaults.get(type)));
  const isMistyped = fields.sink.errors.length > before;
  const first = stepTime(node, reading, timeline);
  timeline.events += repeat;
  // What seems to be missing was perhaps only written wrongly.
  if (type === undefined || isMistyped) return;
  for (const name of missingFields(type, all))
    fields.error('E011', headOf(node), `an event of type ${type} needs '${name}'`);
  addEvents({ node, type, fields: all, first, every, repeat }, reading, timeline);
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
  for (let n = 1; n <= repeat; n++) {
    const body = eventBody(fields, n, reading);
    // What is wrong with one repetition is wrong with the next as well.
    if (body === undefined) return;
    timeline.now = first + (n - 1) * every;
    const number = from + n;
    timeline.steps.push({
      kind: 'event',
      at: timeline.now,
      number,
      body: completed(body, type, timeline.now, number),
      place: node,
    });
  }
}

const completed = (body: JsonMap, type: EventType, at: Instant, number: number): JsonMap => ({
  type,
  event_id: `evt-${number}`,
  occurred_at: toIso(at),
  ...body,
});

/** `at`, else `after` the step before, else now. */
function stepTime(node: YamlMap, reading: StepsReading, timeline: Timeline): Instant {
  const atNode = node.entries.get('at')?.value;
  const afterNode = node.entries.get('after')?.value;
  if (atNode !== undefined && afterNode !== undefined)
    reading.fields.error('E021', afterNode, "a step has 'at' or 'after', not both");
  if (afterNode !== undefined && atNode === undefined) {
    timeline.now += readSpan(afterNode, 'after', reading) ?? 0;
    return timeline.now;
  }
  const at = atNode === undefined ? undefined : readTime(atNode, reading, reading.clock);
  if (at === undefined) return timeline.now;
  if (at < reading.clock && atNode !== undefined)
    reading.fields.error(
      'E045',
      atNode,
      `a test begins at ${toIso(reading.clock)}`,
      "an event that comes late says so by 'occurred_at'",
    );
  timeline.now = Math.max(at, reading.clock);
  return timeline.now;
}

function readWait(node: YamlMap, reading: StepsReading, timeline: Timeline): void {
  const values = reading.fields.map(node, { what: 'a wait', known: ['wait'] });
  const wait = values?.get('wait');
  timeline.now += wait === undefined ? 0 : (readSpan(wait, 'wait', reading) ?? 0);
  timeline.steps.push({ kind: 'wait', at: timeline.now, place: node });
}

const stepShape = (what: string, name: string, more: readonly string[] = []) => ({
  what,
  known: [name, 'account.id', 'at', 'after', ...more],
  required: [name, 'account.id'],
});

function accountOf(values: ReadonlyMap<string, YamlNode> | undefined, { fields }: StepsReading): string | undefined {
  const node = values?.get('account.id');
  return node === undefined ? undefined : fields.text(node, 'an account');
}

function readLabelStep(node: YamlMap, reading: StepsReading, timeline: Timeline): void {
  const values = reading.fields.map(node, stepShape('a label', 'label'));
  const labelNode = values?.get('label');
  const label = labelNode === undefined ? undefined : readLabel(labelNode, reading);
  const accountId = accountOf(values, reading);
  const at = stepTime(node, reading, timeline);
  if (label !== undefined && accountId !== undefined)
    timeline.steps.push({ kind: 'label', at, accountId, label, place: node });
}

const results = ['passed', 'failed'] as const;

function readVerify(node: YamlMap, reading: StepsReading, timeline: Timeline): void {
  const { fields } = reading;
  const values = fields.map(node, stepShape('a verification', 'verify', ['result']));
  const [methodNode, resultNode] = [values?.get('verify'), values?.get('result')];
  const method = methodNode === undefined ? undefined : fields.oneOf(methodNode, 'method', verificationMethods);
  const result = resultNode === undefined ? 'passed' : fields.oneOf(resultNode, 'result', results);
  const accountId = accountOf(values, reading);
  const at = stepTime(node, reading, timeline);
  if (method !== undefined && result !== undefined && accountId !== undefined)
    timeline.steps.push({ kind: 'verify', at, accountId, method, result, place: node });
}

const reviews = { hold: 'held', release: 'admitted', deny: 'denied' } as const;
const reviewNames = ['hold', 'release', 'deny'] as const;

function readReview(node: YamlMap, reading: StepsReading, timeline: Timeline): void {
  const values = reading.fields.map(node, stepShape('a review', 'review'));
  const reviewNode = values?.get('review');
  const review = reviewNode === undefined ? undefined : reading.fields.oneOf(reviewNode, 'review', reviewNames);
  const accountId = accountOf(values, reading);
  const at = stepTime(node, reading, timeline);
  if (review !== undefined && accountId !== undefined)
    timeline.steps.push({ kind: 'review', at, accountId, to: reviews[review], place: node });
}
