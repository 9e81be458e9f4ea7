import type { FeatureSpec } from '../model/feature.js';
import type { FeatureLookup, FeatureRequest } from './feature-store.js';
import type { KeyLookup } from './key-log.js';
import { isLogged } from './logged-kind.js';

/** What one key is asked for one event, and which of the request's lookups that answers. */
export interface KeyQuestion {
  readonly key: string;
  readonly lookups: readonly KeyLookup[];
  readonly positions: readonly number[];
  readonly counts: boolean;
  /** An account's label has to reach this key later. */
  readonly labelled: boolean;
  /** Milliseconds without traffic after which nothing of the key can be read any more. */
  readonly lifetimeMs: number;
}

/** A key that only tells its age is remembered this long after it was last seen. */
const ageLifetimeMs = 365 * 86_400_000;
/** Accounts of a key that nobody has used for so long tell nothing of whoever comes now. */
const trustLifetimeMs = 90 * 86_400_000;
/** Late events may still come in for windows that have passed. */
const latenessMs = 86_400_000;

/** The beginning of a hash without its `kid.`, long enough within one key: 60 bits. */
export function shortHash(hash: string): string {
  const from = hash.indexOf('.') + 1;
  return hash.slice(from, from + 10);
}

/** How far back events can matter, milliseconds; an age is as old as it is and reaches no distance that could be named. */
export const reachOf = ({ kind, windowMs = 0, baselineMs = 0, olderThanMs = 0 }: FeatureSpec): number =>
  kind === 'trusted' ? olderThanMs + trustLifetimeMs : windowMs + baselineMs;

/** Milliseconds without traffic after which nothing of the feature can be read any more. */
export const lifetimeOf = (spec: FeatureSpec): number =>
  (spec.kind === 'age' ? ageLifetimeMs : reachOf(spec)) + latenessMs;

/** What is the same for every event, by feature: lookups are made for each event and each key. */
interface KnownSpec {
  readonly lifetimeMs: number;
  /** Undefined for a kind that logs do not answer. Without a member. */
  readonly counting: KeyLookup | undefined;
  readonly reading: KeyLookup | undefined;
}

const knownSpecs = new WeakMap<FeatureSpec, KnownSpec>();

function knownSpec(spec: FeatureSpec): KnownSpec {
  const found = knownSpecs.get(spec);
  if (found !== undefined) return found;
  const { kind, of, windowMs = 0, exactTo } = spec;
  const id = spec.id.replace(/^.*:/, '').slice(0, 8);
  const lookup = (counts: boolean): KeyLookup | undefined =>
    isLogged(kind) ? { id, kind, of, windowMs, exactTo, counts, member: '' } : undefined;
  const known = { lifetimeMs: lifetimeOf(spec), counting: lookup(true), reading: lookup(false) };
  knownSpecs.set(spec, known);
  return known;
}

interface Collected {
  readonly key: string;
  readonly lookups: KeyLookup[];
  readonly positions: number[];
  counts: boolean;
  labelled: boolean;
  lifetimeMs: number;
}

/** What logs of events answer of the request, key by key: one atomic call for each. */
export function keyQuestions({ lookups }: FeatureRequest): KeyQuestion[] {
  const byKey = new Map<string, Collected>();
  for (let position = 0; position < lookups.length; position++) {
    const lookup = lookups[position];
    if (lookup !== undefined) collect(lookup, position, byKey);
  }
  return [...byKey.values()];
}

function collect({ spec, key, counts, member }: FeatureLookup, position: number, byKey: Map<string, Collected>): void {
  const { lifetimeMs, counting, reading } = knownSpec(spec);
  const shared = counts ? counting : reading;
  if (shared === undefined) return;
  let question = byKey.get(key);
  if (question === undefined) {
    question = { key, lookups: [], positions: [], counts: false, labelled: false, lifetimeMs: 0 };
    byKey.set(key, question);
  }
  question.lookups.push(member === undefined ? shared : { ...shared, member: shortHash(member) });
  question.positions.push(position);
  question.counts ||= counts;
  question.labelled ||= counts && shared.kind === 'labelled';
  question.lifetimeMs = Math.max(question.lifetimeMs, lifetimeMs);
}
