import { describe, expect, it } from '@jest/globals';
import type { DropReading, SeenDrops } from '../../../src/features/dropped-records.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { createEvictionWatch } from '../../../src/workers/eviction-watch.js';

const fine: DropReading = { runId: 'run1', dropped: 0, policy: undefined, isAtLimit: false };
const full: DropReading = { ...fine, policy: 'allkeys-lru', isAtLimit: true };

/** One Redis, one truth, and any number of instances that look at them. */
class Installation {
  redis: DropReading | Error = fine;
  stored: SeenDrops | undefined;
  isTrusted = true;
  distrusted = 0;
  doubted = 0;
  readonly judgedSince: number[] = [];
  now = 1000;
  writeFails = false;

  readonly instance = () =>
    createEvictionWatch({
      read: async () => {
        if (this.redis instanceof Error) throw this.redis;
        return [this.redis];
      },
      seen: {
        read: async () => this.stored,
        exchange: async (former, seen) => {
          if (this.writeFails) throw new Error('the database is away');
          if (JSON.stringify(former) !== JSON.stringify(this.stored)) return false;
          this.stored = seen;
          return true;
        },
      },
      records: {
        doubt: async () => {
          this.doubted += 1;
        },
        distrust: async () => {
          this.distrusted += 1;
          this.isTrusted = false;
        },
        isTrusted: async () => this.isTrusted,
      },
      judgeAgainSince: async (at) => void this.judgedSince.push(at),
      clock: { now: () => this.now },
      elapsed: () => this.now,
      logger: { error: () => undefined, debug: () => undefined },
      metrics: createMetrics(),
    });
}

describe('a Redis that drops records', () => {
  it('is in doubt once where another server has come that dropped nothing, whoever looks', async () => {
    const installation = new Installation();
    const [one, other] = [installation.instance(), installation.instance()];
    await one.look();
    await other.look();
    expect(installation.doubted).toBe(0);
    installation.redis = { ...fine, runId: 'run2' };
    await one.look();
    await other.look();
    expect([installation.doubted, installation.distrusted]).toEqual([1, 0]);
  });

  it('is not believed any more, once for all instances, and whoever was decided meanwhile is judged again', async () => {
    const installation = new Installation();
    const [one, other] = [installation.instance(), installation.instance()];
    for (const watch of [one, other]) await watch.look();
    expect([installation.distrusted, one.hasLost]).toEqual([0, false]);
    installation.now = 2000;
    installation.redis = { ...fine, dropped: 5 };
    for (const watch of [one, other]) await watch.look();
    expect(installation.distrusted).toBe(1);
    expect([one.hasLost, other.hasLost]).toEqual([true, true]);
    expect(installation.judgedSince).toEqual([1000, 1000]);
    installation.isTrusted = true;
    for (const watch of [one, other]) await watch.look();
    expect([one.hasLost, other.hasLost, installation.distrusted]).toEqual([false, false, 1]);
  });

  it('is found out by an instance that starts afterwards', async () => {
    const installation = new Installation();
    await installation.instance().look();
    installation.redis = { ...fine, dropped: 5 };
    const later = installation.instance();
    await later.look();
    expect([installation.distrusted, later.hasLost]).toEqual([1, true]);
    await installation.instance().look();
    expect(installation.distrusted).toBe(1);
  });

  it('is not forgotten where it could not be written down', async () => {
    const installation = new Installation();
    const watch = installation.instance();
    await watch.look();
    installation.redis = { ...fine, dropped: 5 };
    installation.writeFails = true;
    await expect(watch.look()).rejects.toThrow('away');
    installation.writeFails = false;
    await watch.look();
    expect(installation.distrusted).toBe(2);
    await watch.look();
    expect(installation.distrusted).toBe(2);
  });

  it('is written to again when it may drop nothing, or has room and has dropped nothing for a minute', async () => {
    const installation = new Installation();
    const watch = installation.instance();
    await watch.look();
    installation.redis = { ...full, dropped: 1 };
    await watch.look();
    expect([watch.evicts, watch.mayRebuild]).toEqual([true, false]);
    installation.redis = { ...full, dropped: 1, isAtLimit: false };
    await watch.look();
    expect(watch.mayRebuild).toBe(false);
    installation.now += 60_000;
    await watch.look();
    expect(watch.mayRebuild).toBe(true);
    installation.redis = { ...full, dropped: 2 };
    await watch.look();
    expect(watch.mayRebuild).toBe(false);
    installation.redis = { ...fine, dropped: 2 };
    await watch.look();
    expect([watch.evicts, watch.mayRebuild]).toEqual([false, true]);
  });

  it('is nothing that can be told of while it does not answer', async () => {
    const installation = new Installation();
    const watch = installation.instance();
    installation.redis = new Error('NOPERM');
    await expect(watch.look()).rejects.toThrow('NOPERM');
    expect([watch.evicts, watch.mayRebuild, installation.distrusted]).toEqual([undefined, true, 0]);
  });
});
