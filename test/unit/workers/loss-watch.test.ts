import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { createLossWatch, type LossWatchPorts } from '../../../src/workers/loss-watch.js';

type Mark = Awaited<ReturnType<LossWatchPorts['mark']['look']>>;

/** One Redis, and any number of instances that look at it. */
class Installation {
  now = 1_000_000;
  mark: Mark = { state: 'whole', at: 999_500, server: 'first', doubtedSince: 0 };
  isProjectionShown = true;
  isTruthAway = false;
  isAway = false;
  connections = 1;

  instance() {
    const told: number[] = [];
    const watch = createLossWatch({
      mark: {
        look: async () => {
          if (this.isAway) throw new Error('Redis is away');
          return this.mark;
        },
        vouch: async (seen, since, now) => {
          if (this.mark !== seen) return false;
          this.mark = { ...seen, state: 'whole', at: now, doubtedSince: since };
          return true;
        },
      },
      isProjectionShown: async () => this.isProjectionShown,
      tellAgain: async (since) => {
        if (this.isTruthAway) throw new Error('the database is away');
        told.push(since);
        return { messages: 1, events: 2 };
      },
      connections: () => this.connections,
      clock: { now: () => this.now },
      elapsed: () => this.now,
      logger: { warn: () => undefined, info: () => undefined, debug: () => undefined },
      metrics: createMetrics(),
    });
    return { watch, told };
  }

  /** Another server, with what was there at that time. */
  restart(server: string, at: number): void {
    this.mark = { state: 'behind', at, server, doubtedSince: 0 };
    this.connections += 1;
  }
}

const tooLongMs = 3100;

describe('a Redis that may have lost its last seconds', () => {
  it('is not sound before it was looked at, and tells nothing again where all is well', async () => {
    const { watch, told } = new Installation().instance();
    expect(watch.soundness).toBeUndefined();
    await watch.look();
    expect(watch.soundness).toBeDefined();
    expect(told).toEqual([]);
  });

  it('is not sound from the new connection on, and is told again from its mark when nothing is on its way any more', async () => {
    const installation = new Installation();
    const { watch, told } = installation.instance();
    await watch.look();
    const before = watch.soundness;
    installation.restart('second', 996_000);
    expect(watch.soundness).toBeUndefined();
    await watch.look();
    installation.now += 1000;
    await watch.look();
    expect([watch.soundness, told]).toEqual([undefined, []]);
    installation.now += tooLongMs;
    await watch.look();
    expect(told).toEqual([991_000]);
    expect(installation.mark).toMatchObject({ state: 'whole', doubtedSince: 996_000 });
    expect(watch.soundness).toBeDefined();
    expect(watch.soundness).not.toBe(before);
    await watch.look();
    expect(told).toEqual([991_000]);
  });

  it('is told again by each instance, also by one that finds it mended: it may have written to the server of before', async () => {
    const installation = new Installation();
    const [one, other] = [installation.instance(), installation.instance()];
    await Promise.all([one.watch.look(), other.watch.look()]);
    installation.restart('second', 996_000);
    await one.watch.look();
    installation.now += tooLongMs;
    await one.watch.look();
    expect([one.told, other.told]).toEqual([[991_000], []]);
    await other.watch.look();
    expect(other.watch.soundness).toBeUndefined();
    installation.now += tooLongMs;
    await other.watch.look();
    expect([one.told, other.told]).toEqual([[991_000], [991_000]]);
    expect(other.watch.soundness).toBeDefined();
  });

  it('is told again at once by an instance that starts, which has nothing on its way', async () => {
    const installation = new Installation();
    installation.restart('second', 996_000);
    const { watch, told } = installation.instance();
    await watch.look();
    expect(told).toEqual([991_000]);
    expect(watch.soundness).toBeDefined();
  });

  it('stays in doubt while the database is away, and from the first loss on where it is lost again meanwhile', async () => {
    const installation = new Installation();
    const { watch, told } = installation.instance();
    await watch.look();
    installation.restart('second', 996_000);
    await watch.look();
    installation.now += tooLongMs;
    installation.isTruthAway = true;
    await expect(watch.look()).rejects.toThrow('the database is away');
    expect(watch.soundness).toBeUndefined();
    installation.isTruthAway = false;
    installation.restart('third', 998_000);
    await watch.look();
    expect(told).toEqual([]);
    installation.now += tooLongMs;
    await watch.look();
    expect(told).toEqual([991_000]);
  });

  it('is in doubt where its gate and jobs are not shown as whole, and where it is an older copy of which all is made anew', async () => {
    const installation = new Installation();
    const { watch, told } = installation.instance();
    installation.isProjectionShown = false;
    await watch.look();
    expect(watch.soundness).toBeUndefined();
    installation.isProjectionShown = true;
    await watch.look();
    const before = watch.soundness;
    expect(before).toBeDefined();
    installation.mark = { ...installation.mark, state: 'restored' };
    await watch.look();
    expect(watch.soundness).toBeUndefined();
    installation.mark = { ...installation.mark, state: 'missing' };
    await watch.look();
    expect(watch.soundness).toBeDefined();
    expect(watch.soundness).not.toBe(before);
    expect(told).toEqual([]);
  });

  it('says nothing while it is away, and is believed again after a connection was made anew to the same server', async () => {
    const installation = new Installation();
    const { watch, told } = installation.instance();
    await watch.look();
    installation.isAway = true;
    await expect(watch.look()).rejects.toThrow('Redis is away');
    installation.isAway = false;
    installation.connections += 1;
    expect(watch.soundness).toBeUndefined();
    await watch.look();
    expect(watch.soundness).toBeDefined();
    expect(told).toEqual([]);
  });
});
