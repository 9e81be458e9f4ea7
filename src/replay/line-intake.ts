import type { Instant } from '../model/time.js';
import { EventOrder } from './event-order.js';
import { type LineProblem, readEventLine, type TimedEvent } from './read-event-line.js';
import { SeenEvents } from './seen-events.js';
import { tooLate } from './too-late.js';

interface IntakeInput {
  /** Events that come later in the file than they should, by up to this much, are put in order. */
  readonly horizonMs: number;
  /** Told of each line that cannot be used; may throw to end there. */
  readonly refuse: (problem: LineProblem) => void;
}

/** Lines of an events file as events in the order of their time, each once: the same whatever pieces the file is read in. */
export class LineIntake {
  /** The same event again. */
  repeats = 0;
  private readonly order: EventOrder<TimedEvent>;
  private readonly seen = new SeenEvents();
  private line = 0;
  private newest: Instant = 0;

  constructor(private readonly input: IntakeInput) {
    this.order = new EventOrder(input.horizonMs);
  }

  /** The events that nothing within the horizon can precede, after each of these lines. */
  *read(lines: readonly string[]): Generator<TimedEvent> {
    for (const text of lines) {
      this.take(text);
      for (let next = this.order.next(); next !== undefined; next = this.order.next()) {
        yield next;
        this.seen.played(next);
      }
    }
  }

  /** The others, once no more lines will come. */
  *rest(): Generator<TimedEvent> {
    for (let next = this.order.last(); next !== undefined; next = this.order.last()) yield next;
  }

  private take(text: string): void {
    this.line++;
    if (text.trim() === '') return;
    const read = readEventLine(text, this.line, this.newest);
    if (!read.ok) this.input.refuse(read.error);
    else this.add(read.value);
  }

  private add(timed: TimedEvent): void {
    const { at, line } = timed;
    const seen = this.seen.look(timed, this.order.reached);
    if (seen === 'repeat') this.repeats++;
    if (seen === 'mismatch')
      this.input.refuse({ line, pointer: '/event_id', detail: 'already used, with another body' });
    if (seen !== 'new') return;
    this.newest = Math.max(this.newest, at);
    if (this.order.push(timed)) return;
    this.seen.drop(timed);
    this.input.refuse({ line, pointer: '/occurred_at', detail: tooLate(this.newest - at, this.input.horizonMs) });
  }
}
