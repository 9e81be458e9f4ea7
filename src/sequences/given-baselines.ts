import { BurstFigures, withShare } from '../features/burst.js';
import type { FeatureReading, FeatureReadings, FeatureRequest, FeatureStore } from '../features/feature-store.js';
import type { Given, GivenBaseline } from './sequence-test.js';

/** A store whose bursts know what is usual from what is given; what is not given stays as it was counted. */
export function withGivenBaselines(store: FeatureStore, given: Given['baselines']): FeatureStore {
  if (given.size === 0) return store;
  const all = given.get('all');
  const told = (request: FeatureRequest, readings: FeatureReadings): FeatureReadings =>
    readings.map((reading, index) => known(reading, given.get(request.lookups[index]?.spec.name ?? '') ?? all));
  return {
    observe: async (request) => told(request, await store.observe(request)),
    peek: async (request) => told(request, await store.peek(request)),
    label: (accountId, label, at) => store.label(accountId, label, at),
    standing: (accountId, standing, at) => store.standing(accountId, standing, at),
  };
}

function known(reading: FeatureReading, baseline: GivenBaseline | undefined): FeatureReading {
  if (baseline === undefined || !(reading instanceof BurstFigures)) return reading;
  const { share, expected = 0, others } = baseline;
  // As in `burstReadings`: the total is never less than the key's own count.
  const total = Math.max(reading.total + others, reading.count);
  return withShare(reading, share ?? expected / Math.max(total, 1), others);
}
