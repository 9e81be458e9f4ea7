import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSealer } from '../../src/adapters/crypto/sealer.js';
import { MemoryAccountMemory } from '../../src/adapters/memory/account-memory.js';
import { RedisAccountMemory } from '../../src/adapters/redis/account-memory.js';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { distrustRecords, isHistoryShown } from '../../src/adapters/redis/distrust-records.js';
import { RedisEventLedger } from '../../src/adapters/redis/event-ledger.js';
import { RedisGateProjection } from '../../src/adapters/redis/gate-projection.js';
import { readDrops } from '../../src/adapters/redis/read-drops.js';
import { probeWrites } from '../../src/adapters/redis/write-probe.js';
import { StoreUnavailable } from '../../src/model/store-unavailable.js';
import { eventually } from '../support/eventually.js';
import { MemoryEventLedger } from '../support/memory-event-ledger.js';
import { MemoryGateProjection } from '../support/memory-gate-projection.js';
import { startRedisCluster, type TestCluster } from '../support/redis-cluster.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { accountMemoryContract, eventLedgerContract, gateProjectionContract } from './hot-stores.js';

const sealer = createSealer('a pepper of some length');

/** For the tests of one block. */
function redisOfItsOwn(): () => RedisConnection {
  let server: TestRedis;
  let redis: RedisConnection;
  beforeAll(async () => {
    server = await startRedis();
    redis = await openRedis({ url: server.url }, 'relay');
    await redis.ready(5000);
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });
  return () => redis;
}

describe('in memory', () => {
  let time = 1_000_000;
  const memory = new MemoryAccountMemory();
  const ledger = new MemoryEventLedger({ now: () => time });
  const projection = new MemoryGateProjection({ now: () => time });
  describe('the account memory', () => accountMemoryContract(() => memory));
  describe('the event ledger', () => eventLedgerContract(() => ledger));
  describe('the gate projection', () =>
    gateProjectionContract(
      () => projection,
      () => time,
    ));

  it('lets claims and records run out', async () => {
    await ledger.claim('runs-out', 'h');
    await projection.publish([{ access: { accountId: 'runs-out', state: 'admitted', version: 1 }, apiKeyIds: [] }]);
    time += 600_000;
    expect(await ledger.claim('runs-out', 'h')).toEqual({ kind: 'new' });
    expect(await projection.check({ accountId: 'runs-out' }, time)).toEqual({ kind: 'missing' });
  });
});

describe('in Redis', () => {
  const redis = redisOfItsOwn();
  describe('the account memory', () => accountMemoryContract(() => new RedisAccountMemory(redis(), sealer)));
  describe('the event ledger', () => eventLedgerContract(() => new RedisEventLedger(redis())));
  describe('the gate projection', () => gateProjectionContract(() => new RedisGateProjection(redis())));

  it('gives what people decided a lifetime, also where it was written too late for an answer', async () => {
    const server = await startRedis();
    const [hot, other] = await Promise.all([
      openRedis({ url: server.url }, 'hot'),
      openRedis({ url: server.url }, 'relay'),
    ]);
    await Promise.all([hot.ready(5000), other.ready(5000)]);
    const memory = new RedisAccountMemory(hot, sealer);
    const cleared = { clearedRules: ['r'], verified: true, evidence: {} };
    await memory.clear('in time', cleared);
    const wait = `local t = redis.call('TIME') local e = t[1] * 1000 + t[2] / 1000 + 400
      repeat t = redis.call('TIME') until t[1] * 1000 + t[2] / 1000 > e return 1`;
    const busy = other.call('EVAL', wait, 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await memory.clear('late', cleared);
    await busy;
    const lifetimes: number[] = [];
    const look = async (names: readonly string[]) => {
      for (const name of names) lifetimes.push(Number(await other.call('PTTL', name)));
    };
    await eventually(async () => {
      lifetimes.length = 0;
      await other.scan('am:*', look);
      return lifetimes.length === 2;
    });
    expect(lifetimes.every((one) => one > 0)).toBe(true);
    await Promise.all([hot.close(), other.close()]);
    await server.stop();
  });

  it('knows events that an older version claimed or decided, whose hashes had no key', async () => {
    const ledger = new RedisEventLedger(redis());
    await redis().call('SET', 'ev:{older-1}', 'decided AbCd');
    await redis().call('SET', 'ev:{older-2}', 'claimed AbCd');
    expect(await ledger.claim('older-1', 'k1.keyed')).toEqual({ kind: 'decided' });
    expect(await ledger.claim('older-2', 'k1.keyed')).toEqual({ kind: 'in_flight' });
  });

  it('drops the hash without a key that an older version left, once the event is sent again, and not the day it lasts', async () => {
    await redis().call('SET', 'ev:{older-3}', 'decided AbCd', 'PX', 60_000);
    await new RedisEventLedger(redis()).claim('older-3', 'k1.keyed');
    expect(await redis().call('GET', 'ev:{older-3}')).toBe('decided');
    const left = Number(await redis().call('PTTL', 'ev:{older-3}'));
    expect(left > 0 && left <= 60_000).toBe(true);
  });

  it('forgets events, however many, those that an older version decided too', async () => {
    const ledger = new RedisEventLedger(redis());
    const ids = Array.from({ length: 150 }, (_, number) => `forgotten-${number}`);
    for (const id of ids) await redis().call('SET', `ev:{${id}}`, 'decided AbCd', 'PX', 60_000);
    await ledger.forget(ids);
    expect(await redis().call('EXISTS', ...ids.map((id) => `ev:{${id}}`))).toBe(0);
  });

  it('keeps nothing of what a decided event said', async () => {
    const ledger = new RedisEventLedger(redis());
    await ledger.claim('decided-1', 'k1.keyed');
    await ledger.settle('decided-1');
    expect(await redis().call('GET', 'ev:{decided-1}')).toBe('decided');
  });

  it('gives every key a lifetime and writes no raw value of an account', async () => {
    const memory = new RedisAccountMemory(redis(), sealer);
    await memory.remember('canary-account', {
      at: 1,
      parts: { email: { address: 'canary@x.example' } },
      signup: { at: 1, ip: '203.0.113.99' },
    });
    const keys = await redis().call('KEYS', 'am:*');
    for (const key of Array.isArray(keys) ? keys : []) {
      expect(Number(await redis().call('PTTL', String(key)))).toBeGreaterThan(0);
      expect(JSON.stringify(await redis().call('HGETALL', String(key)))).not.toMatch(/canary|203\.0\.113/);
      expect(String(key)).not.toContain('canary');
    }
  });
});

describe('in a Redis Cluster', () => {
  let cluster: TestCluster;
  let redis: RedisConnection;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    redis = await openRedis({ nodes: cluster.nodes }, 'relay');
    await redis.ready(5000);
  });
  afterAll(async () => {
    await redis.close();
    await cluster.stop();
  });
  describe('the account memory', () => accountMemoryContract(() => new RedisAccountMemory(redis, sealer)));
  describe('the event ledger', () => eventLedgerContract(() => new RedisEventLedger(redis)));
  describe('the gate projection', () => gateProjectionContract(() => new RedisGateProjection(redis)));

  it('tells of each server what it dropped, and is believed no more when it did', async () => {
    const fine = { runId: expect.stringMatching(/^\w{40}$/), dropped: 0, policy: undefined, isAtLimit: false };
    expect(await readDrops(redis)).toEqual([fine]);
    await distrustRecords(redis);
    expect(await isHistoryShown(redis)).toBe(false);
  });
});

describe('a Redis Cluster that asks for a password', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster('open, sesame');
  });
  afterAll(() => cluster.stop());

  it('lets in who has it, and is understood when it refuses who has not', async () => {
    const nodes = cluster.nodes.map((node) => ({ ...node, password: 'open, sesame' }));
    const redis = await openRedis({ nodes }, 'relay');
    await redis.ready(5000);
    expect(await redis.call('SET', 'door', 'open')).toBe('OK');
    await redis.close();

    const reasons: string[] = [];
    const stranger = await openRedis({ nodes: cluster.nodes }, 'relay', ({ message }) => reasons.push(message));
    await eventually(async () => reasons.some((reason) => reason.includes('NOAUTH')));
    await stranger.close();
  });
});

describe('in a Redis that is full', () => {
  const redis = redisOfItsOwn();
  const fill = () => redis().call('CONFIG', 'SET', 'maxmemory', '1');
  const makeRoom = () => redis().call('CONFIG', 'SET', 'maxmemory', '0');
  const entry = (state: 'admitted' | 'held', version: number) =>
    ({ access: { accountId: 'full', state, version }, apiKeyIds: [] }) as const;

  it('takes out a record that has become too old, keeps the one that is right, and is told again later', async () => {
    const projection = new RedisGateProjection(redis());
    await projection.publish([entry('admitted', 1)]);
    expect(await probeWrites(redis())).toBe('taken');
    await fill();
    expect(await probeWrites(redis())).toBe('full');
    await expect(projection.publish([entry('admitted', 1)])).rejects.toThrow();
    expect(await projection.check({ accountId: 'full' }, 0)).toMatchObject({ access: { state: 'admitted' } });
    await expect(projection.publish([entry('held', 2)])).rejects.toThrow();
    expect(await projection.check({ accountId: 'full' }, 0)).toEqual({ kind: 'missing' });
    await makeRoom();
    expect(await probeWrites(redis())).toBe('taken');
    await projection.publish([entry('held', 2)]);
    expect(await projection.check({ accountId: 'full' }, 0)).toMatchObject({ access: { state: 'held' } });
  });

  it.each([
    ['a replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
    [
      'without its replicas',
      ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
      ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
    ],
  ] as const)('is told from one that is %s', async (_what, [take, ...how], [giveBack, ...back]) => {
    await redis().call(take, ...how);
    expect(await probeWrites(redis())).toBe('refused');
    await redis().call(giveBack, ...back);
    expect(await probeWrites(redis())).toBe('taken');
  });
});

describe('without Redis', () => {
  it('answers unavailable, keeps quiet in the story and tells those who try again', async () => {
    const redis = await openRedis({ url: 'redis://127.0.0.1:1' });
    const memory = new RedisAccountMemory(redis, sealer);
    const nothing = { clearedRules: [], verified: true, evidence: {} };
    expect((await memory.recall('a')).kind).toBe('unavailable');
    expect(await memory.remember('a', { at: 1, parts: {} })).toBe(false);
    await expect(new RedisAccountMemory(redis, sealer, { rejects: true }).clear('a', nothing)).rejects.toThrow();
    await expect(memory.forget('a')).rejects.toThrow();
    const ledger = new RedisEventLedger(redis);
    expect(await ledger.claim('e', 'h')).toEqual({ kind: 'unavailable' });
    await ledger.settle('e');
    await ledger.abandon('e');
    await expect(ledger.forget(['e'])).rejects.toThrow(StoreUnavailable);
    const projection = new RedisGateProjection(redis);
    expect((await projection.check({ accountId: 'a' }, 0)).kind).toBe('unavailable');
    await expect(
      projection.publish([{ access: { accountId: 'a', state: 'held', version: 1 }, apiKeyIds: [] }]),
    ).rejects.toThrow();
    await redis.close();
  });
});
