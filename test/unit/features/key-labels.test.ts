import { describe, expect, it } from '@jest/globals';
import type { KeyCall } from '../../../src/features/key-call.js';
import { type KeyState, labelKey, observeKey, peekKey } from '../../../src/features/key-log.js';

const day = 86_400_000;
const start = 1_777_000_000_000;

const callOf = (n: number, at: number): KeyCall => ({
  at,
  event: `e${n}`,
  account: `a${n}`,
  lookups: [{ id: 'labelled', kind: 'labelled', of: 'fraud', windowMs: day, exactTo: 64, counts: true, index: 0 }],
  counts: true,
  ids: ['labelled'],
  members: [undefined],
});
const newKey = (): KeyState => ({
  until: 0,
  only: undefined,
  few: [],
  log: undefined,
  firstSeen: undefined,
  labels: undefined,
});

describe('labels on a key', () => {
  it('are no more than it counts, however many accounts were labelled', () => {
    const key = newKey();
    let most = 0;
    for (let n = 0; n < 3000; n++) {
      observeKey(key, callOf(n, start + n));
      if (n % 2 === 0) labelKey(key, `a${n}`, { label: 'fraud', at: start + n });
      if (n > 1000 && n % 2 === 1) labelKey(key, `a${n - 1000}`, { label: 'fraud', at: start + n });
      most = Math.max(most, key.labels?.size ?? 0);
    }
    expect(most).toBeLessThanOrEqual(256);
    expect(peekKey(key, callOf(3001, start + 3000))).toEqual([64]);
  });

  it('are no more than it counts where only labels come', () => {
    const key = newKey();
    observeKey(key, callOf(0, start));
    for (let n = 0; n < 1000; n++) labelKey(key, `a${n}`, { label: 'fraud', at: start + n });
    expect(key.labels?.size).toBeLessThanOrEqual(256);
    expect(peekKey(key, callOf(1001, start + 1))).toEqual([1]);
  });
});
