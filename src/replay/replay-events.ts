import { evaluateEvent } from '../evaluate/evaluate-event.js';
import type { Event } from '../model/event.js';
import type { AccountLabel } from '../model/label.js';
import { problemCodes } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import { deliverMessages } from './deliver-message.js';
import { EventOrder } from './event-order.js';
import { type LineProblem, readEventLine, type TimedEvent } from './read-event-line.js';
import { readLabelLine } from './read-label-line.js';
import { decisionLine } from './replay-line.js';
import type { ReplayPorts } from './replay-ports.js';

export interface ReplayInput {
  /** Lines of the events file, in blocks as they come. */
  readonly events: AsyncIterable<readonly string[]>;
  readonly labels?: AsyncIterable<readonly string[]> | undefined;
  /** Events that come later in the file than they should, by up to this much, are put in order. */
  readonly horizonMs: number;
  /** Told of each line that cannot be used; false ends the replay there. */
  readonly onBadLine: (problem: LineProblem, file: 'events' | 'labels') => boolean;
  /** After each block. */
  readonly onBlock?: ((so: ReplaySummary) => Promise<void> | void) | undefined;
}

export interface ReplaySummary {
  decisions: number;
  /** The same event again: decided once. */
  repeats: number;
  labels: number;
  /** Labels of accounts that no event has named before. */
  labelsOfUnknown: number;
}

/** Every event in order of its time through the same story as in the service, and between them what is due by then. */
export async function replayEvents(input: ReplayInput, ports: ReplayPorts): Promise<Result<ReplaySummary, undefined>> {
  const replay = new Replay(input, ports);
  return replay.run();
}

class Stopped extends Error {}

class Replay {
  private readonly summary: ReplaySummary = { decisions: 0, repeats: 0, labels: 0, labelsOfUnknown: 0 };
  private readonly order: EventOrder<TimedEvent>;
  private line = 0;
  private newest: Instant = 0;
  private labels: AsyncIterator<AccountLabel> | undefined;
  private nextLabel: AccountLabel | undefined;

  constructor(
    private readonly input: ReplayInput,
    private readonly ports: ReplayPorts,
  ) {
    this.order = new EventOrder(input.horizonMs);
  }

  async run(): Promise<Result<ReplaySummary, undefined>> {
    try {
      await this.openLabels();
      for await (const block of this.input.events) {
        for (const text of block) this.take(text);
        for (let next = this.order.next(); next !== undefined; next = this.order.next()) await this.play(next);
        await this.input.onBlock?.(this.summary);
      }
      for (let next = this.order.last(); next !== undefined; next = this.order.last()) await this.play(next);
      await this.settleUntil(Number.POSITIVE_INFINITY);
      await this.input.onBlock?.(this.summary);
      return ok(this.summary);
    } catch (error) {
      if (error instanceof Stopped) return err(undefined);
      throw error;
    }
  }

  private take(text: string): void {
    this.line++;
    if (text.trim() === '') return;
    const read = readEventLine(text, this.line, this.newest);
    if (!read.ok) {
      this.refuse(read.error);
      return;
    }
    this.newest = Math.max(this.newest, read.value.at);
    if (!this.order.push(read.value)) this.refuse(tooLate(read.value, this.order.reached, this.input.horizonMs));
  }

  private refuse(problem: LineProblem, file: 'events' | 'labels' = 'events'): void {
    if (!this.input.onBadLine(problem, file)) throw new Stopped();
  }

  private async play({ event, at, line }: TimedEvent): Promise<void> {
    await this.settleUntil(at);
    this.ports.clock.advance(at);
    await this.decide(event, at, line);
    await deliverMessages(this.ports);
    this.ports.forget(at);
  }

  private async decide(event: Event, at: Instant, line: number): Promise<void> {
    const result = await evaluateEvent(event, this.ports.story);
    if (!result.ok) {
      const { code, detail, errors } = result.error;
      this.refuse({ line, pointer: errors?.[0]?.pointer ?? '', detail: detail ?? problemCodes[code].title });
      return;
    }
    if (result.value.replayed) {
      this.summary.repeats++;
      return;
    }
    this.summary.decisions++;
    this.ports.emit(decisionLine(result.value.decision, at));
  }

  /** Whatever is due before or at `until`, each at its own time. */
  private async settleUntil(until: Instant): Promise<void> {
    for (let label = this.nextLabel; label !== undefined && label.observedAt <= until; label = this.nextLabel) {
      this.ports.clock.advance(label.observedAt);
      await this.label(label);
      this.nextLabel = (await this.labels?.next())?.value;
    }
  }

  private async label(label: AccountLabel): Promise<void> {
    this.summary.labels++;
    const done = await this.ports.cases.recordLabel(label, 'replay', label.observedAt);
    if (!done.ok) this.summary.labelsOfUnknown++;
    await deliverMessages(this.ports);
  }

  private async openLabels(): Promise<void> {
    const { labels } = this.input;
    if (labels === undefined) return;
    this.labels = this.orderedLabels(labels);
    this.nextLabel = (await this.labels.next()).value;
  }

  private async *orderedLabels(blocks: AsyncIterable<readonly string[]>): AsyncGenerator<AccountLabel> {
    const order = new EventOrder<AccountLabel & { at: Instant }>(this.input.horizonMs);
    let line = 0;
    for await (const block of blocks) {
      for (const text of block) {
        line++;
        if (text.trim() === '') continue;
        const read = readLabelLine(text, line);
        if (!read.ok) this.refuse(read.error, 'labels');
        else if (!order.push({ ...read.value, at: read.value.observedAt }))
          this.refuse(tooLate({ line, at: read.value.observedAt }, order.reached, this.input.horizonMs), 'labels');
      }
      for (let next = order.next(); next !== undefined; next = order.next()) yield next;
    }
    for (let next = order.last(); next !== undefined; next = order.last()) yield next;
  }
}

const secondsOf = (ms: number): string => `${Math.round(ms / 1000)} s`;

function tooLate({ line, at }: { line: number; at: Instant }, reached: Instant, horizonMs: number): LineProblem {
  const detail = `comes ${secondsOf(reached - at)} after what it should precede; replay puts in order what is up to ${secondsOf(horizonMs)} late: sort the file by time, or give a longer --horizon`;
  return { line, pointer: '/occurred_at', detail };
}
