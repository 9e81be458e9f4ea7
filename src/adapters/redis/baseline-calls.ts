import { burstSpans } from '../../features/burst-spans.js';
import type { FeatureLookup, FeatureRequest } from '../../features/feature-store.js';
import { lifetimeOf, shortHash } from '../../features/key-calls.js';
import type { FeatureSpec } from '../../model/feature.js';
import { digestOf } from './digest.js';

/** All keys of a burst together; all of them share one hash tag. */
const totals = 'totals';

/** One key that the script observe-baselines is asked. */
export interface BaselineKey {
  readonly key: string;
  readonly parameters: readonly [of: string, reach: number, most: number];
  /** How many numbers it answers. */
  readonly answers: number;
}

/** Where the answer to one lookup is found. */
export interface BaselineReading {
  readonly position: number;
  readonly key: string;
  /** Undefined for trusted accounts. */
  readonly totals: string | undefined;
}

/** One request's bursts and trusted accounts, in the words of the scripts. */
export interface BaselineCalls {
  readonly keys: ReadonlyMap<string, BaselineKey>;
  /** All on one server. */
  readonly totals: ReadonlyMap<string, BaselineKey>;
  readonly readings: readonly BaselineReading[];
  /** What the account's events have counted for when this one has been counted (see touch-account). */
  readonly counted: readonly CountedBurst[];
  readonly trusts: readonly string[];
  readonly lifetimeMs: number;
}

export interface CountedBurst {
  /** KEY and FEATURE of its name. */
  readonly key: string;
  readonly feature: string;
  /** Ten hexadecimal digits. */
  readonly bucket: string;
}

interface SpecText {
  readonly feature: string;
  readonly bucketMs: number;
  readonly lifetimeMs: number;
}

/** Specs live as long as their rule set. */
const described = new WeakMap<FeatureSpec, SpecText>();

function textOf(spec: FeatureSpec): SpecText {
  const known = described.get(spec);
  if (known !== undefined) return known;
  const { bucketMs } = burstSpans(spec);
  const text = { feature: digestOf(spec.id).slice(0, 6), bucketMs, lifetimeMs: lifetimeOf(spec) };
  described.set(spec, text);
  return text;
}

/** Ten characters. */
function tagOf(key: string): string {
  const short = shortHash(key);
  return /^[\w-]{10}$/.test(short) ? short : digestOf(key);
}

export const burstKey = (key: string, feature: string): string => `b:{${key}}:${feature}`;
export const outKey = (key: string): string => `b:{${key}}:x`;
export const trustedKey = (key: string, feature: string): string => `w:{${key}}:${feature}`;

class CallsBuilder implements BaselineCalls {
  /** Features of one definition share their keys, which are asked once. */
  readonly keys = new Map<string, BaselineKey>();
  readonly totals = new Map<string, BaselineKey>();
  readonly readings: BaselineReading[] = [];
  readonly counted: CountedBurst[] = [];
  readonly trusts: string[] = [];
  lifetimeMs = 0;

  constructor(private readonly at: number) {}

  add(lookup: FeatureLookup, position: number): void {
    if (lookup.spec.kind === 'burst') this.addBurst(lookup, position);
    if (lookup.spec.kind === 'trusted') this.addTrusted(lookup, position);
  }

  private addBurst({ spec, key, counts }: FeatureLookup, position: number): void {
    const { feature, bucketMs, lifetimeMs } = textOf(spec);
    const tag = tagOf(key);
    const spans = [spec.windowMs ?? 0, spec.baselineMs ?? 0] as const;
    const flag = counts ? '1' : '0';
    const own = { key: burstKey(tag, feature), parameters: [`k${flag}`, ...spans], answers: 2 } as const;
    const all = { key: burstKey(totals, feature), parameters: [`t${flag}`, ...spans], answers: 2 } as const;
    this.keys.set(own.key, own);
    this.totals.set(all.key, all);
    this.readings.push({ position, key: own.key, totals: all.key });
    if (!counts) return;
    const bucket = Math.floor(this.at / bucketMs)
      .toString(16)
      .padStart(10, '0');
    this.counted.push({ key: tag, feature, bucket });
    this.lifetimeMs = Math.max(this.lifetimeMs, lifetimeMs);
  }

  private addTrusted({ spec, key, counts }: FeatureLookup, position: number): void {
    const { feature, lifetimeMs } = textOf(spec);
    const tag = tagOf(key);
    const parameters = [`w${counts ? '1' : '0'}`, spec.olderThanMs ?? 0, spec.exactTo] as const;
    const one = { key: trustedKey(tag, feature), parameters, answers: 1 };
    this.keys.set(one.key, one);
    this.readings.push({ position, key: one.key, totals: undefined });
    if (!counts) return;
    this.trusts.push(`w${tag}${feature};`);
    this.lifetimeMs = Math.max(this.lifetimeMs, lifetimeMs);
  }
}

/** The same for an account that nobody may trust: only what would have trusted it is asked. */
export function distrustingCalls({ lookups, at }: FeatureRequest): BaselineCalls {
  const calls = new CallsBuilder(at);
  lookups.forEach((lookup, position) => {
    if (lookup.spec.kind === 'trusted') calls.add({ ...lookup, counts: false }, position);
  });
  return calls;
}

export function baselineCalls({ lookups, at }: FeatureRequest): BaselineCalls {
  const calls = new CallsBuilder(at);
  lookups.forEach((lookup, position) => {
    calls.add(lookup, position);
  });
  return calls;
}

/** What an account has counted for, by the place where it was counted. */
export interface AccountCounts {
  /** Hash tag to the entries of the script tell-baselines; the totals are one of them. */
  readonly bursts: ReadonlyMap<string, readonly string[]>;
  /** Names of the keys that trust it. */
  readonly trusts: readonly string[];
}

export function countsOf(event: string, { counted, trusts }: Pick<BaselineCalls, 'counted' | 'trusts'>): string {
  const bursts = counted.map(({ key, feature, bucket }) => key + feature + bucket).join('');
  return (bursts === '' ? '' : `e${event}${bursts};`) + trusts.join('');
}

/** Reads the text that touch-account keeps. */
export function accountCounts(text: string): AccountCounts {
  const bursts = new Map<string, string[]>();
  const trusts: string[] = [];
  const add = (tag: string, entry: string): void => {
    const entries = bursts.get(tag);
    if (entries === undefined) bursts.set(tag, [entry]);
    else entries.push(entry);
  };
  for (const record of text.split(';')) {
    if (record.startsWith('w')) trusts.push(trustedKey(record.slice(1, 11), record.slice(11)));
    if (!record.startsWith('e')) continue;
    const event = record.slice(1, 11);
    for (let from = 11; from < record.length; from += 26) {
      const entry = event + record.slice(from + 10, from + 26);
      add(record.slice(from, from + 10), entry);
      add(totals, entry);
    }
  }
  return { bursts, trusts };
}
