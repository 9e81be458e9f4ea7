import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/telemetry/logger.js';
import { startErasedTraces } from '../../../src/workers/erased-traces.js';
import { eventually } from '../../support/eventually.js';

const log = createLogger({ level: 'silent' });
const elapsed = () => performance.now();
const begin = (more: { isLeft?: boolean; takesMs?: number; failures?: number } = {}) => {
  let runs = 0;
  const traces = startErasedTraces({
    isLeft: async () => more.isLeft === true,
    rewrite: async () => {
      runs += 1;
      await sleep(more.takesMs ?? 0);
      if (runs <= (more.failures ?? 0)) throw new Error('no');
    },
    elapsed,
    log,
    afterMs: 20,
  });
  return { ...traces, runs: () => runs };
};

describe('what was erased, in files', () => {
  it('is rewritten once for many erasures, and not at all without one', async () => {
    const idle = begin();
    const traces = begin();
    for (let n = 0; n < 50; n++) traces.ask();
    await eventually(async () => traces.runs() === 1);
    await sleep(60);
    expect([traces.runs(), idle.runs()]).toEqual([1, 0]);
    await traces.stop(1000);
    expect(traces.runs()).toBe(1);
  });

  it('is rewritten again for an erasure that comes meanwhile, after a rest', async () => {
    const traces = begin({ takesMs: 30 });
    traces.ask();
    await eventually(async () => traces.runs() === 1);
    traces.ask();
    await sleep(200);
    expect(traces.runs()).toBe(1);
    await eventually(async () => traces.runs() === 2);
    await traces.stop(1000);
  });

  it('is rewritten at a start that follows a kill', async () => {
    const traces = begin({ isLeft: true });
    await eventually(async () => traces.runs() === 1);
    await traces.stop(1000);
  });

  it('is rewritten at a stop, also what failed before, and holds a stop up for so long only', async () => {
    const failing = begin({ failures: 1 });
    failing.ask();
    await eventually(async () => failing.runs() === 1);
    await failing.stop(1000);
    expect(failing.runs()).toBe(2);
    const slow = begin({ takesMs: 2000 });
    slow.ask();
    const before = performance.now();
    await slow.stop(50);
    expect(performance.now() - before).toBeLessThan(1500);
  });
});
