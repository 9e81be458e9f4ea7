import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../src/adapters/postgres/database.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { ringTrialRules } from '../support/ring-trial-rules.js';
import { ringWith, sharing } from '../support/rings-story.js';
import { aSignup, type Service, startService } from '../support/service.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

/** Promised for changes of access. */
const heardOfMs = 2000;
const env = { IDENTIFIER_PEPPER: 'a pepper that all instances of the trial share' };

let postgres: PostgresServer;
let redis: TestRedis;
let network: TcpProxy;
let database: Database;
let services: readonly Service[];
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const redisUrl = new URL(redis.url);
  network = await startTcpProxy(Number(redisUrl.port));
  redisUrl.port = String(network.port);
  const options = { rules: ringTrialRules, databaseUrl: postgres.url, redisUrl: redisUrl.href, env };
  services = await Promise.all([startService(options), startService(options)]);
  database = await openPostgres(postgres.url, { callTimeoutMs: 60_000 });
}, 120_000);
afterAll(async () => {
  await database?.close();
  await Promise.all(services.map((service) => service.remove()));
  await network?.stop();
  await Promise.all([postgres.stop(), redis.stop()]);
}, 60_000);

const first = (): Service => services[0] ?? fail();
const fail = (): never => {
  throw new Error('no service was started');
};

/** What new accounts of others leave to be delivered. */
const backlogOf = (count: number) =>
  database.query(
    `insert into outbox (kind, subject, payload)
     select 'access_changed', 'other-' || n, '{"from": null, "to": "limited", "version": 1}' from generate_series(1, $1::int) n`,
    [count],
  );
const waiting = async (): Promise<number> => {
  const [row] = await database.query<{ count: number }>('select count(*) as count from outbox where done_at is null');
  return row?.count ?? 0;
};

/** From now on for so long: how many milliseconds after now an account last passed at any instance; 0 where none did. */
async function lastPass(accountIds: readonly string[], forMs: number): Promise<number> {
  const since = performance.now();
  let last = 0;
  while (performance.now() - since < forMs) {
    const answers = await Promise.all(
      services.flatMap((service) => accountIds.map((accountId) => service.gate({ accountId }))),
    );
    if (answers.some(({ status }) => status === 200)) last = performance.now() - since;
    await sleep(20);
  }
  return last;
}

describe('a hold', () => {
  it('of the earlier members of a ring is at the gate at once, whatever waits to be delivered', async () => {
    const members = Array.from({ length: 7 }, (_, n) => `member-${n}`);
    for (const [n, id] of members.entries()) {
      await first().evaluate(sharing(id, 'pm_backlog', n));
      if (n > 0) await eventually(async () => (await ringWith(first(), id))?.size === n + 1);
      for (const service of services)
        await eventually(async () => (await service.gate({ accountId: id })).status === 200);
    }
    await backlogOf(80_000);
    const found = await first().evaluate(sharing('finder', 'pm_backlog', 50));
    expect(found.outcome).toBe('hold');
    expect(await lastPass(members, 4000)).toBeLessThan(heardOfMs);
    expect(await waiting()).toBeGreaterThan(200);
  }, 120_000);

  it('of a time when Redis was away is at the gate when Redis is back, whatever waits to be delivered', async () => {
    const denied = Array.from({ length: 5 }, (_, n) => `denied-${n}`);
    for (const id of denied) {
      await first().evaluate(aSignup(id, 'free'));
      for (const service of services)
        await eventually(async () => (await service.gate({ accountId: id })).status === 200);
    }
    network.silence();
    await eventually(async () => (await first().gate({ accountId: 'denied-0' })).body.degraded === true);
    await sleep(1000);
    await backlogOf(80_000);
    for (const id of denied) {
      const answer = await first().call('POST', `/v1/accounts/${id}/deny`, { body: { reason: 'trial' } });
      expect(answer.status).toBe(200);
    }
    network.revive();
    expect(await lastPass(denied, 8000)).toBe(0);
    expect(await waiting()).toBeGreaterThan(200);
    for (const service of services)
      expect(await service.gate({ accountId: 'denied-0' })).toMatchObject({ status: 403, body: { state: 'denied' } });
  }, 120_000);
});
