import { describe, expect, it } from '@jest/globals';
import type { ProvisionalAccess, RescoreQueue } from '../../../src/evaluate/rescore-queue.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { startRescorer } from '../../../src/workers/rescorer.js';
import { eventually } from '../../support/eventually.js';

const never = 2_000_000_000;
const silent = { info: () => undefined, warn: () => undefined };

const anAccount = (n: number): ProvisionalAccess => ({
  accountId: `a${n}`,
  eventId: `e${n}`,
  version: 1,
  type: 'signup',
  occurredAt: 0,
  sealed: '',
  salt: '',
  floor: 'admitted',
  tightensFrom: undefined,
  others: [],
});

class WaitingQueue implements Pick<RescoreQueue, 'pending' | 'putBehind' | 'release'> {
  readonly waiting: Map<string, ProvisionalAccess>;
  looks = 0;
  isLeased = false;

  constructor(count: number) {
    this.waiting = new Map(Array.from({ length: count }, (_, n) => [`a${n}`, anAccount(n)]));
  }

  async pending(limit: number) {
    this.looks += 1;
    const found = [...this.waiting.values()].slice(0, limit);
    this.isLeased ||= found.length > 0;
    return found;
  }

  async putBehind(accountIds: readonly string[]) {
    for (const id of accountIds) {
      const one = this.waiting.get(id);
      this.waiting.delete(id);
      if (one !== undefined) this.waiting.set(id, one);
    }
  }

  async release() {
    this.isLeased = false;
  }
}

interface Trial {
  readonly queue: WaitingQueue;
  readonly isBlind?: (accountId: string) => boolean;
  readonly takesMs?: number;
  readonly everyMs?: number;
}

function start({ queue, isBlind = () => false, takesMs = 0, everyMs = never }: Trial) {
  const judged: string[] = [];
  const now = { working: 0, most: 0 };
  const rescorer = startRescorer({
    queue,
    judge: async ({ accountId }) => {
      judged.push(accountId);
      now.working += 1;
      now.most = Math.max(now.most, now.working);
      if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
      now.working -= 1;
      if (isBlind(accountId)) return 'still_blind';
      queue.waiting.delete(accountId);
      return 'changed';
    },
    log: silent,
    metrics: createMetrics(),
    countMissed: async () => true,
    everyMs,
  });
  return { rescorer, judged, now };
}

describe('judging degraded decisions again', () => {
  it('gets through all in one look although some are slow or stay blind', async () => {
    const queue = new WaitingQueue(3000);
    const isBlind = (id: string): boolean => Number(id.slice(1)) % 20 === 0;
    const { rescorer, judged, now } = start({ queue, isBlind });
    await eventually(async () => queue.waiting.size === 150 && !queue.isLeased);
    await rescorer.stop();
    expect([...queue.waiting.keys()].every(isBlind)).toBe(true);
    expect(judged.length).toBeLessThan(3500);
    expect(now.most).toBeLessThanOrEqual(4);
  });

  it('is not held up by accounts that stay blind at the head of all', async () => {
    const queue = new WaitingQueue(300);
    const { rescorer } = start({ queue, isBlind: (id) => Number(id.slice(1)) < 40, everyMs: 5 });
    await eventually(async () => queue.waiting.size === 40);
    await rescorer.stop();
  });

  it('waits for the next look when nobody can be judged', async () => {
    const queue = new WaitingQueue(3000);
    const { rescorer, judged } = start({ queue, isBlind: () => true });
    await eventually(async () => queue.looks === 1 && judged.length > 0 && !queue.isLeased);
    await rescorer.stop();
    expect(judged.length).toBeLessThan(20);
    expect(queue.looks).toBe(1);
  });

  it('ends after the accounts it is working on, and leaves the rest to others at once', async () => {
    const queue = new WaitingQueue(1000);
    const { rescorer, judged } = start({ queue, takesMs: 20 });
    await eventually(async () => judged.length >= 8);
    const before = judged.length;
    await rescorer.stop();
    expect(judged.length).toBeLessThanOrEqual(before + 4);
    expect(queue.isLeased).toBe(false);
  });

  it('gives the lease back when judging fails', async () => {
    const queue = new WaitingQueue(50);
    const { rescorer } = start({
      queue,
      isBlind: () => {
        throw new Error('the database is away');
      },
    });
    await eventually(async () => queue.looks === 1 && !queue.isLeased);
    await rescorer.stop();
    expect(queue.waiting.size).toBe(50);
  });
});
