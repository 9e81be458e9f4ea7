import { describe, expect, it } from '@jest/globals';
import { MemoryRings } from '../../../src/adapters/memory/rings.js';

const day = 86_400_000;
const card = { name: 'card', id: 'card-1', by: ['payment.fingerprint'], strength: 'strong', hubCap: 20 } as const;

/** Two accounts on each card, evenly over the days. */
function mostKnown({ days, aDay }: { days: number; aDay: number }): number {
  const rings = new MemoryRings([{ ...card, ttlMs: 2 * day }]);
  let most = 0;
  for (let n = 0; n < days * aDay; n++) {
    const trace = { links: [{ link: 'card', key: `k${n >> 1}` }] };
    rings.apply({ kind: 'event', accountId: `a${n}`, at: 20_000 * day + (n * day) / aDay, trace });
    rings.expireWhenDue();
    most = Math.max(most, rings.graph.counts.accounts);
  }
  return most;
}

describe('rings on the time of events', () => {
  it('know no more than a multiple of the accounts whose links still count, though every event is a new account', () => {
    const aDay = 100;
    const counting = 2 * aDay;
    expect(mostKnown({ days: 10, aDay })).toBeLessThan(3 * counting);
    expect(mostKnown({ days: 100, aDay })).toBeLessThan(3 * counting);
  });
});
