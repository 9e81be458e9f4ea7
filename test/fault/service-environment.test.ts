import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../support/free-port.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { adminKey, ensureBuilt, spawnService, writeRules } from '../support/service.js';
import { trialRules } from '../support/trial-rules.js';

let home: string;
let postgres: PostgresServer;
let redis: TestRedis;
let taken: Server;
let takenPort: number;
let closedPort: number;
beforeAll(async () => {
  await ensureBuilt();
  home = await mkdtemp(join(tmpdir(), 'portcullis-environment-'));
  await writeRules(join(home, 'rules'), trialRules);
  await writeRules(join(home, 'broken'), { ...trialRules, 'trial.yml': `${trialRules['trial.yml']}    colour: red\n` });
  await writeFile(join(home, 'a-file'), '');
  taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  takenPort = typeof address === 'object' && address !== null ? address.port : 0;
  closedPort = await freePort();
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
}, 120_000);
afterAll(async () => {
  taken.close();
  await Promise.all([postgres.stop(), redis.stop()]);
  await rm(home, { recursive: true, force: true });
});

/** Starts with everything right but this, and waits for the end. */
async function start(wrong: Readonly<Record<string, string>>) {
  const dataDir = await mkdtemp(join(home, 'data-'));
  const right = { PORT: '0', DATA_DIR: dataDir, RULES_DIR: join(home, 'rules'), BOOTSTRAP_API_KEY: adminKey };
  const env = { ...right, DATABASE_URL: postgres.url, REDIS_URL: redis.url };
  const child = spawnService({ ...env, LOG_LEVEL: 'error', ...wrong });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stdout?.resume();
  const unwanted = setTimeout(() => child.kill('SIGKILL'), 60_000);
  await once(child, 'close');
  clearTimeout(unwanted);
  return { code: child.exitCode, lines: said.split('\n').filter((line) => line !== '') };
}

const wrongValues: readonly (readonly [string, string])[] = [
  ['HOST', 'not..host'],
  ['PORT', 'eighty'],
  ['PORT', '70000'],
  ['REDIS_URL', 'http://127.0.0.1:6379'],
  ['REDIS_URL', 'redis://127.0.0.1:6379/abc'],
  ['REDIS_CLUSTER', 'one-node'],
  ['DATABASE_URL', 'mysql://127.0.0.1/db'],
  ['EVENT_TIME', 'sometimes'],
  ['BOOTSTRAP_API_KEY', 'short'],
  ['IDENTIFIER_PEPPER', 'short'],
  ['LOG_LEVEL', 'loud'],
  ['ROLES', 'api,cook'],
  ['TRUST_PROXY', 'perhaps?'],
  ['DRAIN_MS', '5000'],
  ['VERIFICATION_PROVIDER_URL', 'ftp://127.0.0.1'],
  ['VERIFICATION_PROVIDER_SECRET', 'short'],
];

describe('a service that is configured wrongly', () => {
  it('says in one line which variable is wrong, and ends with status 1', async () => {
    // Of the two ways to name a Redis only one may be taken.
    const ends = await Promise.all(wrongValues.map(([name, value]) => start({ REDIS_URL: '', [name]: value })));
    wrongValues.forEach(([name, value], n) => {
      const end = ends[n];
      expect({ name, value, code: end?.code, lines: end?.lines.length }).toEqual({ name, value, code: 1, lines: 1 });
      expect(end?.lines[0]).toMatch(new RegExp(`^portcullis: ${name}: expected .+`));
    });
  }, 120_000);

  it('never repeats a secret', async () => {
    const { lines } = await start({ BOOTSTRAP_API_KEY: 'hush', DATABASE_URL: 'mysql://someone:hush@127.0.0.1/db' });
    expect(lines).toHaveLength(2);
    expect(lines.join('\n')).not.toContain('hush');
  }, 120_000);

  it('asks for a long first key in production', async () => {
    const { code, lines } = await start({
      NODE_ENV: 'production',
      BOOTSTRAP_API_KEY: 'pk_admin_only_20_long',
      IDENTIFIER_PEPPER: 'sixteen or more characters',
    });
    expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(/BOOTSTRAP_API_KEY: .*32 characters/)] });
  }, 120_000);

  it('asks for a pepper of its own in production where a database is named', async () => {
    const { code, lines } = await start({ NODE_ENV: 'production', DATABASE_URL: 'postgres://someone@127.0.0.1/db' });
    expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(/IDENTIFIER_PEPPER: expected one/)] });
  }, 120_000);

  it('names what is right in form but not there', async () => {
    const cases: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
      [{ PORT: String(takenPort) }, /^portcullis: PORT: \d+ on 127\.0\.0\.1 is taken/],
      [{ RULES_DIR: join(home, 'nowhere') }, /RULES_DIR|rules .*nowhere|nowhere/],
      [
        { DATA_DIR: join(home, 'a-file'), DATABASE_URL: '', REDIS_URL: '' },
        /^portcullis: DATA_DIR: .*a-file is no folder/,
      ],
      [{ DATA_DIR: join(home, 'a-file') }, /^portcullis: DATA_DIR: .*a-file is no folder/],
      [{ DATA_DIR: '/proc/nowhere', REDIS_URL: '' }, /^portcullis: DATA_DIR: .*cannot be written to/],
      [{ REPORT_RULES_DIR: join(home, 'nowhere') }, /^portcullis: REPORT_RULES_DIR: there is no folder .*nowhere/],
      [{ MAXMIND_DIR: join(home, 'nowhere') }, /MAXMIND_DIR|nowhere/],
      [
        { DATABASE_URL: `postgres://portcullis@127.0.0.1:${closedPort}/db` },
        /^portcullis: DATABASE_URL: PostgreSQL at 127\.0\.0\.1:\d+/,
      ],
      [
        { REDIS_URL: `${redis.url}/99` },
        /^portcullis: REDIS_URL: Redis at 127\.0\.0\.1:\d+ gives no database 99 \(ERR /,
      ],
      [{ HOST: '203.0.113.1' }, /^portcullis: HOST: 203\.0\.113\.1 is no address of this machine/],
    ];
    const ends = await Promise.all(cases.map(([wrong]) => start(wrong)));
    cases.forEach(([wrong, words], n) => {
      const end = ends[n];
      expect({ wrong, code: end?.code, lines: end?.lines }).toEqual({
        wrong,
        code: 1,
        lines: [expect.stringMatching(words)],
      });
    });
  }, 120_000);

  it('shows the errors of rules that were never good', async () => {
    const { code, lines } = await start({ RULES_DIR: join(home, 'broken') });
    expect(code).toBe(1);
    expect(lines.join('\n')).toMatch(/trial\.yml:\d+:\d+/);
    expect(lines.join('\n')).toContain('colour');
  }, 120_000);
});
