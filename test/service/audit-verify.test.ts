import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPglite } from '../../src/adapters/pglite/open-pglite.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { adminKey, aSignup, projectRoot, type Service, startService } from '../support/service.js';

interface Verification {
  readonly status: number;
  readonly err: string;
  readonly report: {
    readonly ok: boolean;
    readonly sealed: number;
    readonly unsealed: number;
    readonly head: string;
    readonly compared_with: readonly string[];
    readonly problems: readonly { readonly seq: number | null; readonly kind: string }[];
  };
}

/** The command as a process of its own, as people run it. */
function verify(service: Service, env: Readonly<Record<string, string>>, ...args: string[]): Promise<Verification> {
  const environment = {
    PATH: process.env.PATH,
    DATA_DIR: service.dataDir,
    PORT: new URL(service.url).port,
    BOOTSTRAP_API_KEY: adminKey,
    ...env,
  };
  const words = ['--no-warnings', join(projectRoot, 'dist/main.js'), 'audit', 'verify', '--json', ...args];
  return new Promise((resolve) => {
    execFile('node', words, { env: environment }, (error, out, err) => {
      const status = typeof error?.code === 'number' ? error.code : 0;
      resolve({ status, err, report: out === '' ? { problems: [] } : JSON.parse(out) });
    });
  });
}

async function signUp(service: Service, from: number, to: number): Promise<void> {
  for (let i = from; i < to; i++) await service.evaluate(aSignup(`audited_${i}`, 'standard'));
}

const allSealed = (ask: () => Promise<Verification>): Promise<Verification> =>
  eventually(async () => {
    const found = await ask();
    return found.status === 0 && found.report.sealed > 0 && found.report.unsealed === 0 ? found : undefined;
  });

describe('audit verify', () => {
  describe('where the store is embedded', () => {
    let service: Service;
    beforeAll(async () => {
      service = await startService();
    }, 120_000);
    afterAll(() => service.remove());

    const changeFiles = async (change: (database: Database) => Promise<unknown>): Promise<void> => {
      const database = await openPglite(join(service.dataDir, 'postgres'));
      await change(database).finally(() => database.close());
    };

    it('asks the service that runs, opens the files of one that does not, and finds what was done to them', async () => {
      await signUp(service, 0, 5);
      const running = await allSealed(() => verify(service, {}));
      expect(await verify(service, {}, '--head', running.report.head)).toMatchObject({ status: 0 });
      const another = running.report.head.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
      expect((await verify(service, {}, '--head', another)).report.problems).toMatchObject([{ kind: 'head' }]);
      const metrics = async (): Promise<string> => (await service.call('GET', '/metrics')).body;
      await eventually(async () => /portcullis_audit_rows\{state="sealed"\} [1-9]/.test(await metrics()));
      expect(await metrics()).toContain('portcullis_audit_broken 0');

      await service.stop();
      const stopped = await verify(service, {});
      expect(stopped).toMatchObject({ status: 0, report: { head: running.report.head } });
      expect(stopped.report.compared_with).toEqual(['the database', 'DATA_DIR']);
      const [name = ''] = await readdir(join(service.dataDir, 'audit'));
      expect((await readFile(join(service.dataDir, 'audit', name), 'utf8')).trim()).toBe(running.report.head);

      await changeFiles((database) => database.query(`update audit set actor = 'nobody' where seq = 2`));
      expect(await verify(service, {})).toMatchObject({
        status: 1,
        report: { problems: [{ seq: 2, kind: 'changed' }] },
      });
      await changeFiles((database) =>
        database.script(`truncate audit_links; delete from meta where key = 'audit_head'`),
      );
      expect((await verify(service, {})).report.problems).toMatchObject([{ seq: null, kind: 'tail_cut' }]);
    }, 120_000);

    it('does not go on sealing a chain that was cut, and says what to do', async () => {
      await service.start();
      await eventually(async () => /not sealed any more.*audit verify/.test(service.output));
      expect((await service.call('GET', '/metrics')).body).toContain('portcullis_audit_broken 1');
      expect((await verify(service, {})).report.problems).toMatchObject([{ kind: 'tail_cut' }]);
    }, 120_000);
  });

  describe('where a database is named', () => {
    let postgres: PostgresServer;
    let redis: TestRedis;
    let service: Service;
    let database: Database;
    beforeAll(async () => {
      [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
      service = await startService({ databaseUrl: postgres.url, redisUrl: redis.url });
      database = await openPostgres(postgres.url, { callTimeoutMs: 20_000 });
    }, 120_000);
    afterAll(async () => {
      await database.close();
      await service.remove();
      await Promise.all([postgres.stop(), redis.stop()]);
    });

    it('reads it, with the pepper that the service has', async () => {
      const env = { DATABASE_URL: postgres.url };
      await signUp(service, 0, 40);
      await allSealed(() => verify(service, env));
    }, 120_000);

    it('finds nothing wrong after a service that was killed while it sealed', async () => {
      const env = { DATABASE_URL: postgres.url };
      for (let round = 1; round <= 3; round++) {
        const signing = signUp(service, round * 1000, round * 1000 + 60).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 400 * round));
        await service.kill();
        await signing;
        expect((await verify(service, env)).report.problems).toEqual([]);
        await service.start();
      }
      await allSealed(() => verify(service, env));
    }, 120_000);

    it('takes no other pepper, and finds a row that was deleted', async () => {
      const env = { DATABASE_URL: postgres.url };
      const other = await verify(service, { ...env, IDENTIFIER_PEPPER: 'another pepper than theirs' });
      expect(other).toMatchObject({ status: 1, err: expect.stringMatching(/^portcullis: IDENTIFIER_PEPPER: .*\n$/) });
      await database.query('delete from audit where seq = 3');
      expect((await verify(service, env)).report.problems).toMatchObject([{ seq: 3, kind: 'missing' }]);
    }, 120_000);

    it('says in one line what it cannot do', async () => {
      const cases: readonly (readonly [Readonly<Record<string, string>>, readonly string[], RegExp])[] = [
        [{ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' }, [], /DATABASE_URL: .* cannot be used/],
        [{ DATABASE_URL: postgres.url }, ['--head', 'x'], /--head: expected COUNT:LINK/],
        [{ DATA_DIR: '/nonexistent', PORT: '1' }, [], /there is no database in \/nonexistent/],
      ];
      for (const [env, args, words] of cases) {
        const { status, err } = await verify(service, env, ...args);
        expect({ status, err }).toEqual({ status: 1, err: expect.stringMatching(words) });
        expect(err.trim().split('\n')).toHaveLength(1);
      }
    }, 120_000);
  });
});
