import { describe, expect, it } from '@jest/globals';
import type { FeatureRequest, FeatureStore } from '../../../src/features/feature-store.js';
import { onlyWholeHistory } from '../../../src/features/whole-history.js';
import { Unavailable } from '../../../src/model/value.js';

const lookup = {
  spec: { name: 'a', id: 'a', kind: 'count', of: 'event', by: [], on: [], exactTo: 1 },
  key: 'k',
  counts: true,
} as const;
const request: FeatureRequest = { eventId: 'e', accountId: 'a', at: 0, lookups: [lookup, lookup] };

function counting(): FeatureStore & { observed: number } {
  const store = {
    observed: 0,
    observe: async () => {
      store.observed += 1;
      return [0, undefined];
    },
    peek: async () => [7, undefined],
    label: async () => undefined,
    standing: async () => undefined,
  };
  return store;
}

describe('a guarded history', () => {
  it('gives its readings as they are while it is whole', async () => {
    const guarded = onlyWholeHistory(counting(), async () => true);
    expect(await guarded.observe(request)).toEqual([0, undefined]);
    expect(await guarded.peek(request)).toEqual([7, undefined]);
  });

  it('knows nothing while it is not, and counts all the same', async () => {
    const store = counting();
    const unknown = new Unavailable('velocity_rebuilding');
    expect(await onlyWholeHistory(store, async () => false).observe(request)).toEqual([unknown, unknown]);
    expect(await onlyWholeHistory(store, () => Promise.reject(new Error('away'))).peek(request)).toEqual([
      unknown,
      unknown,
    ]);
    expect(store.observed).toBe(1);
  });
});
