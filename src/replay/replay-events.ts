import { evaluateEvent } from '../evaluate/evaluate-event.js';
import type { AccountLabel } from '../model/label.js';
import { problemCodes } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import { deliverMessages } from './deliver-message.js';
import type { DueWork } from './due-work.js';
import { judgingAgain } from './judge-again.js';
import { LabelLines } from './label-lines.js';
import { LineIntake } from './line-intake.js';
import type { LineProblem, TimedEvent } from './read-event-line.js';
import { decisionLine } from './replay-line.js';
import type { ReplayPorts } from './replay-ports.js';
import { runDue } from './run-due.js';

interface ReplayInput {
  /** Lines of the events file, in blocks as they come. */
  readonly events: AsyncIterable<readonly string[]>;
  readonly labels?: AsyncIterable<readonly string[]> | undefined;
  /** Events that come later in the file than they should, by up to this much, are put in order. */
  readonly horizonMs: number;
  /** Told of each line that cannot be used; false ends the replay there. */
  readonly onBadLine: (problem: LineProblem, file: 'events' | 'labels') => boolean;
  /** After each block. */
  readonly onBlock?: ((soFar: ReplaySummary) => Promise<void> | void) | undefined;
}

export interface ReplaySummary {
  readonly decisions: number;
  /** The same event again: decided once. */
  readonly repeats: number;
  readonly labels: number;
  /** Labels of accounts that no event has named before. */
  readonly labelsOfUnknown: number;
}

/** Every event in the order of its time through the same story as in the service, and between them what is due by then. */
export async function replayEvents(input: ReplayInput, ports: ReplayPorts): Promise<Result<ReplaySummary, undefined>> {
  const replay = new Replay(input, ports);
  try {
    return ok(await replay.run());
  } catch (error) {
    if (error instanceof Stopped) return err(undefined);
    throw error;
  }
}

/** Ends a replay at a line that cannot be used. */
class Stopped extends Error {}

class Replay {
  private readonly counts = { decisions: 0, labels: 0, labelsOfUnknown: 0 };
  private readonly intake: LineIntake;
  private readonly works: DueWork[];

  constructor(
    private readonly input: ReplayInput,
    private readonly ports: ReplayPorts,
  ) {
    this.intake = new LineIntake({ horizonMs: input.horizonMs, refuse: (problem) => this.refuse(problem) });
    this.works = [...ports.works, judgingAgain(ports)];
  }

  async run(): Promise<ReplaySummary> {
    const { events, labels: lines, horizonMs, onBlock } = this.input;
    const { intake } = this;
    const refuse = (problem: LineProblem): void => this.refuse(problem, 'labels');
    const apply = (label: AccountLabel): Promise<void> => this.label(label);
    if (lines !== undefined) this.works.unshift(await LabelLines.open({ lines, horizonMs, refuse }, apply));
    for await (const block of events) {
      for (const timed of intake.read(block)) await this.play(timed);
      await onBlock?.(this.summary());
    }
    for (const timed of intake.rest()) await this.play(timed);
    await this.settleUntil(Number.POSITIVE_INFINITY);
    await onBlock?.(this.summary());
    return this.summary();
  }

  private summary(): ReplaySummary {
    return { ...this.counts, repeats: this.intake.repeats };
  }

  private refuse(problem: LineProblem, file: 'events' | 'labels' = 'events'): void {
    if (!this.input.onBadLine(problem, file)) throw new Stopped();
  }

  private async play(timed: TimedEvent): Promise<void> {
    await this.settleUntil(timed.at);
    this.ports.clock.advance(timed.at);
    await this.decide(timed);
    await deliverMessages(this.ports);
    this.ports.rings.expireWhenDue(timed.at);
    this.ports.forget();
  }

  private async decide({ event, line }: TimedEvent): Promise<void> {
    const result = await evaluateEvent(event, this.ports.story);
    if (!result.ok) {
      const { code, detail, errors } = result.error;
      this.refuse({ line, pointer: errors?.[0]?.pointer ?? '', detail: detail ?? problemCodes[code].title });
      return;
    }
    this.counts.decisions++;
    this.ports.emit(decisionLine(result.value.decision));
  }

  private async settleUntil(until: Instant): Promise<void> {
    await runDue(this.works, this.ports, until);
  }

  private async label(label: AccountLabel): Promise<void> {
    this.counts.labels++;
    const done = await this.ports.accounts.recordLabel(label, 'replay', label.observedAt);
    if (!done.ok) this.counts.labelsOfUnknown++;
  }
}
