import { canonicalJson } from '../evaluate/canonical-json.js';
import type { Event } from '../model/event.js';
import { parseEvent } from '../model/parse-event.js';
import type { StepsReading, Timeline } from './step-timeline.js';

/** The service refuses an event under the id of another one: the same id is the same event sent again. */
export function checkEventIds({ steps, writtenIds }: Timeline, { fields }: StepsReading): void {
  // Who writes no ids has one for each event.
  if (writtenIds.size === 0) return;
  const first = new Map<string, { readonly number: number; readonly event: Event }>();
  for (const step of steps) {
    const parsed = step.kind === 'event' ? parseEvent(step.body()) : undefined;
    if (step.kind !== 'event' || parsed?.ok !== true) continue;
    const { number } = step;
    const { value: event } = parsed;
    const before = first.get(event.event_id);
    if (before === undefined) {
      first.set(event.event_id, { number, event });
      continue;
    }
    const other = firstDifference(before.event, event);
    const at = writtenIds.get(number) ?? writtenIds.get(before.number);
    if (other === undefined || at === undefined) continue;
    const message = `event ${number} has the event_id '${event.event_id}' of event ${before.number} and another '${other}'`;
    fields.error('E043', at, message, hintFor(other));
    // The next repetition would say the same.
    return;
  }
}

/** The field in which they differ; undefined when they are the same. */
function firstDifference(one: Event, other: Event): string | undefined {
  const [left, right] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  const differing = [...new Set([...left.keys(), ...right.keys()])].filter(
    (key) => canonicalJson(left.get(key) ?? null) !== canonicalJson(right.get(key) ?? null),
  );
  // The time is the test's own where its author writes none.
  return differing.find((key) => key !== 'occurred_at') ?? differing[0];
}

const hintFor = (other: string): string =>
  other === 'occurred_at'
    ? "the same event sent again says when it happened: write 'occurred_at' in both"
    : 'the service refuses it: give it an id of its own';
