import { BurstFigures } from '../../features/burst.js';
import { alone, BurstKey, BurstTotals, type NewestPart } from '../../features/burst-key.js';
import { burstSpans } from '../../features/burst-spans.js';
import type { FeatureRequest, Standing } from '../../features/feature-store.js';
import type { KeyLimits } from '../../features/key-log.js';
import type { PlannedStanding } from '../../features/key-plan.js';
import { goneMost, RecentEvents } from '../../features/recent-events.js';
import { type TrustedAccount, TrustedKey } from '../../features/trusted-key.js';
import type { FeatureSpec } from '../../model/feature.js';
import type { Instant } from '../../model/time.js';
import { AccountStandings } from './account-standings.js';
import { burstOn, type KeyHistory, trustedOn } from './key-history.js';

/** One event on its way through all keys. */
export interface CountedEvent {
  readonly request: FeatureRequest;
  /** No burst has counted it: it is one more in all totals. */
  readonly isNew: boolean;
  /** Its account as one to be trusted; undefined for one that was out. */
  readonly own: TrustedAccount | undefined;
}

/** What is usual, and who is trusted: the kinds of features that depend on the standing of accounts. */
export class Baselines {
  /** By the numbers of their features. */
  private readonly totals: (BurstTotals | undefined)[] = [];
  /** By event type, window and baseline. */
  private readonly newest = new Map<string, NewestPart>();
  private readonly standings = new AccountStandings();
  private readonly inTotals = new RecentEvents(goneMost);

  constructor(private readonly limits: KeyLimits) {}

  tell(account: string, standing: Standing, at: Instant): void {
    this.standings.tell(account, standing, at);
  }

  /** False once a burst has counted the event. */
  isNew(eventId: string): boolean {
    return !this.inTotals.has(eventId);
  }

  readBurst(
    { spec, number, counts }: PlannedStanding,
    history: KeyHistory,
    { request: { eventId, at }, isNew }: CountedEvent,
  ): BurstFigures {
    const totals = this.totals[number] ?? this.newTotals(number, spec);
    const key = burstOn(history, totals);
    const own = counts && key?.knows(eventId) !== true ? 1 : 0;
    const { recent, held } = key?.companyUntil(at) ?? alone;
    return new BurstFigures(
      (key?.countUntil(at) ?? 0) + own,
      totals.countUntil(at) + (counts && isNew ? 1 : 0),
      key?.baselineUntil(at) ?? 0,
      totals.baselineUntil(at),
      held > 0 ? recent + own : 0,
      held,
    );
  }

  countBurst(
    { spec, number, lifetimeMs }: PlannedStanding,
    history: KeyHistory,
    { request, isNew }: CountedEvent,
  ): void {
    const { eventId, accountId, at } = request;
    this.inTotals.add(eventId);
    const totals = this.totals[number] ?? this.newTotals(number, spec);
    const key = this.keepBurst(totals, history);
    key.until = Math.max(key.until, at + lifetimeMs);
    const isNewHere = !key.knows(eventId);
    if (isNewHere) key.count(eventId, at);
    if (isNew) totals.count(at);
    if (isNewHere || isNew) {
      const parts = { key: isNewHere ? key : undefined, totals: isNew ? totals : undefined, at };
      this.standings.contribute(accountId, parts, key.until);
    }
  }

  readTrusted({ spec, counts }: PlannedStanding, history: KeyHistory, event: CountedEvent): number {
    const until = event.request.at - (spec.olderThanMs ?? 0);
    const own = counts ? event.own : undefined;
    const kept = trustedOn(history, spec.id);
    if (kept !== undefined) return kept.state.sinceBefore(until, own);
    return own !== undefined && own.since < until ? Math.min(1, spec.exactTo) : 0;
  }

  countTrusted({ spec, lifetimeMs }: PlannedStanding, history: KeyHistory, { request, own }: CountedEvent): void {
    if (own === undefined) return;
    const { at, accountId } = request;
    let kept = trustedOn(history, spec.id);
    if (kept === undefined) {
      kept = { id: spec.id, state: new TrustedKey(spec.exactTo), until: at };
      if (history.trusted === undefined) history.trusted = [kept];
      else history.trusted.push(kept);
    }
    kept.until = Math.max(kept.until, at + lifetimeMs);
    kept.state.add(own);
    this.standings.trust(accountId, kept.state, kept.until);
  }

  sweep(newest: Instant): void {
    this.standings.sweep(newest);
  }

  /** Undefined for an account that was out: nobody's reason to trust. */
  ownOf({ accountId: account, at, accountSince: since = at }: FeatureRequest): TrustedAccount | undefined {
    return this.standings.wasOut(account) ? undefined : { account, since };
  }

  private keepBurst(totals: BurstTotals, history: KeyHistory): BurstKey {
    const known = burstOn(history, totals);
    if (known !== undefined) return known;
    const made = new BurstKey(totals, this.limits);
    if (history.bursts === undefined) history.bursts = [made];
    else history.bursts.push(made);
    return made;
  }

  private newTotals(number: number, spec: FeatureSpec): BurstTotals {
    const spans = burstSpans(spec);
    const group = `${spec.of} ${spans.windowMs} ${spans.baselineMs}`;
    const newest = this.newest.get(group) ?? { part: Number.NEGATIVE_INFINITY };
    this.newest.set(group, newest);
    const totals = new BurstTotals(spans, newest);
    while (this.totals.length <= number) this.totals.push(undefined);
    this.totals[number] = totals;
    return totals;
  }
}
