import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService } from '../support/service.js';

const env = { IDENTIFIER_PEPPER: 'a pepper that all instances of the trial share' };

let postgres: PostgresServer;
let redis: TestRedis;
let services: Service[];
beforeEach(async () => {
  services = [];
  [postgres, redis] = await Promise.all([startPostgres({ fsync: true }), startRedis()]);
}, 60_000);
afterEach(async () => {
  await Promise.all(services.map((service) => service.remove()));
  await Promise.all([postgres.stop(), redis.stop()]);
}, 60_000);

async function startOn(databaseUrl: string, more: Readonly<Record<string, string>> = {}): Promise<Service> {
  const service = await startService({ databaseUrl, redisUrl: redis.url, env: { ...env, ...more } });
  services.push(service);
  return service;
}

const change = async (service: Service, account: string, to: 'hold' | 'release' | 'deny') =>
  expect((await service.call('POST', `/v1/accounts/${account}/${to}`, { body: { reason: 'trial' } })).status).toBe(200);

const gateState = async (service: Service, account: string) => (await service.gate({ accountId: account })).body.state;
const isSeen = (service: Service, account: string, state: string) =>
  eventually(async () => (await gateState(service, account)) === state, 10_000);

/** What a backup does not have: an account that is let in, and one whose access has changed twice. */
async function goOn(service: Service): Promise<void> {
  await service.evaluate(aSignup('after-the-backup', 'free'));
  await change(service, 'before', 'hold');
  await change(service, 'before', 'release');
  await isSeen(service, 'before', 'admitted');
  await isSeen(service, 'after-the-backup', 'admitted');
}

/** Renames are refused while anybody is connected. */
async function swapDatabases(from: string, to: string): Promise<void> {
  const client = new pg.Client(postgres.url.replace(/postgres$/, 'template1'));
  await client.connect();
  const rename = async (name: string, as: string): Promise<void> => {
    await client.query(`alter database ${name} with allow_connections false`);
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    await eventually(() =>
      client.query(`alter database ${name} rename to ${as}`).then(
        () => true,
        () => false,
      ),
    );
  };
  await rename(to, 'gone');
  await rename(from, to);
  await client.query(`alter database ${to} with allow_connections true`);
  await client.end();
}

describe('a database that is restored from a backup beside a Redis that went on', () => {
  it('is what the gate goes by: unknown accounts do not pass, and a denial closes it', async () => {
    const first = await startOn(postgres.url);
    await first.evaluate(aSignup('before', 'free'));
    const backup = await postgres.backUp('postgres');
    await goOn(first);
    await first.stop();

    const restored = await startOn(await backup.restoreInto('restored'));
    expect(await gateState(restored, 'after-the-backup')).toBe('unknown');
    expect(await gateState(restored, 'before')).toBe('admitted');
    await change(restored, 'before', 'deny');
    expect(await gateState(restored, 'before')).toBe('denied');
    expect(restored.output).toContain('the database does not have what Redis was told of it');
    expect((await restored.call('GET', '/metrics')).body).toMatch(/truth_set_back_total\{finding="set_back"\} 1/);
    await restored.evaluate(aSignup('after-the-backup', 'free'));
    await isSeen(restored, 'after-the-backup', 'admitted');
  }, 120_000);

  it('is noticed by instances that run while it takes the place of the other', async () => {
    const name = 'live';
    const live = await (await postgres.backUp('postgres')).restoreInto(name);
    const [one, other] = await Promise.all([startOn(live), startOn(live, { ROLES: 'api' })]);
    await one.evaluate(aSignup('before', 'free'));
    const backup = await postgres.backUp(name);
    await backup.restoreInto('standby');
    await goOn(one);
    await swapDatabases('standby', name);
    for (const service of [one, other]) {
      await isSeen(service, 'after-the-backup', 'unknown');
      await isSeen(service, 'before', 'admitted');
    }
    await change(one, 'before', 'deny');
    for (const service of [one, other]) await isSeen(service, 'before', 'denied');
    await eventually(async () => (await one.evaluate(aSignup(`new-${Date.now()}`, 'free'))).degraded.length === 0);
  }, 120_000);
});

describe('a Redis that several know', () => {
  it('is not doubted when instances and PostgreSQL are started again', async () => {
    const [one, other] = await Promise.all([startOn(postgres.url), startOn(postgres.url)]);
    await one.evaluate(aSignup('calm', 'free'));
    await one.stop();
    await postgres.kill();
    await postgres.restart();
    await one.start();
    await other.evaluate(aSignup('calm-2', 'free'));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    for (const { output } of [one, other]) expect(output).not.toContain('believe');
  }, 120_000);

  it('is not believed, and named as the cause, where two databases use it', async () => {
    const other = await (await postgres.backUp('postgres')).restoreInto('other');
    const [one, two] = [await startOn(postgres.url), await startOn(other)];
    await one.evaluate(aSignup('of-one', 'free'));
    await two.evaluate(aSignup('of-two', 'free'));
    const says = ({ output }: Service): boolean =>
      output.includes('services with different databases use the same Redis');
    await eventually(async () => [one, two].some(says));
    for (const [service, own, foreign] of [
      [one, 'of-one', 'of-two'],
      [two, 'of-two', 'of-one'],
    ] as const) {
      await isSeen(service, own, 'admitted');
      expect(await gateState(service, foreign)).toBe('unknown');
    }
  }, 120_000);
});
