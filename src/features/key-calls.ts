import type { FeatureSpec } from '../model/feature.js';
import type { FeatureLookup, FeatureRequest } from './feature-store.js';
import type { KeyLookup } from './key-log.js';
import { isLogged, type LoggedKind } from './logged-kind.js';

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

/** A key without a window is remembered this long after it was last seen. */
const ageLifetimeMs = 365 * 86_400_000;
/** Late events may still come in for windows that have passed. */
const latenessMs = 86_400_000;

/** The beginning of a hash without its `kid.`, long enough within one key: 60 bits. */
export function shortHash(hash: string): string {
  const from = hash.indexOf('.') + 1;
  return hash.slice(from, from + 10);
}

const keyLookup = ({ spec, counts, member }: FeatureLookup, kind: LoggedKind): KeyLookup => ({
  id: spec.id.replace(/^.*:/, '').slice(0, 8),
  kind,
  of: spec.of,
  windowMs: spec.windowMs ?? 0,
  exactTo: spec.exactTo,
  counts,
  member: member === undefined ? '' : shortHash(member),
});

/** Milliseconds without traffic after which nothing of the feature can be read any more. */
export const lifetimeOf = ({ windowMs = ageLifetimeMs, baselineMs = 0 }: FeatureSpec): number =>
  windowMs + baselineMs + latenessMs;

/** What logs of events answer of the request, key by key: one atomic call for each. */
export function keyQuestions(request: FeatureRequest): KeyQuestion[] {
  const byKey = new Map<string, number[]>();
  request.lookups.forEach(({ key, spec }, position) => {
    if (!isLogged(spec.kind)) return;
    const positions = byKey.get(key);
    if (positions === undefined) byKey.set(key, [position]);
    else positions.push(position);
  });
  return [...byKey].map(([key, positions]) => {
    const members = positions.flatMap((position) => request.lookups[position] ?? []);
    return {
      key,
      positions,
      lookups: members.flatMap((lookup) => (isLogged(lookup.spec.kind) ? keyLookup(lookup, lookup.spec.kind) : [])),
      counts: members.some(({ counts }) => counts),
      labelled: members.some(({ spec, counts }) => counts && spec.kind === 'labelled'),
      lifetimeMs: Math.max(...members.map(({ spec }) => lifetimeOf(spec))),
    };
  });
}
