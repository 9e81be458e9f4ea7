import type { FeatureKind } from '../model/feature.js';
import { labels } from '../model/label.js';

/** One kind of feature: the key that names it in YAML, and what may stand there. */
export interface FeatureKindInfo {
  readonly key: string;
  readonly kind: FeatureKind;
  /** Texts allowed after the key; undefined = the name of a signal. */
  readonly of: readonly string[] | undefined;
  readonly windowed: boolean;
  /** Is `by` needed? A count without one is global. */
  readonly needsBy: boolean;
  /** `exact_to` when the author does not say. */
  readonly exactTo: number;
}

export const featureKindRegistry: readonly FeatureKindInfo[] = [
  { key: 'count', kind: 'count', of: ['event'], windowed: true, needsBy: false, exactTo: 128 },
  { key: 'distinct', kind: 'distinct', of: undefined, windowed: true, needsBy: true, exactTo: 64 },
  { key: 'labelled', kind: 'labelled', of: labels, windowed: true, needsBy: true, exactTo: 64 },
  { key: 'age', kind: 'age', of: ['seconds'], windowed: false, needsBy: true, exactTo: 1 },
];

/** Known to the language and not yet to the engine: said clearly instead of "unknown key". */
export const laterFeatureKeys: readonly string[] = ['burst', 'trusted', 'baseline', 'older_than', 'min'];
