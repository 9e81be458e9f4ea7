import { burstSpans } from '../../features/burst-spans.js';
import { lifetimeOf } from '../../features/feature-lifetime.js';
import type { FeatureLookup, FeatureRequest } from '../../features/feature-store.js';
import type { FeatureSpec } from '../../model/feature.js';
import { digestOf } from './digest.js';
import { burstKey, lifetimeLetter, tagOf, totalsKey, trustedKey } from './entry-name.js';

/** All keys of a burst together; all of them share one hash tag. */
const totals = 'totals';

/** One key that the script observe-baselines is asked; see observe-bursts. */
export interface BaselineKey {
  readonly key: string;
  readonly of: string;
  /** Window or age, milliseconds. */
  readonly reach: number;
  /** Baseline, milliseconds, or how many accounts are told apart. */
  readonly most: number;
}

/** Where the answer to one lookup is found. */
export interface BaselineReading {
  readonly position: number;
  readonly key: string;
  /** Undefined for trusted accounts. */
  readonly totals: TotalsPlace | undefined;
}

interface TotalsPlace {
  readonly key: string;
  /** Among the numbers that the key answers. */
  readonly from: number;
}

/** One request's bursts and trusted accounts, in the words of the scripts. */
export interface BaselineCalls {
  readonly keys: readonly BaselineKey[];
  /** All on one server. */
  readonly totals: readonly BaselineKey[];
  readonly readings: readonly BaselineReading[];
  /** What the account's events have counted for when this one has been counted (see account-entry). */
  readonly counted: readonly CountedBurst[];
  readonly trusts: readonly string[];
  readonly lifetimeMs: number;
}

interface CountedBurst {
  /** Tag and FEATURE of its name. */
  readonly key: string;
  readonly feature: string;
  /** Eight hexadecimal digits, then 64 times the width (see account-entry). */
  readonly bucket: string;
}

interface SpecText {
  /** Six characters. */
  readonly feature: string;
  /** Key that it shares with all bursts of the same event type, window and baseline. */
  readonly totals: string;
  readonly bucketMs: number;
  readonly lifetimeMs: number;
  readonly life: string;
}

/** Specs live as long as their rule set. */
const described = new WeakMap<FeatureSpec, SpecText>();

function textOf(spec: FeatureSpec): SpecText {
  const known = described.get(spec);
  if (known !== undefined) return known;
  const { bucketMs, windowMs, baselineMs } = burstSpans(spec);
  const group = digestOf(`${spec.of} ${windowMs} ${baselineMs}`).slice(0, 6);
  const feature = digestOf(spec.id).slice(0, 6);
  const lifetimeMs = lifetimeOf(spec);
  const life = lifetimeLetter(lifetimeMs + bucketMs);
  const text = { feature, totals: totalsKey(group), bucketMs, lifetimeMs, life };
  described.set(spec, text);
  return text;
}

class CallsBuilder implements BaselineCalls {
  readonly readings: BaselineReading[] = [];
  readonly counted: CountedBurst[] = [];
  readonly trusts: string[] = [];
  lifetimeMs = 0;
  /** Features of one definition share their keys, which are asked once. */
  private readonly byKey = new Map<string, BaselineKey>();
  private readonly groups = new Map<string, { of: string; reach: number; most: number }>();
  private readonly buckets = new Map<number, string>();

  constructor(private readonly at: number) {}

  get keys(): readonly BaselineKey[] {
    return [...this.byKey.values()];
  }

  get totals(): readonly BaselineKey[] {
    return [...this.groups].map(([key, group]) => ({ key, ...group }));
  }

  add(lookup: FeatureLookup, position: number): void {
    if (lookup.spec.kind === 'burst') this.addBurst(lookup, position);
    if (lookup.spec.kind === 'trusted') this.addTrusted(lookup, position);
  }

  private addBurst({ spec, key, counts }: FeatureLookup, position: number): void {
    const { windowMs = 0, baselineMs = 0 } = spec;
    const text = textOf(spec);
    const { feature, bucketMs, life } = text;
    const tag = tagOf(key);
    const name = burstKey(tag, feature);
    const isNew = !this.byKey.has(name);
    if (isNew)
      this.byKey.set(name, { key: name, of: (counts ? 'k1' : 'k0') + life, reach: windowMs, most: baselineMs });
    const from = this.addTotals(text, counts, { reach: windowMs, most: baselineMs });
    this.readings.push({ position, key: name, totals: { key: text.totals, from } });
    if (!counts || !isNew) return;
    this.counted.push({ key: tag, feature, bucket: this.bucketOf(bucketMs) });
    this.lifetimeMs = Math.max(this.lifetimeMs, text.lifetimeMs);
  }

  /** Where its two numbers are among those of the group. */
  private addTotals(
    { totals: key, feature }: SpecText,
    counts: boolean,
    spans: { reach: number; most: number },
  ): number {
    const group = this.groups.get(key) ?? { of: 't', ...spans };
    this.groups.set(key, group);
    for (let from = 1; from < group.of.length; from += 7)
      if (group.of.startsWith(feature, from)) return ((from - 1) / 7) * 2;
    const from = ((group.of.length - 1) / 7) * 2;
    group.of += feature + (counts ? '1' : '0');
    return from;
  }

  private bucketOf(bucketMs: number): string {
    const known = this.buckets.get(bucketMs);
    if (known !== undefined) return known;
    const bucket = Math.floor(this.at / bucketMs)
      .toString(16)
      .padStart(8, '0');
    const span = Math.round(bucketMs * 64)
      .toString(36)
      .padStart(8, '0');
    this.buckets.set(bucketMs, bucket + span);
    return bucket + span;
  }

  private addTrusted({ spec, key, counts }: FeatureLookup, position: number): void {
    const { feature, lifetimeMs, life } = textOf(spec);
    const tag = tagOf(key);
    const name = trustedKey(tag, feature);
    this.byKey.set(name, {
      key: name,
      of: (counts ? 'w1' : 'w0') + life,
      reach: spec.olderThanMs ?? 0,
      most: spec.exactTo,
    });
    this.readings.push({ position, key: name, totals: undefined });
    if (!counts) return;
    this.trusts.push(`;w${tag}${feature}`);
    this.lifetimeMs = Math.max(this.lifetimeMs, lifetimeMs);
  }
}

export function baselineCalls({ lookups, at }: FeatureRequest): BaselineCalls {
  const calls = new CallsBuilder(at);
  lookups.forEach((lookup, position) => {
    calls.add(lookup, position);
  });
  return calls;
}

/** The same for an account that nobody may trust: only what would have trusted it is asked. */
export function distrustingCalls({ lookups, at }: FeatureRequest): BaselineCalls {
  const calls = new CallsBuilder(at);
  lookups.forEach((lookup, position) => {
    if (lookup.spec.kind === 'trusted') calls.add({ ...lookup, counts: false }, position);
  });
  return calls;
}

/** What an account has counted for, by the place where it was counted. */
export interface AccountCounts {
  /** Tag to the entries of the script tell-baselines; the totals are one of them. */
  readonly bursts: ReadonlyMap<string, readonly string[]>;
  /** Names of the keys that trust it. */
  readonly trusts: readonly string[];
  /** Tags of the logs that a label has to reach. */
  readonly logs: readonly string[];
}

/** What touch-account keeps of an event; '' where it is in no burst. */
export function eventRecord(event: string, counted: readonly CountedBurst[]): string {
  const byBucket = new Map<string, string>();
  for (const { key, feature, bucket } of counted) byBucket.set(bucket, (byBucket.get(bucket) ?? '') + key + feature);
  return [...byBucket].map(([bucket, keys]) => `;e${event}${bucket}${keys}`).join('');
}

/** Reads the text that touch-account keeps. */
export function accountCounts(text: string): AccountCounts {
  const bursts = new Map<string, string[]>();
  const trusts: string[] = [];
  const logs: string[] = [];
  const add = (tag: string, entry: string): void => {
    const entries = bursts.get(tag);
    if (entries === undefined) bursts.set(tag, [entry]);
    else entries.push(entry);
  };
  for (const record of text.split(';')) {
    if (record.startsWith('w')) trusts.push(trustedKey(record.slice(1, 11), record.slice(11)));
    if (record.startsWith('l')) logs.push(record.slice(1));
    if (!record.startsWith('e')) continue;
    const event = record.slice(1, 9);
    const bucket = record.slice(9, 25);
    for (let from = 25; from < record.length; from += 16) {
      const entry = event + record.slice(from + 10, from + 16) + bucket;
      add(record.slice(from, from + 10), entry);
      add(totals, entry);
    }
  }
  return { bursts, trusts, logs };
}
