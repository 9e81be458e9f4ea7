import type { EventType } from './event-type.js';

/** One aggregate over history, declared in YAML. Later kinds (`burst`, `trusted`) are one record each. */
export const featureKinds = ['count', 'distinct', 'labelled', 'age'] as const;
export type FeatureKind = (typeof featureKinds)[number];

export interface FeatureSpec {
  readonly name: string;
  /** Hash of the definition: an edited feature is another feature and starts cold. */
  readonly id: string;
  readonly kind: FeatureKind;
  /** `distinct`: the signal counted; `labelled`: the label; `count`: `event`; `age`: `seconds`. */
  readonly of: string;
  /** Signal names whose values make the key; empty is one global key. */
  readonly by: readonly string[];
  /** Milliseconds; absent for `age`. */
  readonly windowMs?: number;
  /** The events that count. Reading happens on every event whose rules read it. */
  readonly on: readonly EventType[];
  /** Above this many the value is a lower bound; see docs/features.md. */
  readonly exactTo: number;
}
