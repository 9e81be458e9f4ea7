import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService } from '../support/service.js';

const boundMs = 3000;

let postgres: PostgresServer;
let redis: TestRedis;
let service: Service;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres({ fsync: true }), startRedis()]);
  service = await startService({ databaseUrl: postgres.url, redisUrl: redis.url });
  await toldToRedis();
}, 120_000);
afterAll(async () => {
  await postgres.thaw();
  await service?.remove();
  await Promise.all([postgres.stop(), redis.stop()]);
}, 30_000);

/** A service that has just begun tells an empty Redis what the truth has; for these two seconds its gate asks the truth. */
const toldToRedis = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2500));

const send = (accountId: string) => service.call('POST', '/v1/evaluations', { body: aSignup(accountId, 'free') });

describe.each([
  ['stalls', () => postgres.freeze(), () => postgres.thaw()],
  ['dies', () => postgres.kill(), () => postgres.restart()],
])('a PostgreSQL that %s', (how, take, giveBack) => {
  it('is told as 503 with Retry-After while the gate goes on, and every event is decided once afterwards', async () => {
    const known = `known-${how}`;
    await service.evaluate(aSignup(known, 'free'));
    await service.evaluate(aSignup(`held-${how}`, 'hold'));
    await take();
    const names = Array.from({ length: 10 }, (_, n) => `${how}-${n}`);
    for (const { status, headers, body, ms } of await Promise.all(names.map(send))) {
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'unavailable' });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(ms).toBeLessThan(boundMs);
    }
    // Whether Redis shows what the truth has is looked at each half second.
    await eventually(async () => (await service.gate({ accountId: known })).status === 200, 2000);
    expect(await service.gate({ accountId: `held-${how}` })).toMatchObject({ status: 403, body: { state: 'held' } });
    expect((await service.gate({ accountId: names[0] ?? '' })).status).toBe(403);
    expect((await service.call('GET', '/readyz')).status).toBe(503);
    expect((await service.call('GET', '/livez')).status).toBe(200);
    await giveBack();
    for (const name of names) {
      await eventually(async () => (await send(name)).status === 200);
      expect((await service.call('GET', `/v1/decisions?account_id=${name}`)).body.data).toHaveLength(1);
      expect((await service.gate({ accountId: name })).status).toBe(200);
    }
    await eventually(async () => (await service.call('GET', '/readyz')).status === 200);
  }, 60_000);
});

async function settings(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client(postgres.url);
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

describe('a PostgreSQL whose disk is full', () => {
  /** What the server says when a table cannot grow. */
  const fill = () =>
    settings(
      `create function has_no_place() returns trigger language plpgsql as $$
       begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`,
      'create trigger no_place before insert on decisions for each row execute function has_no_place()',
    );
  const makePlace = () => settings('drop trigger no_place on decisions', 'drop function has_no_place');

  it('is told as not ready by the commits that fail, until there is place again', async () => {
    await service.evaluate(aSignup('disk-before', 'free'));
    await fill();
    try {
      expect((await send('disk-full')).status).toBe(503);
      const readiness = await service.call('GET', '/readyz');
      expect(readiness).toMatchObject({ status: 503, body: { checks: { database: 'not ready', redis: 'ok' } } });
      expect((await service.gate({ accountId: 'disk-before' })).status).toBe(200);
    } finally {
      await makePlace();
    }
    await service.evaluate(aSignup('disk-full', 'free'));
    await eventually(async () => (await service.call('GET', '/readyz')).status === 200, 15_000);
  }, 60_000);
});

describe('a PostgreSQL that takes no writes', () => {
  const reload = 'select pg_reload_conf()';
  const readOnly = () => settings('alter system set default_transaction_read_only = on', reload);
  const writable = () =>
    settings('set default_transaction_read_only = off', 'alter system reset default_transaction_read_only', reload);

  it('is told as 503 with Retry-After whatever is to be written, and as not ready', async () => {
    await service.evaluate(aSignup('read-only', 'free'));
    await service.evaluate(aSignup('read-only-held', 'hold'));
    await readOnly();
    try {
      await eventually(async () => (await service.call('GET', '/readyz')).status === 503);
      const account_id = 'read-only';
      const refused = [
        ['/v1/evaluations', aSignup('read-only-new', 'free')],
        ['/v1/cases:next', {}],
        [`/v1/accounts/${account_id}/hold`, { reason: 'trial' }],
        [
          `/v1/accounts/${account_id}/labels`,
          { label: 'fraud', source: 'trial', observed_at: new Date().toISOString() },
        ],
        ['/v1/keys', { role: 'gateway', name: 'trial' }],
        ['/v1/appeals', { account_id: 'read-only-held', message: 'please' }],
      ] as const;
      for (const [path, body] of refused) {
        const { status, headers } = await service.call('POST', path, { body });
        expect({ path, status, retryAfter: headers['retry-after'] }).toEqual({ path, status: 503, retryAfter: '1' });
      }
      const readiness = await service.call('GET', '/readyz');
      expect(readiness).toMatchObject({ status: 503, body: { checks: { database: 'not ready' } } });
      expect((await service.gate({ accountId: 'read-only' })).status).toBe(200);
    } finally {
      await writable();
    }
    await eventually(async () => (await service.call('GET', '/readyz')).status === 200);
    await service.evaluate(aSignup('read-only-new', 'free'));
  }, 60_000);
});

describe('a gateway with a key of its own while PostgreSQL stalls', () => {
  it('waits for no reading of the keys', async () => {
    await service.evaluate(aSignup('gateway', 'free'));
    const { body } = await service.call('POST', '/v1/keys', { body: { role: 'gateway', name: 'edge' } });
    const ask = () =>
      service.call('GET', '/v1/gate/check', {
        headers: { authorization: `Bearer ${body.secret}`, 'x-account-id': 'gateway' },
      });
    expect((await ask()).status).toBe(200);
    await postgres.freeze();
    const slow: number[] = [];
    try {
      for (let round = 0; round < 160; round++) {
        const { status, ms } = await ask();
        expect(status).toBe(200);
        if (ms > 200) slow.push(ms);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      await postgres.thaw();
    }
    expect(slow).toEqual([]);
  }, 60_000);
});

describe('a service that is to end while PostgreSQL stalls', () => {
  it('ends by itself within fifteen seconds, and says that something was left', async () => {
    await service.evaluate(aSignup('before-the-end', 'free'));
    await postgres.freeze();
    try {
      void service.call('GET', '/v1/cases').catch(() => undefined);
      const startedAt = performance.now();
      expect(await service.stop()).toBe(1);
      expect(performance.now() - startedAt).toBeLessThan(15_000);
      expect(service.output).toMatch(/ended without waiting any longer for: ./);
    } finally {
      await postgres.thaw();
    }
    await service.start();
    expect(await service.stop()).toBe(0);
  }, 60_000);
});
