import type { FeatureStore } from './feature-store.js';

/** The store, telling how long each event's reading and counting took, ms of `elapsed`. */
export function timedTrips(store: FeatureStore, elapsed: () => number, tell: (ms: number) => void): FeatureStore {
  return {
    async observe(request) {
      const startedAt = elapsed();
      const readings = await store.observe(request);
      tell(elapsed() - startedAt);
      return readings;
    },
    peek: (request) => store.peek(request),
    label: (accountId, label, at) => store.label(accountId, label, at),
    standing: (accountId, standing, at) => store.standing(accountId, standing, at),
  };
}
