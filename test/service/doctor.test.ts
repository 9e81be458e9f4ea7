import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pepperCheck } from '../../src/adapters/crypto/identifier-hash.js';
import { openFilesComplaint } from '../../src/adapters/files/open-files-limit.js';
import { isSamePepper } from '../../src/adapters/postgres/meta.js';
import { migrate, readMigrations } from '../../src/adapters/postgres/migrate.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { ageFinding } from '../../src/cli/doctor/check-ip-data.js';
import { checkNode, diskFinding } from '../../src/cli/doctor/check-machine.js';
import { conditionFindings } from '../../src/cli/doctor/check-redis.js';
import { clockFinding } from '../../src/cli/doctor/finding.js';
import { run as doctor } from '../../src/doctor.js';
import { freePort } from '../support/free-port.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { runCommand } from '../support/run-command.js';
import { writeRules } from '../support/service.js';
import { trialRules } from '../support/trial-rules.js';

const pepper = 'a pepper of sixteen or more characters';
let home: string;
let postgres: PostgresServer;
let redis: TestRedis;
let closedPort: number;
let listeners: Server[];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portcullis-doctor-'));
  await writeRules(join(home, 'rules'), trialRules);
  await writeRules(join(home, 'broken'), { ...trialRules, 'trial.yml': `${trialRules['trial.yml']}    colour: red\n` });
  await writeFile(join(home, 'a-file'), '');
  await mkdir(join(home, 'data', 'secrets'), { recursive: true });
  await mkdir(join(home, 'data', 'ip'));
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const database = await openPostgres(postgres.url, { callTimeoutMs: 20_000 });
  await migrate(database);
  await isSamePepper(database, pepperCheck(pepper));
  await database.close();
  closedPort = await freePort();
  listeners = [];
}, 120_000);
afterAll(async () => {
  for (const server of listeners) server.close();
  await Promise.all([postgres.stop(), redis.stop()]);
  await rm(home, { recursive: true, force: true });
});

/** Everything is right but what is given. */
async function examine(wrong: Readonly<Record<string, string>> = {}) {
  const environment = {
    DATA_DIR: join(home, 'data'),
    RULES_DIR: join(home, 'rules'),
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    IDENTIFIER_PEPPER: pepper,
    BOOTSTRAP_API_KEY: 'pk_admin_long_enough_for_production',
    PORT: String(await freePort()),
    ...wrong,
  };
  const { status, out } = await runCommand(doctor, ['--json'], environment);
  const { ok, checks } = JSON.parse(out);
  expect(ok).toBe(status === 0);
  const of = (name: string) => checks.find(({ check }: { check: string }) => check === name);
  return { status, out, of, levels: new Set(checks.map(({ level }: { level: string }) => level)) };
}

async function listen(status: number, body: string): Promise<string> {
  const server = createHttpServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  listeners.push(server);
  await once(server, 'listening');
  const address = server.address();
  return String(typeof address === 'object' && address !== null ? address.port : 0);
}

describe('doctor', () => {
  it('finds nothing to fail where everything is as it should be', async () => {
    const { status, levels, of } = await examine();
    expect(status).toBe(0);
    expect(levels.has('fail')).toBe(false);
    expect(of('migrations')).toMatchObject({
      level: 'ok',
      says: `${(await readMigrations()).length} applied, none pending`,
    });
    for (const check of [
      'environment',
      'data_dir',
      'disk',
      'postgres',
      'pepper_match',
      'redis_aof',
      'redis_policy',
      'port',
    ])
      expect(of(check)).toMatchObject({ level: 'ok' });
    for (const check of ['redis_clock', 'postgres_clock']) expect(of(check)).toMatchObject({ level: 'ok' });
    expect(of('rules').says).toMatch(/^\d+ rules in .*rules, version /);
  }, 60_000);

  it('looks at embedded stores without starting, making or writing anything', async () => {
    const before = await readdir(join(home, 'data'), { recursive: true });
    const embedded = { DATABASE_URL: '', REDIS_URL: '', IDENTIFIER_PEPPER: '', BOOTSTRAP_API_KEY: '' };
    const { status, of } = await examine(embedded);
    expect(status).toBe(0);
    expect(of('postgres').says).toMatch(/embedded/);
    expect(of('redis').says).toMatch(/embedded: redis-server, version \d/);
    expect(await readdir(join(home, 'data'), { recursive: true })).toEqual(before);
    expect((await examine({ ...embedded, DATA_DIR: join(home, 'not', 'yet') })).of('data_dir').level).toBe('ok');
    expect(await readdir(home)).not.toContain('not');
  }, 60_000);

  it('says what fails, and never a secret', async () => {
    const cases: readonly (readonly [Readonly<Record<string, string>>, string, RegExp])[] = [
      [{ PORT: 'eighty' }, 'environment', /PORT: expected a port number/],
      [{ DATA_DIR: join(home, 'a-file') }, 'data_dir', /a-file is no folder/],
      [{ DATABASE_URL: `postgres://me:hush@127.0.0.1:${closedPort}/db` }, 'postgres', /cannot be asked/],
      [{ REDIS_URL: `redis://me:hush@127.0.0.1:${closedPort}` }, 'redis', /cannot be asked/],
      [{ REDIS_URL: redis.url.replace(/:[^:@/]+@/, ':hush@') }, 'redis', /cannot be asked .*(WRONGPASS|invalid)/],
      [{ REDIS_URL: `${redis.url}/99` }, 'redis', /cannot be asked \(.*DB index is out of range\)/],
      [{ REDIS_URL: `${redis.url}/abc` }, 'environment', /REDIS_URL: expected the number of a database/],
      [{ REDIS_URL: '', REDIS_CLUSTER: `127.0.0.1:${closedPort}` }, 'redis', /cannot be asked/],
      [{ REDIS_URL: '', REDIS_CLUSTER: redis.url.replace(/\/\/[^@]*@/, '//') }, 'redis', /cannot be asked .*NOAUTH/],
      [{ IDENTIFIER_PEPPER: 'hush, another pepper than theirs' }, 'pepper_match', /another IDENTIFIER_PEPPER/],
      [{ RULES_DIR: join(home, 'nowhere') }, 'rules', /nowhere/],
      [{ RULES_DIR: join(home, 'broken') }, 'rules', /1 errors? in .*trial\.yml:\d+: .*colour/],
      [{ REPORT_RULES_DIR: join(home, 'nowhere') }, 'report_rules', /nowhere/],
      [{ MAXMIND_DIR: join(home, 'nowhere') }, 'maxmind', /nowhere/],
      [{ MAXMIND_DIR: home }, 'maxmind', /holds no \*\.mmdb/],
      [{ HOST: '203.0.113.1' }, 'port', /nobody can listen/],
      [{ PORT: await listen(200, 'hello') }, 'port', /taken by another program/],
      [{ PORT: await listen(503, '{}') }, 'port', /not ready/],
    ];
    for (const [wrong, check, words] of cases) {
      const { status, of, out } = await examine(wrong);
      expect({ wrong, status, ...of(check) }).toEqual({
        wrong,
        status: 1,
        check,
        level: 'fail',
        says: expect.stringMatching(words),
        todo: expect.any(String),
      });
      expect(out).not.toContain('hush');
      expect(out).not.toContain(pepper);
    }
  }, 120_000);

  it('knows our own service by its answer', async () => {
    const PORT = await listen(200, '{"status":"ready","checks":{}}');
    expect((await examine({ PORT })).of('port')).toMatchObject({
      level: 'ok',
      says: expect.stringMatching(/answers.*ready/),
    });
  }, 60_000);

  it('wants secrets in files that nobody else can read', async () => {
    const file = join(home, 'data', 'secrets', 'identifier-pepper');
    await writeFile(file, 'hush, a long enough one', { mode: 0o600 });
    const embedded = { DATABASE_URL: '', IDENTIFIER_PEPPER: '' };
    expect((await examine(embedded)).of('pepper').level).toBe('ok');
    await chmod(file, 0o644);
    const { of, out } = await examine(embedded);
    expect(of('pepper')).toMatchObject({ level: 'fail', says: expect.stringMatching(/mode 644/) });
    expect(out).not.toContain('hush');
    await writeFile(file, '');
    expect((await examine(embedded)).of('pepper')).toMatchObject({
      level: 'fail',
      says: expect.stringMatching(/identifier-pepper is empty/),
    });
  }, 60_000);

  it('warns of what will do for a trial', async () => {
    const { status, of } = await examine({ BOOTSTRAP_API_KEY: 'pk_short', IDENTIFIER_PEPPER: '' });
    expect(status).toBe(0);
    expect(of('bootstrap_key').level).toBe('warn');
    expect(of('pepper')).toMatchObject({ level: 'warn', says: expect.stringMatching(/in the database/) });
    await writeFile(join(home, 'data', 'ip', 'asn.table'), 'damaged');
    expect((await examine()).of('ip_asn')).toMatchObject({ level: 'warn', says: expect.stringMatching(/damaged/) });
  }, 60_000);

  it('compares migrations with those it has', async () => {
    const database = await openPostgres(postgres.url, { callTimeoutMs: 20_000 });
    try {
      await database.query("update schema_migrations set name = '9999_later.sql' where name like '0001%'");
      expect((await examine()).of('migrations')).toMatchObject({
        level: 'fail',
        says: expect.stringMatching(/9999_later/),
      });
      await database.query("delete from schema_migrations where name = '9999_later.sql'");
      expect((await examine()).of('migrations')).toMatchObject({ level: 'warn', says: '1 not applied yet' });
      await database.query("update schema_migrations set checksum = 'x' where name like '0002%'");
      expect((await examine()).of('migrations')).toMatchObject({
        level: 'fail',
        says: expect.stringMatching(/changed .*0002/),
      });
    } finally {
      await database.close();
    }
  }, 60_000);

  it('shows people one line a check', async () => {
    const { out, status } = await runCommand(doctor, [], { PORT: 'eighty' });
    expect(status).toBe(1);
    expect(out).toMatch(
      /^ok {4}node +Node\.js v\d+.*\nfail {2}environment +PORT: expected.*\n +→ .*\n\n1 ok, 0 warn, 1 fail\n$/,
    );
  });
});

describe('what doctor makes of', () => {
  it('versions of Node', () => {
    const levels = (...versions: string[]) => versions.map((version) => checkNode(version).level);
    expect(levels('v18.20.0', 'v20.18.3', 'v21.7.3', 'v22.11.0')).toEqual(['fail', 'fail', 'fail', 'fail']);
    expect(levels('v20.19.0', 'v22.12.0', 'v23.0.0', 'v24.0.1')).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it('a limit of open files that is too low, which it says instead of failing by it', async () => {
    const limits = (most: string): string =>
      `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${most}  files\n`;
    expect(openFilesComplaint(limits('1048576  1048576'))).toBeUndefined();
    expect(openFilesComplaint(limits('unlimited  unlimited'))).toBeUndefined();
    expect(openFilesComplaint('')).toBeUndefined();
    expect(openFilesComplaint(limits('96   96'))).toMatch(/^no more than 96 files/);
    const under = (command: string) =>
      promisify(execFile)('sh', ['-c', `ulimit -n 96; node dist/main.js ${command}`]).catch((error) => error);
    const asked = await under('doctor');
    expect([asked.code, asked.stdout]).toEqual([
      1,
      expect.stringMatching(/^fail {2}open_files +no more than 96 files/),
    ]);
    const started = await under('serve');
    expect([started.code, started.stderr]).toEqual([1, expect.stringMatching(/^portcullis: no more than 96 files/)]);
  }, 30_000);

  it('free disk', () => {
    expect(['fail', 'warn', 'ok']).toEqual([50e6, 500e6, 5e9].map((free) => diskFinding(free).level));
  });

  it('clocks', () => {
    expect(['ok', 'warn', 'fail']).toEqual([-900, 1500, -11_000].map((ms) => clockFinding('clock', ms).level));
  });

  it('the age of tables', () => {
    const age = { name: 'asn', from: 'update', at: new Date(0), isDamaged: false } as const;
    expect(ageFinding(age, 86_400_000)).toMatchObject({ level: 'ok', says: "from 'data update', 1 days old" });
    expect(ageFinding(age, 365 * 86_400_000).level).toBe('warn');
  });

  it('a Redis with settings that lose records', () => {
    const levels = (more: object) =>
      conditionFindings(
        { version: '7.0.15', hasAof: true, maxmemory: 0, policy: 'noeviction', dropped: 0, aheadMs: 0, ...more },
        'there',
      ).map(({ level }) => level);
    expect(levels({})).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(levels({ version: '6.2.1', hasAof: false })).toEqual(['fail', 'warn', 'ok', 'ok']);
    expect(levels({ dropped: 12 })).toEqual(['ok', 'ok', 'ok', 'warn', 'ok']);
    expect(levels({ policy: 'allkeys-lru' })).toEqual(['ok', 'ok', 'warn', 'ok']);
    expect(levels({ policy: 'allkeys-lru', maxmemory: 1e9 })).toEqual(['ok', 'ok', 'fail', 'ok']);
  });
});
