import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { doubtRecords } from '../../src/adapters/redis/distrust-records.js';
import { HistoryMark } from '../../src/adapters/redis/history-mark.js';
import { ringMarkKey } from '../../src/adapters/redis/ring-keys.js';
import { startLosingRedis } from '../support/losing-redis.js';
import { startRedisCluster } from '../support/redis-cluster.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';

describe('the right to rebuild a lost history, between two instances', () => {
  let redis: TestRedis;
  let connection: RedisConnection;
  let tokens = 0;
  let now = 1000;
  const anInstance = (epoch = 'batch_epoch') =>
    new HistoryMark({
      hot: connection,
      relay: connection,
      epoch: () => epoch,
      newToken: () => `batch_token${tokens++}`,
      clock: { now: () => now },
    });

  beforeAll(async () => {
    redis = await startRedis();
    connection = await openRedis({ url: redis.url }, 'relay');
    await connection.ready(10_000);
  });
  afterAll(async () => {
    await connection.close();
    await redis.stop();
  });

  it('is for one at a time', async () => {
    const lease = await anInstance().claim();
    expect(await anInstance().claim()).toBeUndefined();
    expect(await lease?.finish(1000)).toBe(true);
  });

  it('is not for somebody who saw the loss before another had finished', async () => {
    const [one, other] = [anInstance(), anInstance()];
    await connection.call('FLUSHALL');
    expect((await other.beat(0, 2000)).state).toBe('missing');
    const lease = await one.claim();
    expect(await lease?.advance()).toBe(true);
    expect(await lease?.finish(2000)).toBe(true);
    expect(await other.claim()).toBeUndefined();
    expect(await other.isWhole()).toBe(true);
  });

  it('leaves a whole history behind although the clock was ahead once, and older copies are told again', async () => {
    const ahead = 7_200_000;
    now = ahead;
    const before = anInstance();
    await before.show(now);
    const { at: seenAt } = await before.beat(0, now);
    expect(seenAt).toBe(ahead);
    now = 20_000;
    await connection.call('FLUSHALL');
    const restarted = anInstance();
    expect((await restarted.beat(seenAt, now)).state).toBe('missing');
    await (await restarted.claim())?.finish(now);
    now += 1000;
    for (const instance of [restarted, before, anInstance()]) {
      expect(await instance.beat(seenAt, now)).toEqual({ state: 'whole', at: now });
      expect(await instance.isWhole()).toBe(true);
    }
    const copy = String(await connection.call('GET', 'portcullis:{history}:mark2'));
    now += 60_000;
    await restarted.beat(seenAt, now);
    await connection.call('SET', 'portcullis:{history}:mark2', copy);
    expect(await restarted.isWhole()).toBe(false);
    expect((await restarted.beat(seenAt, now)).state).toBe('behind');
    now += 660_000;
    await connection.call('SET', 'portcullis:{history}:mark2', copy.replace(/\d+$/, String(now)));
    await restarted.beat(seenAt, now);
    await connection.call('SET', 'portcullis:{history}:mark2', copy);
    expect((await restarted.beat(seenAt, now)).state).toBe('restored');
  });

  it('puts a mark right that a clock which was ahead has left', async () => {
    now = 100_000;
    await anInstance().show(now + 3_600_000);
    const others = anInstance();
    expect(await others.isWhole()).toBe(true);
    expect(await anInstance().beat(now + 3_600_000, now)).toEqual({ state: 'whole', at: now });
    expect(await others.isWhole()).toBe(true);
    expect(await others.beat(now + 3_600_000, now)).toEqual({ state: 'whole', at: now });
  });

  it('is there again after the next loss, and over the mark of another installation', async () => {
    await connection.call('FLUSHALL');
    const lease = await anInstance().claim();
    await lease?.finish(3000);
    const another = await anInstance('batch_another').claim();
    expect(await another?.advance()).toBe(true);
  });
});

describe('the mark of a history, after a restart that lost nothing', () => {
  it('is in doubt on the other server, whoever looks, until it is vouched for there', async () => {
    const redis = await startLosingRedis();
    const connection = await openRedis({ url: redis.url }, 'relay');
    await connection.ready(10_000);
    let now = 1000;
    const anInstance = () =>
      new HistoryMark({
        hot: connection,
        relay: connection,
        epoch: () => 'e',
        newToken: () => 't',
        clock: { now: () => now },
      });
    const [one, other] = [anInstance(), anInstance()];
    await one.show(now);
    const before = await one.look(now);
    expect(before).toMatchObject({ state: 'whole', at: 1000 });
    await redis.keep();
    await redis.lose();
    await connection.ready(10_000);
    now = 5000;
    for (const instance of [one, other]) expect((await instance.beat(0, now)).state).toBe('behind');
    const seen = await other.look(now);
    expect(seen).toMatchObject({ state: 'behind', at: 1000 });
    expect(seen.server).not.toBe(before.server);
    expect(await one.vouch(before, 900, now)).toBe(false);
    expect(await other.vouch(seen, 900, now)).toBe(true);
    expect(await one.vouch(seen, 900, now)).toBe(false);
    expect(await one.look(now)).toEqual({ state: 'whole', at: 5000, server: seen.server, doubtedSince: 900 });
    await connection.close();
    await redis.stop();
  });
});

describe('the mark of a history, on a cluster where another server has come', () => {
  it('is in doubt for as long as a replica may have lagged, and rings are not shown', async () => {
    const cluster = await startRedisCluster();
    const connection = await openRedis({ nodes: cluster.nodes }, 'relay');
    await connection.ready(10_000);
    const clock = { now: () => 1_000_000 };
    const mark = new HistoryMark({ hot: connection, relay: connection, epoch: () => 'e', newToken: () => 't', clock });
    await mark.show(clock.now());
    await connection.call('SET', ringMarkKey, 'the rings of before');
    expect(await mark.look(clock.now())).toMatchObject({ state: 'whole', at: 1_000_000 });
    await doubtRecords(connection);
    expect(await mark.look(clock.now())).toMatchObject({ state: 'behind', at: 700_000 });
    expect(await mark.isWhole()).toBe(false);
    expect(await connection.call('EXISTS', ringMarkKey)).toBe(0);
    await connection.close();
    await cluster.stop();
  });

  it('is left as it is by a server that stands alone: the mark tells of it', async () => {
    const redis = await startRedis();
    const connection = await openRedis({ url: redis.url }, 'relay');
    await connection.ready(10_000);
    await connection.call('SET', 'portcullis:{history}:mark2', 'e 1000000');
    await doubtRecords(connection);
    expect(await connection.call('GET', 'portcullis:{history}:mark2')).toBe('e 1000000');
    await connection.close();
    await redis.stop();
  });
});
