import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LinkSpec } from '../../../src/model/link.js';
import { StoreUnavailable } from '../../../src/model/store-unavailable.js';
import type { RingBatch } from '../../../src/rings/ring-batch.js';
import type { RingEntry } from '../../../src/rings/ring-entry.js';
import { RingGraph } from '../../../src/rings/ring-graph.js';
import type { RingLog } from '../../../src/rings/ring-log.js';
import type { RingProjection } from '../../../src/rings/ring-projection.js';
import type { RingStream } from '../../../src/rings/ring-stream.js';
import { LeaseLost, RingFollower } from '../../../src/workers/ring-follower.js';

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.parse('2026-05-01T12:00:00.000Z');
const card: LinkSpec = {
  name: 'card',
  id: 'c',
  by: ['payment.fingerprint'],
  strength: 'strong',
  hubCap: 3,
  ttlMs: minute,
};

/** A stream that a test writes to. */
class Written implements RingStream {
  readonly entries: RingEntry[] = [];
  signUp(accountId: string, key: string, at = start): void {
    this.entries.push({ kind: 'event', accountId, at, trace: { links: [{ link: 'card', key }] } });
  }
  async read(after: { readonly id: string } | undefined, limit: number) {
    const from = after === undefined ? 0 : Number(after.id);
    const entries = this.entries.slice(from, from + limit);
    return { entries, next: { transaction: '1', part: 0, id: String(from + entries.length) } as const };
  }
  mend = async () => undefined;
  lagMs = async () => 0;
}

/** The truth, which may be away or belong to another worker now. */
class Truth implements Pick<RingLog, 'write'> {
  readonly batches: RingBatch[] = [];
  isAway = false;
  isLost = false;
  grown: string[] = [];
  async write(_lease: unknown, batch: RingBatch) {
    if (this.isAway) throw new StoreUnavailable('away');
    if (this.isLost) return undefined;
    this.batches.push(batch);
    return this.grown.splice(0);
  }
}

/** What Redis would show, which may be away or wiped. */
class Shown implements RingProjection {
  readonly rings = new Map<string, number>();
  readonly accounts = new Map<string, string>();
  readonly keys = new Map<string, string>();
  isAway = false;
  isMarked = false;
  rewrites: boolean[] = [];
  async publish(batch: RingBatch) {
    await this.put(batch);
    return this.isMarked;
  }
  async isWhole() {
    this.answer();
    return this.isMarked;
  }
  async rewrite(isLost: boolean) {
    this.answer();
    this.rewrites.push(isLost);
    if (isLost) this.isMarked = false;
    return {
      write: (batch: RingBatch) => this.put(batch),
      finish: async () => {
        this.answer();
        this.isMarked = true;
        return true;
      },
    };
  }
  wipe(): void {
    this.isMarked = false;
    for (const map of [this.rings, this.accounts, this.keys]) map.clear();
  }
  private answer(): void {
    if (this.isAway) throw new StoreUnavailable('away');
  }
  private async put({ rings, ended, members, keys }: RingBatch): Promise<void> {
    this.answer();
    for (const { reading } of rings) this.rings.set(reading.ringId, reading.size);
    for (const id of ended) this.rings.delete(id);
    for (const { accountId, ringId } of members) setOrDelete(this.accounts, accountId, ringId);
    for (const { key, ringId } of keys) setOrDelete(this.keys, key, ringId);
  }
}

function setOrDelete(map: Map<string, string>, key: string, value: string | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

describe('a follower of the ring stream', () => {
  let stream: Written;
  let truth: Truth;
  let shown: Shown;
  let told: string[];
  let now: number;
  let failures: number;
  beforeEach(() => {
    [stream, truth, shown, told, now, failures] = [new Written(), new Truth(), new Shown(), [], start, 0];
  });

  const follow = (former: readonly string[] = [], eventTime: 'bounded' | 'trusted' = 'bounded'): RingFollower => {
    let ticks = 0;
    const ports = {
      stream,
      log: { ...unused, write: truth.write.bind(truth) },
      projection: shown,
      now: () => now,
      eventTime,
      elapsed: () => ticks++,
      breathe: async () => undefined,
      onBatch: () => undefined,
      onGrown: async (rings: readonly string[]) => void told.push(...rings),
      onError: () => {
        failures += 1;
      },
    };
    return new RingFollower(ports, { token: 1 }, { graph: new RingGraph([card]), former });
  };
  const settle = async (follower: RingFollower): Promise<void> => {
    while (await follower.step());
  };

  it('shows nothing before it has come to the end of the stream, and then all of it', async () => {
    for (let n = 0; n < 600; n++) stream.signUp(`a${n}`, `k${Math.floor(n / 2)}`);
    const follower = follow();
    await follower.step();
    expect([follower.isLive, shown.rings.size]).toEqual([false, 0]);
    await settle(follower);
    expect([follower.isLive, shown.isMarked, shown.rings.size, shown.accounts.size]).toEqual([true, true, 300, 600]);
    stream.signUp('late', 'k7');
    await settle(follower);
    expect(shown.rings.get(shown.accounts.get('late') ?? '')).toBe(3);
    expect(shown.rewrites).toEqual([false]);
  });

  it('writes everything again when Redis was wiped', async () => {
    for (const account of ['a', 'b']) stream.signUp(account, 'k');
    const follower = follow();
    await settle(follower);
    const before = new Map(shown.accounts);
    shown.wipe();
    await follower.look();
    await settle(follower);
    expect([shown.isMarked, shown.accounts, shown.rewrites]).toEqual([true, before, [false, true]]);
  });

  it('goes on in the truth while Redis is away, and catches up in order', async () => {
    const follower = follow();
    await settle(follower);
    shown.isAway = true;
    for (const account of ['a', 'b', 'c']) {
      stream.signUp(account, 'k');
      await settle(follower);
    }
    expect(truth.batches).toHaveLength(2);
    expect(failures).toBeGreaterThan(0);
    shown.isAway = false;
    // A fourth account makes a hub of the key: it leads nowhere from then on.
    stream.signUp('d', 'k');
    await settle(follower);
    expect([...shown.rings.values()]).toEqual([3]);
    expect([...shown.keys]).toEqual([]);
    expect(shown.rewrites).toEqual([false]);
  });

  it('writes all again after a long absence, and leaves nothing behind that is gone', async () => {
    for (const account of ['a', 'b', 'c']) stream.signUp(account, 'hub');
    const follower = follow();
    await settle(follower);
    expect(shown.keys.size).toBe(1);
    shown.isAway = true;
    stream.signUp('d', 'hub');
    await settle(follower);
    for (let n = 0; n < 50; n++) {
      for (const one of ['x', 'y']) stream.signUp(`${one}${n}`, `k${n}`);
      await settle(follower);
    }
    shown.isAway = false;
    await settle(follower);
    expect([shown.isMarked, shown.rings.size, shown.keys.size]).toEqual([true, 51, 50]);
    expect(shown.rewrites.at(-1)).toBe(true);
  });

  it('writes to the truth again what it did not take, and only then takes in more', async () => {
    for (const account of ['a', 'b']) stream.signUp(account, 'k');
    const follower = follow();
    truth.isAway = true;
    await expect(follower.step()).rejects.toThrow(StoreUnavailable);
    await expect(follower.step()).rejects.toThrow(StoreUnavailable);
    expect(await follower.snapshot()).toBeUndefined();
    truth.isAway = false;
    truth.grown = ['ring_grown'];
    await settle(follower);
    expect(truth.batches).toHaveLength(1);
    expect([...shown.rings.values()]).toEqual([2]);
    expect(told).toEqual(['ring_grown']);
    expect(await follower.snapshot()).not.toEqual([]);
  });

  it('ends when another worker has taken over', async () => {
    for (const account of ['a', 'b']) stream.signUp(account, 'k');
    truth.isLost = true;
    await expect(follow().step()).rejects.toThrow(LeaseLost);
    expect(shown.rings.size).toBe(0);
  });

  it('removes rings of a time before that did not come to be again', async () => {
    shown.rings.set('ring_former', 7);
    for (const account of ['a', 'b']) stream.signUp(account, 'k');
    await settle(follow(['ring_former']));
    expect([...shown.rings.values()]).toEqual([2]);
  });

  it('lets go of what ran out, also while everything is being written anew', async () => {
    for (const account of ['a', 'b']) stream.signUp(account, 'k');
    const follower = follow();
    await settle(follower);
    await follower.refresh();
    now += 2 * minute;
    await follower.rebuild([card]);
    await settle(follower);
    expect([shown.rings.size, shown.accounts.size, shown.keys.size, shown.isMarked]).toEqual([0, 0, 0, true]);
  });

  it('lets go on the time of events as soon as that has come a day further, in the middle of a page', async () => {
    now = start + 90 * day;
    for (const account of ['a', 'b', 'c']) stream.signUp(account, 'k', start);
    stream.signUp('d', 'other', start + 2 * day);
    stream.signUp('c', 'other', start + 2 * day);
    const follower = follow([], 'trusted');
    await settle(follower);
    expect([...shown.accounts.keys()].sort()).toEqual(['c', 'd']);
  });

  it('takes no event of the future for how far the time of events has come', async () => {
    now = start + day;
    const follower = follow([], 'trusted');
    for (const account of ['a', 'b']) stream.signUp(account, 'k', start);
    for (const account of ['x', 'y', 'z']) stream.signUp(account, 'later', start + 1000 * day);
    await settle(follower);
    await follower.rebuild([card]);
    await settle(follower);
    expect([...shown.accounts.keys()].sort()).toEqual(['a', 'b', 'x', 'y', 'z']);
  });

  it('forgets links that are not declared any more', async () => {
    for (const account of ['a', 'b']) stream.signUp(account, 'k');
    const follower = follow();
    await settle(follower);
    await follower.rebuild([{ ...card, id: 'edited' }]);
    await settle(follower);
    expect(shown.accounts.size).toBe(0);
  });
});

const never = async (): Promise<never> => {
  throw new Error('a follower does not ask for this');
};
const unused: RingLog = {
  claim: never,
  renew: never,
  release: never,
  write: never,
  restart: never,
  saveSnapshot: never,
  snapshot: never,
};
