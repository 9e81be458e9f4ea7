import { describe, expect, it } from '@jest/globals';
import { finishSteps, type Pace, runInSlices, type Steps } from '../../../src/model/steps.js';

function* count(to: number, onStep: (n: number) => void): Steps<string> {
  for (let n = 1; n <= to; n++) {
    onStep(n);
    yield;
  }
  return 'done';
}

/** Each look at the clock takes a millisecond. */
function paceOf(more: Partial<Pace> = {}) {
  const seen = { now: 0, breaths: 0 };
  const pace: Pace = {
    elapsed: () => seen.now++,
    breathe: async () => {
      seen.breaths++;
    },
    sliceMs: 5,
    ...more,
  };
  return { pace, seen };
}

describe('work in small steps', () => {
  it('is finished at once by whoever has nothing else to do', () => {
    const steps: number[] = [];
    expect(finishSteps(count(3, (n) => steps.push(n)))).toBe('done');
    expect(steps).toEqual([1, 2, 3]);
  });

  it('comes to the same in slices, with a breath after each', async () => {
    const steps: number[] = [];
    const { pace, seen } = paceOf();
    expect(
      await runInSlices(
        count(20, (n) => steps.push(n)),
        pace,
      ),
    ).toBe('done');
    expect(steps).toHaveLength(20);
    expect(seen.breaths).toBe(4);
  });

  it('ends after the slice in which nobody wants it any more', async () => {
    const steps: number[] = [];
    const { pace } = paceOf({ isOvertaken: () => steps.length >= 10 });
    expect(
      await runInSlices(
        count(100, (n) => steps.push(n)),
        pace,
      ),
    ).toBeUndefined();
    expect(steps.length).toBeLessThan(16);
  });
});
