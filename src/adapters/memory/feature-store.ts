import type {
  FeatureLookup,
  FeatureReading,
  FeatureReadings,
  FeatureRequest,
  FeatureStore,
  Standing,
} from '../../features/feature-store.js';
import { keyQuestions } from '../../features/key-calls.js';
import {
  defaultLimits,
  emptyKey,
  type KeyLabel,
  type KeyLimits,
  type KeyState,
  labelKey,
  observeKey,
  peekKey,
} from '../../features/key-log.js';
import type { Label } from '../../model/label.js';
import type { Instant } from '../../model/time.js';
import { Baselines } from './baselines.js';

/** A key that nobody has touched; only read. */
const nothing = emptyKey();
/** Counted events between two searches for keys whose time is over. */
const sweepEvery = 4096;

/** History within one process, on event time: replay, rule tests, backtests. */
export class MemoryFeatureStore implements FeatureStore {
  private readonly keys = new Map<string, KeyState>();
  private readonly keysOfAccount = new Map<string, string[]>();
  private readonly labels = new Map<string, KeyLabel>();
  private readonly baselines: Baselines;
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
    if (label === 'fraud') this.baselines.tell(accountId, 'out', at);
    const known = this.labels.get(accountId);
    if (known !== undefined && known.at > at) return;
    this.labels.set(accountId, { label, at });
    for (const key of this.keysOfAccount.get(accountId) ?? []) {
      const kept = this.keys.get(key);
      if (kept !== undefined) labelKey(kept, accountId, { label, at });
    }
  }

  private read(request: FeatureRequest, count: boolean): FeatureReadings {
    const readings = new Array<FeatureReading>(request.lookups.length).fill(undefined);
    this.readBaselines(request, count, readings);
    const { at, eventId: event, accountId: account } = request;
    const label = this.labels.get(account);
    for (const question of keyQuestions(request)) {
      const writes = count && question.counts;
      if (writes && question.labelled) this.index(account, question.key);
      const known = question.labelled ? label : undefined;
      const call = { at, event, account, label: known, lookups: question.lookups };
      const values = writes
        ? observeKey(this.keep(question.key, at + question.lifetimeMs), call, this.limits)
        : peekKey(this.keys.get(question.key) ?? nothing, call, this.limits);
      for (let index = 0; index < values.length; index++) readings[question.positions[index] ?? 0] = values[index];
    }
    return readings;
  }

  private readBaselines(request: FeatureRequest, count: boolean, readings: FeatureReading[]): void {
    const bursts: FeatureLookup[] = [];
    const positions: number[] = [];
    for (let position = 0; position < request.lookups.length; position++) {
      const lookup = request.lookups[position];
      if (lookup?.spec.kind === 'trusted') readings[position] = this.baselines.readTrusted(lookup, request, count);
      if (lookup?.spec.kind !== 'burst') continue;
      bursts.push(lookup);
      positions.push(position);
    }
    if (bursts.length === 0) return;
    const figures = this.baselines.readBursts(request, bursts, count);
    for (let index = 0; index < figures.length; index++) readings[positions[index] ?? 0] = figures[index];
  }

  private keep(key: string, until: Instant): KeyState {
    const found = this.keys.get(key);
    if (found !== undefined) {
      found.until = Math.max(found.until, until);
      return found;
    }
    const state = emptyKey(until);
    this.keys.set(key, state);
    return state;
  }

  private index(account: string, key: string): void {
    const keys = this.keysOfAccount.get(account);
    if (keys === undefined) this.keysOfAccount.set(account, [key]);
    else if (!keys.includes(key)) keys.push(key);
  }

  private sweep(): void {
    // As many events as there are keys: looking at all of them costs each event the same, however many there are.
    this.untilSweep = Math.max(sweepEvery, this.keys.size);
    for (const [key, { until }] of this.keys) if (until < this.newest) this.keys.delete(key);
    for (const [account, keys] of this.keysOfAccount)
      if (!keys.some((key) => this.keys.has(key))) this.keysOfAccount.delete(account);
    this.baselines.sweep(this.newest);
  }
}
