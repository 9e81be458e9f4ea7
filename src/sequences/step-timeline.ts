import { type Instant, toIso } from '../model/time.js';
import type { Located } from '../ruleset/problem-sink.js';
import type { YamlMap } from '../ruleset/yaml/yaml-node.js';
import type { EventDefaults } from './read-defaults.js';
import type { Step } from './sequence-test.js';
import { readSpan, readTime, type TestReader } from './test-reader.js';

/** Events are numbered as they are written; they happen in the order of their times. */
export interface StepsReading extends TestReader {
  /** When the test begins. */
  readonly clock: Instant;
  readonly defaults: EventDefaults;
}

/** The steps of a test as far as they are read. */
export interface Timeline {
  readonly steps: Step[];
  now: Instant;
  events: number;
  /** False = some repetition could not be read: there may be more events than were counted. */
  isSure: boolean;
  /** By number of event: where its `event_id` is written. */
  readonly writtenIds: Map<number, Located>;
  /** Accounts that something happens to besides events. */
  readonly accounts: { readonly id: string; readonly at: Located }[];
}

export type ReadStep = (node: YamlMap, reading: StepsReading, timeline: Timeline) => void;

/** `at`, else `after` the step before, else now. */
export function stepTime(node: YamlMap, reading: StepsReading, timeline: Timeline): Instant {
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
