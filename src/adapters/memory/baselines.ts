import { BurstFigures } from '../../features/burst.js';
import { BurstKey, BurstTotals, goneMost, type NewestPart } from '../../features/burst-key.js';
import { type BurstSpans, burstSpans } from '../../features/burst-spans.js';
import type { FeatureLookup, FeatureRequest, Standing } from '../../features/feature-store.js';
import { lifetimeOf } from '../../features/key-calls.js';
import type { KeyLimits } from '../../features/key-log.js';
import { RecentEvents } from '../../features/recent-events.js';
import { TrustedKey } from '../../features/trusted-key.js';
import type { FeatureSpec } from '../../model/feature.js';
import type { Instant } from '../../model/time.js';
import { AccountStandings } from './account-standings.js';

interface Kept<T> {
  readonly state: T;
  /** Event time after which nothing of it can be read. */
  until: Instant;
}

interface KeptBurst {
  readonly spans: BurstSpans;
  readonly totals: BurstTotals;
  readonly keys: Map<string, Kept<BurstKey>>;
}

/** What is usual, and who is trusted: the kinds of features that depend on the standing of accounts. */
export class Baselines {
  private readonly bursts = new Map<string, KeptBurst>();
  /** By event type, window and baseline. */
  private readonly newest = new Map<string, NewestPart>();
  private readonly trusted = new Map<string, Kept<TrustedKey>>();
  private readonly standings = new AccountStandings();
  private readonly inTotals = new RecentEvents(goneMost);

  constructor(private readonly limits: KeyLimits) {}

  tell(account: string, standing: Standing, at: Instant): void {
    this.standings.tell(account, standing, at);
  }

  /** Bursts of one event together: its event is one in all totals. */
  readBursts(request: FeatureRequest, lookups: readonly FeatureLookup[], write: boolean): BurstFigures[] {
    const isNew = !this.inTotals.has(request.eventId);
    const figures = lookups.map((lookup) => this.readBurst(lookup, request, isNew));
    if (!write || !lookups.some(({ counts }) => counts)) return figures;
    this.inTotals.add(request.eventId);
    // Features of one definition share what they count.
    const counted = new Map(lookups.filter(({ counts }) => counts).map((lookup) => [lookup.spec.id, lookup]));
    for (const lookup of counted.values()) this.countBurst(lookup, request, isNew);
    return figures;
  }

  readTrusted(lookup: FeatureLookup, request: FeatureRequest, write: boolean): number {
    const { spec, key: hash, counts } = lookup;
    const { accountId: account, at, accountSince: since = at } = request;
    const id = `${spec.id}:${hash}`;
    const kept = this.trusted.get(id) ?? { state: new TrustedKey(spec.exactTo), until: at };
    const own = counts && !this.standings.wasOut(account) ? { account, since } : undefined;
    const value = kept.state.sinceUntil(at - (spec.olderThanMs ?? 0), own);
    if (!write || own === undefined) return value;
    kept.until = Math.max(kept.until, at + lifetimeOf(spec));
    this.trusted.set(id, kept);
    kept.state.add(own);
    this.standings.trust(account, kept.state, kept.until);
    return value;
  }

  sweep(newest: Instant): void {
    for (const { keys } of this.bursts.values()) sweepOld(keys, newest);
    sweepOld(this.trusted, newest);
    this.standings.sweep(newest);
  }

  private readBurst({ spec, key, counts }: FeatureLookup, { eventId, at }: FeatureRequest, isNew: boolean) {
    const { keys, totals } = this.burstOf(spec);
    const state = keys.get(key)?.state;
    const own = counts && state?.knows(eventId) !== true ? 1 : 0;
    return new BurstFigures(
      (state?.countUntil(at) ?? 0) + own,
      totals.countUntil(at) + (counts && isNew ? 1 : 0),
      state?.baselineUntil(at) ?? 0,
      totals.baselineUntil(at),
    );
  }

  private countBurst({ spec, key }: FeatureLookup, request: FeatureRequest, isNew: boolean): void {
    const { eventId, accountId, at } = request;
    const { keys, totals, spans } = this.burstOf(spec);
    const kept = keys.get(key) ?? { state: new BurstKey(spans, this.limits), until: at };
    kept.until = Math.max(kept.until, at + lifetimeOf(spec));
    keys.set(key, kept);
    const isNewHere = !kept.state.knows(eventId);
    if (isNewHere) kept.state.count(eventId, at);
    if (isNew) totals.count(at);
    if (isNewHere || isNew) {
      const parts = { key: isNewHere ? kept.state : undefined, totals: isNew ? totals : undefined, at };
      this.standings.contribute(accountId, parts, kept.until);
    }
  }

  private burstOf(spec: FeatureSpec): KeptBurst {
    const known = this.bursts.get(spec.id);
    if (known !== undefined) return known;
    const spans = burstSpans(spec);
    const group = `${spec.of} ${spans.windowMs} ${spans.baselineMs}`;
    const newest = this.newest.get(group) ?? { part: Number.NEGATIVE_INFINITY };
    this.newest.set(group, newest);
    const burst = { spans, totals: new BurstTotals(spans, newest), keys: new Map() };
    this.bursts.set(spec.id, burst);
    return burst;
  }
}

function sweepOld<T>(keys: Map<string, Kept<T>>, newest: Instant): void {
  for (const [key, { until }] of keys) if (until < newest) keys.delete(key);
}
