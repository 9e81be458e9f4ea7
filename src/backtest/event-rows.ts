import type { Remembered } from '../evaluate/account-memory.js';
import { mementoOf, withMemento } from '../evaluate/memento.js';
import type { Event } from '../model/event.js';
import { type EventType, eventTypes } from '../model/event-type.js';
import type { Instant } from '../model/time.js';
import type { Reading } from '../model/value.js';
import { quietMs } from '../replay/forgetting.js';
import { LineIntake } from '../replay/line-intake.js';
import type { LineProblem, TimedEvent } from '../replay/read-event-line.js';
import { signalCatalogue } from '../signals/catalogue.js';
import type { SignalPorts } from '../signals/signal-context.js';
import { planSignals, type SignalPlan } from '../signals/write-signals.js';
import { type BacktestRow, type BacktestSource, notStored } from './backtest-source.js';
import { RecentAccounts } from './recent-accounts.js';

/** What windows and rings gave for each event, in the order of the events. */
export interface HistoryReadings {
  /** Writes what is known of the next event, if it is this one; false: nothing more is known. */
  next(eventId: string, readings: Reading[]): boolean;
}

/** Inputs of one kind: those of the rule set itself, and those that its baseline reads otherwise. */
export interface InputVariant {
  /** What keys of the layout begin with. */
  readonly prefix: string;
  readonly ports: SignalPorts;
  /** Signals that events of the type need; others are not computed. */
  needed(type: EventType): ReadonlySet<string>;
  /** Undefined where no rule looks into history. */
  openHistory?(places: ReadonlyMap<string, number>): HistoryReadings;
}

export interface EventRowsInput {
  readonly lines: AsyncIterable<readonly string[]>;
  readonly variants: readonly InputVariant[];
  /** Events that come later in the file than they should, by up to this much, are put in order. */
  readonly horizonMs: number;
  /** False ends the backtest there. */
  readonly onBadLine: (problem: LineProblem) => boolean;
  /** Rows that an earlier run has taken already: what accounts are remembered by is gathered from them, and no more. */
  readonly skip?: number | undefined;
}

/** A line that cannot be used has ended the backtest. */
class BadLine extends Error {}

interface VariantPlan {
  readonly ports: SignalPorts;
  readonly signals: ReadonlyMap<EventType, SignalPlan>;
  readonly history: HistoryReadings | undefined;
  /** Inputs of history where there is none. */
  readonly lacking: readonly number[];
}

/** Where the readings of the next event go. */
interface Writing {
  readonly plans: readonly VariantPlan[];
  readonly readings: Reading[];
}

/** Events of a file, put in order as a replay does, with the signals that some rule reads. */
export class EventRows implements BacktestSource {
  private readonly accounts = new RecentAccounts(quietMs);
  private readonly intake: LineIntake;
  private count = 0;
  /** History ended before the events did. */
  private isOver = false;

  constructor(private readonly input: EventRowsInput) {
    this.intake = new LineIntake({ horizonMs: input.horizonMs, refuse: (problem) => this.refuse(problem) });
  }

  async *rows(layout: readonly string[]): AsyncGenerator<Iterable<BacktestRow>> {
    const plans = this.input.variants.map((variant) => planVariant(variant, layout));
    const writing = { plans, readings: new Array<Reading>(layout.length).fill(undefined) };
    for await (const block of this.input.lines) yield this.rowsOf(this.intake.read(block), writing);
    yield this.rowsOf(this.intake.rest(), writing);
  }

  private *rowsOf(events: Iterable<TimedEvent>, { plans, readings }: Writing): Generator<BacktestRow> {
    for (const timed of events) {
      if (this.isOver) return;
      const row = this.row(timed, plans, readings);
      if (row !== undefined) yield row;
    }
  }

  /** Undefined for rows that an earlier run has taken, and behind the end of history. */
  private row({ event, at }: TimedEvent, plans: readonly VariantPlan[], readings: Reading[]): BacktestRow | undefined {
    const accountId = event.account.id;
    const before = this.accounts.get(accountId, at);
    const remembered = tellsNothing(event, before, at) ? before : withMemento(before, mementoOf(event, at));
    if (remembered !== before) this.accounts.set(accountId, remembered);
    readings.fill(undefined);
    const isTaken = this.count++ < (this.input.skip ?? 0);
    for (const { ports, signals, history, lacking } of plans) {
      if (history?.next(event.event_id, readings) === false) this.isOver = true;
      if (this.isOver || isTaken) continue;
      for (const place of lacking) readings[place] = notStored;
      signals.get(event.type)?.write({ event, remembered, at }, ports, readings);
    }
    if (this.isOver || isTaken) return undefined;
    return { eventId: event.event_id, accountId, type: event.type, at, readings };
  }

  private refuse(problem: LineProblem): void {
    if (!this.input.onBadLine(problem)) throw new BadLine();
  }
}

/** Most events are reports of use, and say nothing of an account that is not known by then. */
function tellsNothing(event: Event, before: Remembered | undefined, at: Instant): before is Remembered {
  const { type, account, email, phone, device, payment } = event;
  if (type !== 'api_key_used' || before?.firstUseAt === undefined || before.firstSeenAt === undefined) return false;
  if (at < before.firstUseAt || at < before.firstSeenAt) return false;
  if (email !== undefined || phone !== undefined || device !== undefined || payment !== undefined) return false;
  const { organization, plan, path, declared_country } = account;
  return organization === undefined && plan === undefined && path === undefined && declared_country === undefined;
}

function planVariant(variant: InputVariant, layout: readonly string[]): VariantPlan {
  const { prefix, ports } = variant;
  const places = new Map<string, number>();
  for (const [place, key] of layout.entries())
    if (prefixOf(key) === prefix) places.set(key.slice(prefix.length), place);
  const signals = new Map<EventType, SignalPlan>();
  for (const type of eventTypes) {
    const needed = variant.needed(type);
    const wanted = [...places].filter(([name]) => needed.has(name)).map(([name, slot]) => ({ name, slot }));
    if (wanted.length > 0) signals.set(type, planSignals(wanted));
  }
  const history = variant.openHistory?.(places);
  const lacking =
    history === undefined ? [...places].flatMap(([name, place]) => (isSignal.has(name) ? [] : [place])) : [];
  return { ports, signals, history, lacking };
}

const isSignal: ReadonlySet<string> = new Set(signalCatalogue.map(({ name }) => name));

/** Names of inputs hold no colon. */
const prefixOf = (key: string): string => key.slice(0, key.indexOf(':') + 1);
