import type { FeatureSpec } from '../model/feature.js';
import { lifetimeOf } from './feature-lifetime.js';
import type { KeyLookup } from './key-call.js';
import { isLogged, loggedKind } from './logged-kind.js';

/** One feature of a key: does the event count, or does it only read? */
interface AskedFeature {
  readonly spec: FeatureSpec;
  readonly counts: boolean;
}

/** A burst or a count of trusted accounts: what depends on the standing of accounts. */
export interface PlannedStanding extends AskedFeature {
  /** Among the readings of the key. */
  readonly place: number;
  /** Of its definition in this process, from 0. */
  readonly number: number;
  readonly lifetimeMs: number;
  /** False where a feature of the same definition, under another name, counts already. */
  readonly writes: boolean;
}

/** What one key is asked and told; no event changes it, so that it is made once. */
export interface KeyPlan {
  readonly size: number;
  /** What logs of events answer. */
  readonly lookups: readonly KeyLookup[];
  /** Of each lookup among the readings of the key. */
  readonly places: readonly number[];
  /** Of each lookup; one list for all events of the plan. */
  readonly ids: readonly string[];
  readonly bursts: readonly PlannedStanding[];
  readonly trusted: readonly PlannedStanding[];
  /** Does the event go into the log? */
  readonly counts: boolean;
  /** Does it leave anything on the key? */
  readonly writes: boolean;
  /** An account's label has to reach this key later. */
  readonly labelled: boolean;
  /** Milliseconds without traffic after which nothing of the log can be read any more. */
  readonly lifetimeMs: number;
}

export function planKey(features: readonly AskedFeature[]): KeyPlan {
  const logged = features.flatMap((feature, place) => (isLogged(feature.spec.kind) ? [{ feature, place }] : []));
  const lookups = logged.flatMap(({ feature }, index) => lookupOf(feature, index) ?? []);
  const counts = lookups.some((lookup) => lookup.counts);
  return {
    size: features.length,
    lookups,
    places: logged.map(({ place }) => place),
    ids: lookups.map(({ id }) => id),
    bursts: standingsOf('burst', features),
    trusted: standingsOf('trusted', features),
    counts,
    writes: features.some((feature) => feature.counts),
    labelled: lookups.some((lookup) => lookup.counts && lookup.kind === 'labelled'),
    lifetimeMs: Math.max(0, ...logged.map(({ feature }) => lifetimeOf(feature.spec))),
  };
}

const texts = new Map<string, string>();

/** The plans of all event types share the texts of ids: the very same text is the same without looking into it. */
function oneText(text: string): string {
  const known = texts.get(text);
  if (known === undefined) texts.set(text, text);
  return known ?? text;
}

const featureNumbers = new Map<string, number>();

/** A small number for each definition that there has been in this process. */
function numberOf(id: string): number {
  const known = featureNumbers.get(id) ?? featureNumbers.size;
  featureNumbers.set(id, known);
  return known;
}

function lookupOf({ spec, counts }: AskedFeature, index: number): KeyLookup | undefined {
  const { of, windowMs = 0, exactTo } = spec;
  const kind = loggedKind(spec.kind);
  const id = oneText(spec.id.replace(/^.*:/, '').slice(0, 8));
  return kind === undefined ? undefined : { id, kind, of, windowMs, exactTo, counts, index };
}

function standingsOf(kind: 'burst' | 'trusted', features: readonly AskedFeature[]): readonly PlannedStanding[] {
  const written = new Set<string>();
  return features.flatMap(({ spec, counts }, place) => {
    if (spec.kind !== kind) return [];
    const writes = counts && !written.has(spec.id);
    if (writes) written.add(spec.id);
    return [{ spec, counts, place, number: numberOf(spec.id), lifetimeMs: lifetimeOf(spec), writes }];
  });
}
