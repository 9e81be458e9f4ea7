import type { Event } from '../model/event.js';
import { parseEvent } from '../model/parse-event.js';
import { problemCodes } from '../model/problem.js';
import { repeatedKey } from '../model/repeated-key.js';
import { err, ok, type Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import { unreadableReason } from './unreadable-line.js';

/** Why a line of a file cannot be used. */
export interface LineProblem {
  /** From 1. */
  readonly line: number;
  /** JSON pointer into the line, empty for the whole. */
  readonly pointer: string;
  readonly detail: string;
}

export interface TimedEvent {
  readonly at: Instant;
  readonly line: number;
  readonly event: Event;
}

export function parseJsonLine(text: string, line: number): Result<unknown, LineProblem> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err({ line, pointer: '', detail: unreadableReason(text) ?? 'this is not JSON' });
  }
  const pointer = repeatedKey(text, json);
  return pointer === undefined ? ok(json) : err({ line, pointer, detail: 'stands twice in its object' });
}

/** One line of the events file, as strict as the service. An event that tells no time happens at `now`. */
export function readEventLine(text: string, line: number, now: Instant): Result<TimedEvent, LineProblem> {
  const json = parseJsonLine(text, line);
  if (!json.ok) return json;
  const parsed = parseEvent(json.value);
  if (!parsed.ok) {
    const [first] = parsed.error.errors ?? [];
    const detail = first?.detail ?? parsed.error.detail ?? problemCodes[parsed.error.code].title;
    return err({ line, pointer: first?.pointer ?? '', detail });
  }
  const event = parsed.value;
  return ok({ at: event.occurred_at === undefined ? now : Date.parse(event.occurred_at), line, event });
}
