import { askedKeys } from '../../features/asked-keys.js';
import type {
  FeatureReading,
  FeatureReadings,
  FeatureRequest,
  FeatureStore,
  KeyAsk,
  Standing,
} from '../../features/feature-store.js';
import {
  defaultLimits,
  type KeyCall,
  type KeyLabel,
  type KeyLimits,
  labelKey,
  observeKey,
  peekKey,
} from '../../features/key-log.js';
import type { Label } from '../../model/label.js';
import type { Instant } from '../../model/time.js';
import { Baselines, type CountedEvent } from './baselines.js';
import { forgetOld, KeyHistory } from './key-history.js';
import { KeyTable } from './key-table.js';

/** A key that nobody has touched; only read. */
const nothing = new KeyHistory();
/** Counted events between two searches for keys whose time is over. */
const sweepEvery = 4096;
/** Keys looked at for each event, on average: an event makes some forty, most of which nobody reads after a day. */
const lookedAtEach = 16;

/** History within one process, on event time: replay, rule tests, backtests. */
export class MemoryFeatureStore implements FeatureStore {
  private readonly keys = new KeyTable<KeyHistory>();
  private readonly keysOfAccount = new Map<string, KeyHistory[]>();
  private readonly labels = new Map<string, KeyLabel>();
  private readonly baselines: Baselines;
  /** What one key answered; read before the next is asked. */
  private readonly values: (number | undefined)[] = [];
  private newest: Instant = Number.NEGATIVE_INFINITY;
  private untilSweep = sweepEvery;

  constructor(private readonly limits: KeyLimits = defaultLimits) {
    this.baselines = new Baselines(limits);
  }

  async observe(request: FeatureRequest): Promise<FeatureReadings> {
    this.newest = Math.max(this.newest, request.at);
    if (this.untilSweep-- <= 0) this.sweep();
    return this.read(request, true);
  }

  async peek(request: FeatureRequest): Promise<FeatureReadings> {
    return this.read(request, false);
  }

  async standing(accountId: string, standing: Standing, at: Instant): Promise<void> {
    this.baselines.tell(accountId, standing, at);
  }

  async label(accountId: string, label: Label, at: Instant): Promise<void> {
    const known = this.labels.get(accountId);
    if (known !== undefined && known.at > at) return;
    if (label === 'fraud') this.baselines.tell(accountId, 'out', at);
    this.labels.set(accountId, { label, at });
    for (const history of this.keysOfAccount.get(accountId) ?? []) labelKey(history, accountId, { label, at });
  }

  private read(request: FeatureRequest, writes: boolean): FeatureReadings {
    const { keys, positions } = askedKeys(request);
    const own = this.baselines.ownOf(request);
    const visit = new Visit(request, { isNew: this.baselines.isNew(request.eventId), own, writes });
    for (const ask of keys) {
      visit.enter(this.historyOf(ask, writes), ask.plan.size);
      if (ask.plan.lookups.length > 0) this.readLog(ask, visit);
      if (ask.plan.trusted.length > 0) this.readTrusted(ask, visit);
      if (ask.plan.bursts.length > 0) this.readBursts(ask, visit);
    }
    return positions === undefined ? visit.readings : inOrder(visit.readings, positions);
  }

  /** Made where the event will write to it. */
  private historyOf({ plan, key }: KeyAsk, writes: boolean): KeyHistory {
    const known = this.keys.get(key);
    if (known !== undefined) return known;
    if (!writes || !plan.writes) return nothing;
    const made = new KeyHistory();
    this.keys.set(key, made);
    return made;
  }

  private readLog({ plan, members }: KeyAsk, { history, request, writes, readings, from, call }: Visit): void {
    const { lookups, ids, places, counts } = plan;
    const { at, accountId: account } = request;
    const isWritten = writes && counts;
    if (isWritten) history.until = Math.max(history.until, at + plan.lifetimeMs);
    if (isWritten && plan.labelled) this.index(account, history);
    call.label = plan.labelled ? this.labels.get(account) : undefined;
    call.lookups = lookups;
    call.counts = counts;
    call.ids = ids;
    call.members = members;
    const { values } = this;
    if (isWritten) observeKey(history, call, this.limits, values);
    else peekKey(history, call, this.limits, values);
    for (let index = 0; index < places.length; index++) readings[from + (places[index] ?? 0)] = values[index];
  }

  private readTrusted({ plan }: KeyAsk, visit: Visit): void {
    const { history, writes, readings, from } = visit;
    for (const trusted of plan.trusted) {
      readings[from + trusted.place] = this.baselines.readTrusted(trusted, history, visit);
      if (writes && trusted.writes) this.baselines.countTrusted(trusted, history, visit);
    }
  }

  private readBursts({ plan }: KeyAsk, visit: Visit): void {
    const { history, writes, readings, from } = visit;
    for (const burst of plan.bursts) readings[from + burst.place] = this.baselines.readBurst(burst, history, visit);
    if (!writes) return;
    for (const burst of plan.bursts) if (burst.writes) this.baselines.countBurst(burst, history, visit);
  }

  private index(account: string, history: KeyHistory): void {
    const known = this.keysOfAccount.get(account);
    if (known === undefined) this.keysOfAccount.set(account, [history]);
    else if (!known.includes(history)) known.push(history);
  }

  private sweep(): void {
    // In step with the number of keys: looking at all of them costs each event the same, however many there are.
    this.untilSweep = Math.max(sweepEvery, Math.ceil(this.keys.size / lookedAtEach));
    this.keys.deleteWhere((history) => forgetOld(history, this.newest));
    for (const [account, histories] of this.keysOfAccount)
      if (!histories.some(({ until }) => until >= this.newest)) this.keysOfAccount.delete(account);
    this.baselines.sweep(this.newest);
  }
}

/** What the keys of one event are told one after the other: only the event itself stays. */
class VisitedKey implements KeyCall {
  label: KeyLabel | undefined = undefined;
  lookups: KeyCall['lookups'] = [];
  counts = false;
  ids: KeyCall['ids'] = [];
  members: KeyCall['members'] = [];

  constructor(
    readonly at: Instant,
    readonly event: string,
    readonly account: string,
  ) {}
}

/** One event on its way through all of its keys: one object for all of them. */
class Visit implements CountedEvent {
  readonly readings: FeatureReading[] = [];
  readonly call: VisitedKey;
  readonly isNew: boolean;
  readonly own: CountedEvent['own'];
  readonly writes: boolean;
  history = nothing;
  /** Of the key's first reading. */
  from = 0;

  constructor(
    readonly request: FeatureRequest,
    { isNew, own, writes }: Pick<Visit, 'isNew' | 'own' | 'writes'>,
  ) {
    this.call = new VisitedKey(request.at, request.eventId, request.accountId);
    this.isNew = isNew;
    this.own = own;
    this.writes = writes;
  }

  enter(history: KeyHistory, readings: number): void {
    this.history = history;
    this.from = this.readings.length;
    for (let place = 0; place < readings; place++) this.readings.push(undefined);
  }
}

function inOrder(readings: readonly FeatureReading[], positions: readonly number[]): FeatureReading[] {
  const ordered = new Array<FeatureReading>(readings.length).fill(undefined);
  for (let index = 0; index < readings.length; index++) ordered[positions[index] ?? 0] = readings[index];
  return ordered;
}
