import type { Instant } from '../model/time.js';
import type { Slots } from '../model/value.js';
import type { FeatureReadings, FeatureRequest } from './feature-store.js';

export interface FeatureMoment {
  readonly eventId: string;
  readonly accountId: string;
  readonly at: Instant;
  /** The account's first event; where it is not told, this one. */
  readonly accountSince?: Instant | undefined;
  /** True for an event that was counted before: its windows of today hold it, or are past it. */
  readonly onlyReads?: boolean | undefined;
}

export interface BoundFeatures {
  readonly request: FeatureRequest;
  /** Puts readings that are parallel to the request's lookups into the slots. */
  write(readings: FeatureReadings, slots: Slots): void;
}
