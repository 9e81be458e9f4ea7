import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../src/adapters/postgres/database.js';
import { migrate, readMigrations } from '../../src/adapters/postgres/migrate.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { run as doctor } from '../../src/doctor.js';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { ringTrialRules } from '../support/ring-trial-rules.js';
import { ringWith, sharing } from '../support/rings-story.js';
import { runCommand } from '../support/run-command.js';
import { aSignup, projectRoot, startService } from '../support/service.js';

/** As docs/operations.md tells: `clerk` reads and writes, and makes nothing. */
const grants = `create role clerk login;
  grant usage on schema public to clerk;
  grant select, insert, update, delete on all tables in schema public to clerk;
  grant usage, select on all sequences in schema public to clerk`;
const pepper = 'a pepper that all of these share';

let postgres: PostgresServer;
let redis: TestRedis;
let owner: Database;
let admin: RedisConnection;
let home: string;
let databaseUrl: string;
const redisUrl = (user: string) => redis.url.replace(/\/\/[^@]*@|\/\//, `//${user}:secret@`);
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  home = await mkdtemp(join(tmpdir(), 'portcullis-rights-'));
  owner = await openPostgres(postgres.url, { callTimeoutMs: 20_000 });
  await migrate(owner);
  await owner.script(grants);
  databaseUrl = postgres.url.replace('//portcullis@', '//clerk@');
  admin = await openRedis({ url: redis.url }, 'relay');
  await admin.ready(10_000);
  const most = ['on', '>secret', '~*', '&*', '+@all', '-@admin', '-@dangerous'];
  await admin.call('ACL', 'SETUSER', 'told', ...most, '+info');
  await admin.call('ACL', 'SETUSER', 'untold', ...most);
}, 60_000);
afterAll(async () => {
  await admin.close();
  await owner.close();
  await Promise.all([postgres.stop(), redis.stop(), rm(home, { recursive: true, force: true })]);
});

async function examine(environment: Readonly<Record<string, string>>) {
  const { out } = await runCommand(doctor, ['--json'], {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl('told'),
    DATA_DIR: home,
    RULES_DIR: join(projectRoot, 'rules'),
    PORT: '0',
    ...environment,
  });
  const { checks } = JSON.parse(out);
  return (name: string) => checks.find(({ check }: { check: string }) => check === name);
}

describe('with the rights that the documents ask for, and no more', () => {
  it('starts, decides, and lets people decide', async () => {
    const service = await startService({
      databaseUrl,
      redisUrl: redisUrl('told'),
      env: { IDENTIFIER_PEPPER: pepper, LOG_LEVEL: 'info' },
    });
    try {
      const { case_id } = await service.evaluate(aSignup('acct_clerk', 'hold'));
      const claimed = await service.call('POST', '/v1/cases:next', { body: {} });
      expect(claimed).toMatchObject({ status: 200, body: { case: { id: case_id } } });
      const body = { claim_token: claimed.body.claim_token, decision: 'reject', reason: 'trial' };
      expect((await service.call('POST', `/v1/cases/${case_id}/decisions`, { body })).status).toBe(200);
      const made = await service.call('POST', '/v1/keys', { body: { role: 'gateway', name: 'gate' } });
      expect(made.status).toBe(201);
      expect((await service.call('GET', '/readyz')).body.checks).toMatchObject({ redis_eviction: 'ok' });
      expect((await service.call('DELETE', '/v1/subjects/acct_clerk')).status).toBeLessThan(300);
      expect(service.output).not.toMatch(/permission denied|NOPERM/);
    } finally {
      await service.remove();
    }
  }, 60_000);

  it('finds rings', async () => {
    const service = await startService({
      rules: ringTrialRules,
      databaseUrl,
      redisUrl: redisUrl('told'),
      env: { IDENTIFIER_PEPPER: pepper, LOG_LEVEL: 'info' },
    });
    try {
      for (const n of [1, 2]) await service.evaluate(sharing(`clerk-${n}`, 'pm_clerk', n));
      await eventually(async () => (await ringWith(service, 'clerk-1'))?.size === 2);
      expect(await service.evaluate(sharing('clerk-3', 'pm_clerk', 3))).toMatchObject({
        degraded: [],
        ring: { size: 3 },
      });
      expect(service.output).not.toMatch(/permission denied|NOPERM/);
    } finally {
      await service.remove();
    }
  }, 60_000);

  it('has nothing to complain of for doctor', async () => {
    const of = await examine({});
    expect([of('postgres'), of('migrations'), of('redis')]).toMatchObject([
      { level: 'ok' },
      { level: 'ok', says: `${(await readMigrations()).length} applied, none pending` },
      { level: 'ok' },
    ]);
    expect(of('postgres_rights')).toBeUndefined();
  }, 60_000);
});

describe('with fewer', () => {
  it('tells nothing of what Redis does not tell, and doctor knows why', async () => {
    const service = await startService({
      databaseUrl,
      redisUrl: redisUrl('untold'),
      env: { IDENTIFIER_PEPPER: pepper },
    });
    try {
      const ready = await service.call('GET', '/readyz');
      expect(ready.status).toBe(200);
      expect(ready.body.checks).not.toHaveProperty('redis_eviction');
      expect((await service.call('GET', '/metrics')).body).not.toMatch(/^portcullis_redis_evicts \d/m);
    } finally {
      await service.remove();
    }
    const of = await examine({ REDIS_URL: redisUrl('untold') });
    expect(of('redis')).toMatchObject({
      level: 'fail',
      says: expect.stringContaining('NOPERM'),
      todo: expect.stringContaining('the rights'),
    });
  }, 60_000);

  it('is told by doctor which tables it lacks, and that it cannot migrate', async () => {
    await owner.script("revoke update on cases from clerk; delete from schema_migrations where name like '0022%'");
    const of = await examine({});
    expect(of('postgres_rights')).toMatchObject({ level: 'fail', says: 'this user cannot read and write cases' });
    expect(of('migrations')).toMatchObject({ level: 'fail', todo: expect.stringContaining('as the owner') });
  }, 60_000);
});
