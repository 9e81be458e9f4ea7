import { describe, expect, it } from '@jest/globals';
import { startLoop } from '../../../src/workers/loop.js';
import { eventually } from '../../support/eventually.js';

const never = 2_000_000_000;

describe('a loop', () => {
  it('runs at once, goes on while there is more, and runs again when it is woken', async () => {
    let runs = 0;
    const work = async () => {
      runs += 1;
      return runs < 3;
    };
    const loop = startLoop({ everyMs: never, work, onError: () => undefined });
    await eventually(async () => runs === 3);
    loop.wake();
    await eventually(async () => runs === 4);
    await loop.stop();
    expect(runs).toBe(4);
  });

  it('never runs twice at the same time, and misses no wake-up that comes during a run', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      runs += 1;
      return false;
    };
    const loop = startLoop({ everyMs: never, work, onError: () => undefined });
    loop.wake();
    loop.wake();
    await eventually(async () => runs === 2);
    await loop.stop();
    expect(most).toBe(1);
  });

  it('tells of a failed run and goes on at the next turn', async () => {
    const errors: unknown[] = [];
    let runs = 0;
    const work = async () => {
      runs += 1;
      if (runs === 1) throw new Error('down');
      return false;
    };
    const loop = startLoop({ everyMs: 1, work, onError: (error) => errors.push(error) });
    await eventually(async () => runs > 2);
    await loop.stop();
    expect(errors).toHaveLength(1);
  });
});
