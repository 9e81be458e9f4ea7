import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { HistoryMark } from '../../src/adapters/redis/history-mark.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';

describe('the right to rebuild a lost history, between two instances', () => {
  let redis: TestRedis;
  let connection: RedisConnection;
  let tokens = 0;
  const anInstance = (epoch = 'batch_epoch') =>
    new HistoryMark({ hot: connection, relay: connection, epoch, newToken: () => `batch_token${tokens++}` });

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

  it('is there again after the next loss, and over the mark of another installation', async () => {
    await connection.call('FLUSHALL');
    const lease = await anInstance().claim();
    await lease?.finish(3000);
    const another = await anInstance('batch_another').claim();
    expect(await another?.advance()).toBe(true);
  });
});
