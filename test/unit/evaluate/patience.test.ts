import { describe, expect, it } from '@jest/globals';
import { Patience } from '../../../src/evaluate/patience.js';

/** Waits take as long as the test says; what was asked for how long is kept. */
function waiting(tookMs: readonly number[]) {
  const clock = { ms: 0 };
  const left = [...tookMs];
  const askedMs: number[] = [];
  const patience = new Patience({
    elapsed: () => clock.ms,
    orElse: async (work, timeoutMs, late) => {
      askedMs.push(timeoutMs);
      const took = left.shift() ?? 0;
      clock.ms += Math.min(took, timeoutMs);
      return took > timeoutMs ? late : work;
    },
  });
  return { patience, clock, askedMs, wait: () => patience.wait<string>(Promise.resolve('here'), 'late') };
}

describe('the patience of an evaluation with the hot store', () => {
  it('is for all its trips together', async () => {
    const { wait, askedMs, patience } = waiting([80, 80, 1]);
    expect(await wait()).toBe('here');
    expect(await wait()).toBe('late');
    expect(patience.isOver).toBe(true);
    expect(await wait()).toBe('late');
    expect(askedMs).toEqual([105, 25]);
  });

  it('does not count what passes between trips', async () => {
    const { wait, clock, askedMs } = waiting([1, 1]);
    await wait();
    clock.ms += 1000;
    expect(await wait()).toBe('here');
    expect(askedMs).toEqual([105, 104]);
  });

  it('is over at once where the store did not answer a moment ago', async () => {
    const { wait, patience, askedMs } = waiting([]);
    patience.end();
    expect(await wait()).toBe('late');
    expect(askedMs).toEqual([]);
  });

  it('has no end where every store answers at once', async () => {
    const patience = new Patience({ elapsed: () => 0 });
    expect(await patience.wait(Promise.resolve('here'), 'late')).toBe('here');
  });
});
