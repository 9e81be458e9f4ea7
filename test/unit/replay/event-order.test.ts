import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventOrder } from '../../../src/replay/event-order.js';

interface Item {
  readonly at: number;
  readonly place: number;
}

/** What is handed on after each item, and what is refused. */
function play(times: readonly number[], horizonMs: number): { played: Item[]; refused: Item[] } {
  const order = new EventOrder<Item>(horizonMs);
  const played: Item[] = [];
  const refused: Item[] = [];
  times.forEach((at, place) => {
    if (!order.push({ at, place })) refused.push({ at, place });
    for (let next = order.next(); next !== undefined; next = order.next()) played.push(next);
  });
  for (let next = order.last(); next !== undefined; next = order.last()) played.push(next);
  return { played, refused };
}

describe('the order of events', () => {
  it('puts disorder within the horizon in order and leaves equal times as they came', () => {
    const { played, refused } = play([10, 30, 20, 20, 40], 15);
    expect(played.map(({ at, place }) => [at, place])).toEqual([
      [10, 0],
      [20, 2],
      [20, 3],
      [30, 1],
      [40, 4],
    ]);
    expect(refused).toEqual([]);
  });

  it('refuses what comes after something newer has been handed on', () => {
    const { played, refused } = play([10, 100, 5, 101], 20);
    expect(refused).toEqual([{ at: 5, place: 2 }]);
    expect(played.map(({ at }) => at)).toEqual([10, 100, 101]);
  });

  it('refuses by the horizon alone, however much is pushed before anything is handed on', () => {
    const order = new EventOrder<Item>(20);
    expect([10, 100, 80, 79, 101].map((at, place) => order.push({ at, place }))).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
  });

  it('is a stable sort of whatever is no later than the horizon, for any times', () => {
    const moments = fc.array(fc.record({ step: fc.nat(50), late: fc.nat(100) }), { maxLength: 2000 });
    fc.assert(
      fc.property(moments, fc.constantFrom(100, 1000), (steps, horizonMs) => {
        let now = 0;
        const times = steps.map(({ step, late }) => {
          now += step;
          return Math.max(0, now - late);
        });
        const { played, refused } = play(times, horizonMs);
        const sorted = times.map((at, place) => ({ at, place })).sort((a, b) => a.at - b.at || a.place - b.place);
        expect(refused).toEqual([]);
        expect(played).toEqual(sorted);
      }),
    );
  });
});
