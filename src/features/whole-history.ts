import { Unavailable } from '../model/value.js';
import {
  type FeatureReading,
  type FeatureReadings,
  type FeatureRequest,
  type FeatureStore,
  isUnreached,
} from './feature-store.js';

const rebuilding = new Unavailable('velocity_rebuilding');

/**
 * Of every key that was asked: a zero, an absent age and a small number are equally unfounded. What did not reach the store
 * stays told, as it was not counted.
 */
const unknown = (readings: FeatureReadings): FeatureReading[] =>
  readings.map((reading) => (isUnreached(reading) ? reading : rebuilding));

/**
 * Readings of a history that is not whole (the store was wiped, exchanged or restored from an older copy) would be false
 * numbers: they are unavailable. Counting goes on all the same. `isWhole` is asked after each reading was sent, so that no
 * loss in between goes unnoticed; its failure counts as no.
 */
export function onlyWholeHistory(store: FeatureStore, isWhole: () => Promise<boolean>): FeatureStore {
  const guarded = async (request: FeatureRequest, readings: Promise<FeatureReadings>): Promise<FeatureReadings> => {
    if (request.lookups.length === 0) return readings;
    const [values, whole] = await Promise.all([readings, isWhole().catch(() => false)]);
    return whole ? values : unknown(values);
  };
  return {
    observe: (request) => guarded(request, store.observe(request)),
    peek: (request) => guarded(request, store.peek(request)),
    label: (accountId, label, at) => store.label(accountId, label, at),
    standing: (accountId, standing, at) => store.standing(accountId, standing, at),
  };
}
