import { BurstFigures } from '../../src/features/burst.js';
import type { FeatureReading, FeatureRequest, Standing } from '../../src/features/feature-store.js';
import type { FeatureSpec } from '../../src/model/feature.js';

interface Kept {
  readonly feature: string;
  readonly group: string;
  readonly key: string;
  readonly event: string;
  readonly account: string;
  readonly since: number;
  readonly at: number;
}

const bucketOf = ({ windowMs = 0, baselineMs = 0 }: FeatureSpec): number => Math.max(windowMs / 4, baselineMs / 64);

/** Bursts that tell apart what is late from the same newest event. */
const groupOf = ({ of, windowMs, baselineMs }: FeatureSpec): string => `${of} ${windowMs} ${baselineMs}`;

/** Keeps every event and computes bursts and trusted accounts by their definition, the slow way. */
export class BaselineOracle {
  private readonly kept: Kept[] = [];
  private readonly standings = new Map<string, { standing: Standing; at: number }>();
  private readonly wasOut = new Set<string>();

  standing(account: string, standing: Standing, at: number): void {
    if (standing === 'out') this.wasOut.add(account);
    const known = this.standings.get(account);
    if (known === undefined || at >= known.at) this.standings.set(account, { standing, at });
  }

  observe(request: FeatureRequest): FeatureReading[] {
    const { eventId: event, accountId: account, at, accountSince: since = at } = request;
    for (const { spec, key, counts } of request.lookups)
      if (counts && !this.kept.some((one) => one.feature === spec.id && one.key === key && one.event === event))
        this.kept.push({ feature: spec.id, group: groupOf(spec), key, event, account, since, at });
    return this.peek(request);
  }

  /** Of what was told so far. */
  peek(request: FeatureRequest): FeatureReading[] {
    return request.lookups.map(({ spec, key }) =>
      spec.kind === 'burst' ? this.figures(spec, key, request.at) : this.trusted(spec, key, request.at),
    );
  }

  private figures(spec: FeatureSpec, key: string, at: number): BurstFigures {
    const all = this.eventsOf(spec.id);
    const own = all.filter((one) => one.key === key);
    const admitted = (one: Kept): boolean => this.standings.get(one.account)?.standing !== 'out';
    const inBaseline = (one: Kept): boolean => admitted(one) && this.isInBaseline(spec, one.at, at);
    const from = at - (spec.windowMs ?? 0);
    const { recent, held } = this.company(spec, own, at);
    return new BurstFigures(
      own.filter((one) => one.at <= at && one.at > from).length,
      this.total(spec, all, at),
      own.filter(inBaseline).length,
      this.isWindowKept(spec, at) ? all.filter(inBaseline).length : 0,
      recent,
      held,
    );
  }

  /** Since the bucket in which the window begins; who is admitted is known by whole buckets, the newest one included. */
  private company(spec: FeatureSpec, own: readonly Kept[], at: number): { recent: number; held: number } {
    const width = bucketOf(spec);
    const first = Math.floor((at - (spec.windowMs ?? 0)) / width);
    const until = (end: number): Kept[] => own.filter((one) => Math.floor(one.at / width) >= first && one.at < end);
    const good = until((Math.floor(at / width) + 1) * width).filter(
      (one) => this.standings.get(one.account)?.standing !== 'out',
    );
    const recent = until(at + 1).length;
    const held = Math.max(0, recent - good.length);
    return held > 0 ? { recent, held } : { recent: 0, held: 0 };
  }

  /** Sixteenths of the window: the one at its old edge counts by its share, the newest one whole. */
  private total({ windowMs = 0 }: FeatureSpec, all: readonly Kept[], at: number): number {
    const part = windowMs / 16;
    const partOf = (time: number): number => Math.floor(time / part);
    const edge = partOf(at - windowMs);
    const inside = all.filter((one) => partOf(one.at) > edge && partOf(one.at) <= partOf(at)).length;
    const share = edge + 1 - (at - windowMs) / part;
    return inside + all.filter((one) => partOf(one.at) === edge).length * share;
  }

  /** Whoever asks for a window more than two windows ago is told nothing. */
  private isWindowKept(spec: FeatureSpec, at: number): boolean {
    const { windowMs = 0 } = spec;
    const partOf = (time: number): number => Math.floor(time / (windowMs / 16));
    const group = this.kept.filter((one) => one.group === groupOf(spec));
    return group.every((one) => partOf(at) >= partOf(one.at) - 32);
  }

  /** Whole buckets that end before the window begins, and reach back as far as the baseline. */
  private isInBaseline(spec: FeatureSpec, time: number, at: number): boolean {
    const { windowMs = 0, baselineMs = 0 } = spec;
    const bucket = Math.floor(time / bucketOf(spec));
    const end = Math.floor((at - windowMs) / bucketOf(spec));
    return bucket < end && bucket >= Math.floor((at - windowMs - baselineMs) / bucketOf(spec));
  }

  private trusted(spec: FeatureSpec, key: string, at: number): number {
    const since = new Map<string, number>();
    for (const one of this.eventsOf(spec.id)) {
      if (one.key !== key || this.wasOut.has(one.account)) continue;
      since.set(one.account, Math.min(since.get(one.account) ?? one.since, one.since));
    }
    const old = [...since.values()].filter((first) => first < at - (spec.olderThanMs ?? 0)).length;
    return Math.min(old, spec.exactTo);
  }

  /** An event is one in the totals, whatever keys it was told on: tests tell each on one key. */
  private eventsOf(feature: string): Kept[] {
    return this.kept.filter((one) => one.feature === feature);
  }
}
