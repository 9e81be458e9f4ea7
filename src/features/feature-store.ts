import type { FeatureSpec } from '../model/feature.js';
import type { Label } from '../model/label.js';
import type { Instant } from '../model/time.js';
import type { Reading } from '../model/value.js';

/** One feature bound to one event: the key is an opaque hash, without raw identifiers. */
export interface FeatureLookup {
  readonly spec: FeatureSpec;
  /** Hash of the values of `by`. */
  readonly key: string;
  /** Does this event's type count (`spec.on`)? Otherwise it only reads. */
  readonly counts: boolean;
  /** What is counted: hash of the value of `distinct`; undefined where the event has none. */
  readonly member?: string | undefined;
}

export interface FeatureRequest {
  readonly eventId: string;
  readonly accountId: string;
  /** Event time: the windows are (at - w, at]. */
  readonly at: Instant;
  readonly lookups: readonly FeatureLookup[];
}

/** Parallel to `request.lookups`; a store that cannot answer gives `Unavailable`, never zero and never a throw. */
export type FeatureReadings = readonly Reading[];

/**
 * History. `observe` counts and reads in one atomic step per key and is idempotent by event id; the current event is
 * included in what it reads. `peek` reads as if the event were counted and counts nothing.
 */
export interface FeatureStore {
  observe(request: FeatureRequest): Promise<FeatureReadings>;
  peek(request: FeatureRequest): Promise<FeatureReadings>;
  /** Attaches a label to every key that the account's events touched; idempotent. A later label replaces the earlier. */
  label(accountId: string, label: Label, at: Instant): Promise<void>;
}
