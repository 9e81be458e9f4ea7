import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService } from '../support/service.js';

/** More than are let in at once, at work and waiting together. */
const atOnce = 1000;

describe('more signups at once than can be let in', () => {
  let postgres: PostgresServer;
  let redis: TestRedis;
  let service: Service;
  let database: pg.Client;
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    service = await startService({ databaseUrl: postgres.url, redisUrl: redis.url });
    database = new pg.Client({ connectionString: postgres.url });
    await database.connect();
  }, 120_000);
  afterAll(async () => {
    await database?.end();
    await service?.remove();
    await Promise.all([postgres.stop(), redis.stop()]);
  }, 30_000);

  const decided = async (): Promise<number> =>
    Number((await database.query('select count(*) from decisions')).rows[0].count);

  it('are decided or told to come again, nothing of what was refused is kept, and each is decided once when it does', async () => {
    const signups = Array.from({ length: atOnce }, (_none, n) => aSignup(`crowd-${n}`, 'free'));
    const answers = await Promise.all(signups.map((event) => service.call('POST', '/v1/evaluations', { body: event })));
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 503)).toEqual([]);
    const refused = answers.filter(({ status }) => status === 503);
    for (const { headers, body } of refused) {
      expect(body.code).toBe('unavailable');
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(await decided()).toBeGreaterThanOrEqual(atOnce - refused.length);
    const { body: metrics } = await service.call('GET', '/metrics');
    const shed = Number(/portcullis_requests_shed_total\{route="\/v1\/evaluations"\} (\d+)/.exec(metrics)?.[1] ?? 0);
    expect(shed).toBeGreaterThan(0);
    expect(shed).toBeLessThanOrEqual(refused.length);

    for (const event of signups) await service.evaluate(event);
    expect(await decided()).toBe(atOnce);
    const inside = /portcullis_evaluations_in_flight (\d+)/.exec((await service.call('GET', '/metrics')).body)?.[1];
    expect(inside).toBe('0');
  }, 120_000);
});
