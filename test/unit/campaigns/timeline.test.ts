import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Moment, mergeTimelines } from '../../../src/campaigns/timeline.js';

const timeline = (times: readonly number[]) => times.map((at): Moment => ({ at })).values();

describe('merged timelines', () => {
  it('tell everything once, in the order of time, whatever they hold and whenever they begin', () => {
    const times = fc
      .array(fc.integer({ min: 0, max: 1000 }), { maxLength: 20 })
      .map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(fc.array(times), fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), times)), (plain, opened) => {
        const openers = opened.map(([at, later]) =>
          [{ at, opens: [timeline(later.map((time) => at + time))] }].values(),
        );
        const told = [...mergeTimelines([...plain.map(timeline), ...openers])].map(({ at }) => at);
        const all = [...plain.flat(), ...opened.flatMap(([at, later]) => [at, ...later.map((time) => at + time)])];
        expect(told).toEqual(all.sort((a, b) => a - b));
      }),
      { numRuns: 500 },
    );
  });

  it('tell equal times in the order in which their timelines began', () => {
    const named = (name: string, at: number) =>
      [{ at, label: { at: '', account_id: name, label: 'fraud', source: '' } } as const].values();
    const told = [...mergeTimelines([named('a', 5), named('b', 5), named('c', 5)])];
    expect(told.map(({ label }) => label?.account_id)).toEqual(['a', 'b', 'c']);
  });
});
