import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { ringTrialRules } from '../support/ring-trial-rules.js';
import { ringWith, sharing } from '../support/rings-story.js';
import { type Service, startService } from '../support/service.js';

const members = 150;
/** A ring that is found out when it has more accounts than one page of a retro-hold. */
const rules = {
  ...ringTrialRules,
  'rings.yml': (ringTrialRules['rings.yml'] ?? '')
    .replace('hub_cap: 40, ttl: 180d', 'hub_cap: 400, ttl: 180d')
    .replace('ring.size >= 8', `ring.size > ${members}`),
};

describe('a service that is killed while it holds the members of a ring', () => {
  let postgres: PostgresServer;
  let redis: TestRedis;
  let service: Service;
  let database: pg.Client;
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    service = await startService({ rules, databaseUrl: postgres.url, redisUrl: redis.url });
    database = new pg.Client({ connectionString: postgres.url });
    await database.connect();
  }, 120_000);
  afterAll(async () => {
    await database.end();
    await service.remove();
    await Promise.all([postgres.stop(), redis.stop()]);
  }, 30_000);

  const count = async (sql: string): Promise<number> => Number((await database.query(sql)).rows[0].count);
  const heldCount = () => count("select count(*) from accounts where state = 'held' and account_id <> 'finder'");

  it('is followed by the next one, and nobody is held twice or left out', async () => {
    const ids = Array.from({ length: members }, (_, n) => `m-${n}`);
    // The first alone: it is the oldest, so it comes on the last page.
    await service.evaluate(sharing('m-0', 'pm_big', 0));
    const rest = ids.entries();
    rest.next();
    const sender = async (): Promise<void> => {
      for (const [n, id] of rest) await service.evaluate(sharing(id, 'pm_big', n));
    };
    await Promise.all(Array.from({ length: 4 }, sender));
    await eventually(async () => (await ringWith(service, 'm-0'))?.size === members);

    const locker = new pg.Client({ connectionString: postgres.url });
    await locker.connect();
    await locker.query("begin; select 1 from accounts where account_id = 'm-0' for update");
    expect((await service.evaluate(sharing('finder', 'pm_big', 7))).outcome).toBe('hold');
    await eventually(async () => (await heldCount()) === 100);
    await service.kill();
    await locker.query('rollback');
    await locker.end();
    expect(await heldCount()).toBe(100);
    // What the dead one has taken is given to the next one after fifteen seconds: they are over.
    const { rows } = await database.query(`update access_batches set not_before = not_before - interval '15 seconds'
      where state = 'planned' returning not_before <= now() as is_due`);
    expect(rows).toEqual([{ is_due: true }]);

    await service.start();
    await eventually(async () => (await heldCount()) === members);
    // The next instance may judge them again, for their ring has grown, before it comes to them here.
    const holds = "from audit where kind = 'access.changed' and detail->>'to' = 'held'";
    expect(await count(`select count(*) ${holds}`)).toBe(members);
    // Not by their versions: an account that a busy machine limited for want of an input has one more.
    expect(await count(`select count(distinct subject) ${holds}`)).toBe(members);
    // Whom being judged again has held before the batch came to them has joined it.
    const inBatch = "from access_batch_accounts where account_id <> 'finder' and result in ('held', 'joined')";
    expect(await count(`select count(*) ${inBatch}`)).toBe(members);
    for (const id of ['m-0', 'm-149'])
      await eventually(async () => (await service.gate({ accountId: id })).body.state === 'held');
  }, 120_000);
});
