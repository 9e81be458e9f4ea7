import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService } from '../support/service.js';
import { describeStory } from '../support/story.js';

let postgres: PostgresServer;
let redis: TestRedis;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
}, 120_000);
afterAll(() => Promise.all([postgres.stop(), redis.stop()]));

const open = (): Promise<Service> => startService({ databaseUrl: postgres.url, redisUrl: redis.url });

describeStory('the service on PostgreSQL and Redis', open);

describe('an event that is being decided', () => {
  let service: Service;
  beforeAll(async () => {
    service = await open();
  }, 120_000);
  afterAll(() => service.remove());

  it('is refused a second time meanwhile, and decided once when its first try failed', async () => {
    const locker = new pg.Client({ connectionString: postgres.url });
    await locker.connect();
    await locker.query('begin; lock table accounts in access exclusive mode');
    const event = aSignup('stalled', 'free');
    const send = () => service.call('POST', '/v1/evaluations', { body: event });
    // Whichever comes first is being decided, in vain, for as long as the table is locked; the others are told so.
    const answers = await Promise.all([send(), send(), send(), send()]);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused.length).toBeGreaterThan(0);
    for (const { body, headers } of refused) {
      expect(body).toMatchObject({ code: 'in_flight' });
      expect(headers['retry-after']).toBe('1');
    }
    const failed = answers.filter(({ status }) => status === 503);
    expect(failed.length + refused.length).toBe(answers.length);
    expect(failed[0]).toMatchObject({ body: { code: 'unavailable' } });
    await locker.query('rollback');
    await locker.end();
    // A caller that is told to comes again: on a busy machine the first try's claim may last its five seconds.
    const decision = await eventually(async () => {
      const { status, body } = await send();
      return status === 200 && body;
    }, 10_000);
    expect(decision.access).toEqual({ state: 'admitted', version: 1 });
    const list = await service.call('GET', '/v1/decisions?account_id=stalled');
    expect(list.body.data).toHaveLength(1);
  });
});
