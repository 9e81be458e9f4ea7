import type { FeatureSpec } from '../model/feature.js';
import type { Label } from '../model/label.js';
import type { Instant } from '../model/time.js';
import { type Reading, Unavailable } from '../model/value.js';
import type { BurstFigures } from './burst.js';
import type { KeyPlan } from './key-plan.js';

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

/** All that an event asks of one key. */
export interface KeyAsk {
  readonly plan: KeyPlan;
  /** Hash of the values of `by`. */
  readonly key: string;
  /** Parallel to the plan's lookups: hash of what `distinct` counts; undefined where there is none. */
  readonly members: readonly (string | undefined)[];
}

export interface FeatureRequest {
  readonly eventId: string;
  readonly accountId: string;
  /** Event time: the windows are (at - w, at]. */
  readonly at: Instant;
  /** The account's first event; where it is not told, this one. */
  readonly accountSince?: Instant | undefined;
  readonly lookups: readonly FeatureLookup[];
  /** The same key by key, in the same order, where it was planned: for stores that ask by key. */
  readonly keys?: readonly KeyAsk[] | undefined;
}

/** What a store answers to one lookup: of a burst its figures, of any other kind its value. */
export type FeatureReading = Reading | BurstFigures;

/** Why there is no reading where the store did not answer: what was to be counted may not be. */
export const unreached = 'velocity_unavailable';

export const isUnreached = (reading: FeatureReading): boolean =>
  reading instanceof Unavailable && reading.reason === unreached;

/** Parallel to `request.lookups`; a store that cannot answer gives `Unavailable`, never zero and never a throw. */
export type FeatureReadings = readonly FeatureReading[];

/** Held, denied and fraud-labelled accounts are out: they are no part of what is usual, and nobody's reason to trust. */
export type Standing = 'good' | 'out';

/**
 * History. `observe` counts and reads in one atomic step per key and is idempotent by event id; the current event is
 * included in what it reads. `peek` reads as if the event were counted and counts nothing.
 */
export interface FeatureStore {
  observe(request: FeatureRequest): Promise<FeatureReadings>;
  peek(request: FeatureRequest): Promise<FeatureReadings>;
  /**
   * Attaches a label to every key that the account's events touched; idempotent. A later label replaces the earlier.
   * `fraud` puts the account out as well, unless a later label is known.
   */
  label(accountId: string, label: Label, at: Instant): Promise<void>;
  /**
   * What an account's events count for from now on, those that were counted before included; idempotent, and the later
   * one stands whatever the order of arrival. Who was out once is never trusted again.
   */
  standing(accountId: string, standing: Standing, at: Instant): Promise<void>;
}
