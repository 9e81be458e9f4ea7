import { evaluateEvent } from '../evaluate/evaluate-event.js';
import type { Event } from '../model/event.js';
import { parseEvent } from '../model/parse-event.js';
import { type Problem, problemCodes } from '../model/problem.js';
import type { Instant } from '../model/time.js';
import { deliverMessages } from '../replay/deliver-message.js';
import type { DueWork } from '../replay/due-work.js';
import { judgingAgain } from '../replay/judge-again.js';
import type { ReplayLine } from '../replay/replay-line.js';
import type { ReplayPorts } from '../replay/replay-ports.js';
import { runDue } from '../replay/run-due.js';
import { type PlayedEvent, type PlayedTest, type StateChange, type StepProblem, stateAt } from './played-test.js';
import { seedHistory } from './seed-history.js';
import type { EventStep, SequenceTest, Step } from './sequence-test.js';
import type { Judged } from './watch-judging.js';

/** A world of its own for one test. */
export interface Stage {
  ports(emit: (line: ReplayLine) => void): ReplayPorts;
  readonly judged: () => Judged | undefined;
}

/** Plays a test from its beginning to `until`: what is due later is left undone. */
export async function playSequence(test: SequenceTest, stage: Stage, until: Instant): Promise<PlayedTest> {
  const play = new Play(test, stage);
  await play.run(until);
  return play;
}

type Perform<K extends Step['kind']> = (step: Extract<Step, { kind: K }>) => Promise<void>;

class Play implements PlayedTest {
  readonly events = new Map<number, PlayedEvent>();
  readonly changes: StateChange[] = [];
  readonly problems: StepProblem[] = [];
  private readonly ports: ReplayPorts;
  private readonly works: readonly DueWork[];
  private readonly numberOfId = new Map<string, number>();

  constructor(
    private readonly test: SequenceTest,
    private readonly stage: Stage,
  ) {
    this.ports = stage.ports((line) => this.note(line));
    this.works = [...this.ports.works, judgingAgain(this.ports)];
  }

  async run(until: Instant): Promise<void> {
    this.ports.clock.advance(this.test.clock - 1);
    await seedHistory(this.test, this.ports);
    for (const step of this.test.steps) {
      await this.until(step.at);
      await this.perform(step);
      await deliverMessages(this.ports);
    }
    await this.until(until);
  }

  private async until(at: Instant): Promise<void> {
    await runDue(this.works, this.ports, at);
    if (Number.isFinite(at)) this.ports.clock.advance(at);
  }

  private note(line: ReplayLine): void {
    if (line.kind === 'decision') return;
    this.changes.push({ at: Date.parse(line.at), accountId: line.account_id, state: line.to, cause: line.cause });
  }

  private perform(step: Step): Promise<void> {
    switch (step.kind) {
      case 'event':
        return this.event(step);
      case 'label':
        return this.label(step);
      case 'verify':
        return this.verify(step);
      case 'review':
        return this.review(step);
      case 'wait':
        return Promise.resolve();
    }
  }

  private readonly event: Perform<'event'> = async (step) => {
    const parsed = parseEvent(step.body());
    if (!parsed.ok) return this.refuse(step, parsed.error);
    const event = parsed.value;
    const before = this.numberOfId.get(event.event_id);
    if (before !== undefined) return this.repeat(step, before);
    this.numberOfId.set(event.event_id, step.number);
    const result = await evaluateEvent(event, this.ports.story);
    if (!result.ok) return this.refuse(step, result.error);
    const { decision } = result.value;
    const state = decision.access.state;
    const isNew = stateAt(this, event.account.id, step.at)?.state !== state;
    if (isNew)
      this.changes.push({
        at: step.at,
        accountId: event.account.id,
        state,
        cause: 'decision',
        event: step.number,
      });
    this.keep(step, event, decision);
    await deliverMessages(this.ports);
    this.ports.rings.expireWhenDue(step.at);
  };

  private keep(step: EventStep, event: Event, decision: PlayedEvent['decision']): void {
    const judged = this.stage.judged();
    if (judged === undefined) return;
    const { hits, shadowHits } = judged.judgement;
    this.events.set(step.number, {
      step,
      event,
      type: event.type,
      decision,
      slots: judged.slots,
      live: new Set(hits.map(({ rule }) => rule.id)),
      shadow: new Set(shadowHits.map(({ rule }) => rule.id)),
    });
  }

  /** The same event again is decided once; it comes to what it came to before. Of one id there is one body: tests are read so. */
  private repeat(step: EventStep, before: number): void {
    const played = this.events.get(before);
    if (played !== undefined) this.events.set(step.number, { ...played, step });
  }

  private readonly label: Perform<'label'> = async (step) => {
    const { accountId, label, at } = step;
    const done = await this.ports.accounts.recordLabel(
      { accountId, label, source: 'test', observedAt: at },
      'test',
      at,
    );
    if (!done.ok) this.refuse(step, done.error);
  };

  private readonly verify: Perform<'verify'> = async (step) => {
    const { accountId, method, result, at } = step;
    const { hashIdentifier } = this.ports.story;
    const shown = Object.entries(step.evidence).map(([kind, raw]) => [kind, hashIdentifier(`verified.${kind}`, raw)]);
    const evidence: Record<string, string> = Object.fromEntries(shown);
    const given = { accountId, method, result, evidence, actor: 'test', now: at };
    const done = await this.ports.recordVerification(given);
    if (!done.ok) this.refuse(step, done.error);
  };

  private readonly review: Perform<'review'> = async (step) => {
    const { accountId, to, at } = step;
    const done = await this.ports.accounts.changeManually({ accountId, to, reason: 'test', actor: 'test', now: at });
    if (!done.ok) this.refuse(step, done.error);
  };

  private refuse(step: Step, { code, detail, errors }: Problem): void {
    const [first] = errors ?? [];
    const what = first === undefined ? (detail ?? problemCodes[code].title) : `${first.pointer}: ${first.detail}`;
    const name = step.kind === 'event' ? `event ${step.number}` : `the step '${step.kind}'`;
    const account = step.kind === 'event' || step.kind === 'wait' ? '' : ` (account ${step.accountId})`;
    this.problems.push({ step, message: `${name}${account} was refused: ${what}` });
  }
}
