import { eventTypes } from '../model/event-type.js';
import type { FeatureKind } from '../model/feature.js';
import { labels } from '../model/label.js';

/** Stores keep as many events, or members, of one key: what it holds is read at each of its events. */
export const mostExact = 1024;

/** Keys beside the one that names the kind and `by`. */
export const featureOptions = ['window', 'baseline', 'older_than', 'min', 'on', 'exact_to'] as const;
export type FeatureOption = (typeof featureOptions)[number];

/** One kind of feature: the key that names it in YAML, and what may stand there. */
export interface FeatureKindInfo {
  readonly key: string;
  readonly kind: FeatureKind;
  /** Texts allowed after the key; undefined = the name of a signal. */
  readonly of: readonly string[] | undefined;
  readonly takes: readonly FeatureOption[];
  readonly needs: readonly FeatureOption[];
  /** Is `by` needed? A count without one is global. */
  readonly needsBy: boolean;
  /** `exact_to` when the author does not say, or cannot. */
  readonly exactTo: number;
}

const windowed = { takes: ['window', 'on', 'exact_to'], needs: ['window'] } as const;

export const featureKindRegistry: readonly FeatureKindInfo[] = [
  { key: 'count', kind: 'count', of: ['event'], ...windowed, needsBy: false, exactTo: 128 },
  { key: 'distinct', kind: 'distinct', of: undefined, ...windowed, needsBy: true, exactTo: 64 },
  { key: 'labelled', kind: 'labelled', of: labels, ...windowed, needsBy: true, exactTo: 64 },
  { key: 'age', kind: 'age', of: ['seconds'], takes: ['on'], needs: [], needsBy: true, exactTo: 1 },
  {
    key: 'burst',
    kind: 'burst',
    // The event type stands for `on`: what is compared is one kind of event.
    of: eventTypes,
    takes: ['window', 'baseline', 'min'],
    needs: ['window', 'baseline'],
    needsBy: true,
    exactTo: 128,
  },
  {
    key: 'trusted',
    kind: 'trusted',
    of: ['account.id'],
    takes: ['older_than', 'on', 'exact_to'],
    needs: ['older_than'],
    needsBy: true,
    exactTo: 64,
  },
];

/** Examples of the options that some kinds need. */
export const optionExamples: Readonly<Partial<Record<FeatureOption, string>>> = {
  window: 'window: 24h',
  baseline: 'baseline: 21d',
  older_than: 'older_than: 7d',
};
