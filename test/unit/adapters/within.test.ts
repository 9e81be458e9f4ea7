import { describe, expect, it } from '@jest/globals';
import { countDown, orElse, within } from '../../../src/adapters/within.js';

const never = new Promise<never>(() => undefined);
/** Holds this process up, as a long collection of garbage or a busy machine does. */
function holdUp(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('waiting for an answer', () => {
  it('gives the answer, or its failure, when it is there in time', async () => {
    expect(await within(Promise.resolve('here'), 5000)).toBe('here');
    expect(await orElse(Promise.resolve('here'), 5000, 'late')).toBe('here');
    await expect(within(Promise.reject(new Error('broken')), 5000)).rejects.toThrow('broken');
    await expect(orElse(Promise.reject(new Error('broken')), 5000, 'late')).rejects.toThrow('broken');
  });

  it('rejects, or gives the other answer, when it is not', async () => {
    await expect(within(never, 5)).rejects.toThrow('no answer within 5 ms');
    expect(await orElse(never, 5, 'late')).toBe('late');
  });

  it('does not count the time that this process was held up itself', async () => {
    const answer = new Promise((resolve) => setTimeout(() => setTimeout(resolve, 20, 'here'), 50));
    const waited = within(answer, 40);
    holdUp(200);
    expect(await waited).toBe('here');
  });

  it('gives such time back once only', async () => {
    let isOver = false;
    const over = new Promise<void>((resolve) => {
      countDown(30, () => {
        isOver = true;
        resolve();
      });
    });
    holdUp(100);
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    holdUp(100);
    await over;
    expect(isOver).toBe(true);
  });

  it('calls nobody once it was stopped', async () => {
    let calls = 0;
    const stop = countDown(5, () => calls++);
    stop();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(calls).toBe(0);
  });
});
