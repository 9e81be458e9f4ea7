import type { ObservedType } from './event-type.js';

/** One aggregate over history, declared in YAML. */
const featureKinds = ['count', 'distinct', 'labelled', 'age', 'burst', 'trusted'] as const;
export type FeatureKind = (typeof featureKinds)[number];

export interface FeatureSpec {
  readonly name: string;
  /** Hash of the definition: an edited feature is another feature and starts cold. */
  readonly id: string;
  readonly kind: FeatureKind;
  /**
   * `distinct`: the signal counted; `labelled`: the label; `count`: `event`; `age`: `seconds`; `burst`: the event type;
   * `trusted`: `account.id`.
   */
  readonly of: string;
  /** Signal names whose values make the key; empty is one global key. */
  readonly by: readonly string[];
  /** Milliseconds; absent for `age` and `trusted`. */
  readonly windowMs?: number;
  /** `burst`: milliseconds before the window that tell what is usual. */
  readonly baselineMs?: number;
  /** `burst`: with fewer events in the window nothing stands out. */
  readonly min?: number;
  /** `trusted`: milliseconds an account has to be known for. */
  readonly olderThanMs?: number;
  /** The events that count, and `verified`: verifications that were passed. Reading happens on every event whose rules read it. */
  readonly on: readonly ObservedType[];
  /** Above this many the value is a lower bound; see docs/features.md. */
  readonly exactTo: number;
}

/** What a burst is read by, each a number in a slot of its own, in this order. */
export const burstMembers = ['count', 'expected', 'ratio', 'z', 'held', 'held_share'] as const;

/** The names that expressions read a feature by, in the order of their slots. */
export const featureInputs = ({ kind, name }: Pick<FeatureSpec, 'kind' | 'name'>): readonly string[] =>
  kind === 'burst' ? burstMembers.map((member) => `${name}.${member}`) : [name];
