import type { FeatureSpec } from '../model/feature.js';
import type { Instant } from '../model/time.js';
import { BurstFigures, leastBaseline } from './burst.js';
import type { FeatureStore } from './feature-store.js';

/** How far a burst has come to know what is usual. */
export interface BaselineWarmth {
  readonly feature: string;
  /** `unknown` while the store does not answer. */
  readonly state: 'cold' | 'warm' | 'unknown';
  /** Admitted events in the baseline; undefined where that is unknown. */
  readonly events: number | undefined;
  /** As many as it takes. */
  readonly needed: number;
}

/** Reads the totals of every burst as of `at`; counts nothing. */
export async function baselineWarmth(
  store: Pick<FeatureStore, 'peek'>,
  features: readonly FeatureSpec[],
  at: Instant,
): Promise<readonly BaselineWarmth[]> {
  const bursts = features.filter(({ kind }) => kind === 'burst');
  const lookups = bursts.map((spec) => ({ spec, key: nobodys, counts: false }));
  const readings = await store.peek({ eventId: nobodys, accountId: nobodys, at, lookups });
  return bursts.map(({ name }, index) => warmthOf(name, readings[index]));
}

/** A key that no event has. */
const nobodys = '-';

function warmthOf(feature: string, reading: unknown): BaselineWarmth {
  if (!(reading instanceof BurstFigures))
    return { feature, state: 'unknown', events: undefined, needed: leastBaseline };
  const { baselineTotal: events } = reading;
  return { feature, state: events < leastBaseline ? 'cold' : 'warm', events, needed: leastBaseline };
}
