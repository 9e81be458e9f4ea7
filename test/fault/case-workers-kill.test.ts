import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { projectRoot, type Service, startService } from '../support/service.js';

const cases = 1000;
const workers = 10;
const kills = 30;
const worker = join(projectRoot, 'docs/examples/case-worker/case-worker.mjs');

/** Every case is rejected: its score is above what the example rejects from. */
const seed = `
  insert into accounts (account_id, state, version, cause, first_seen_at, changed_at)
    select 'w' || i, 'held', 1, 'decision', now(), now() from generate_series(1, ${cases}) i;
  insert into cases (id, account_id, state, priority, score, reason, opened_at, due_at)
    select 'case_w' || i, 'w' || i, 'open', 90, 90, 'payment.reused', date_trunc('milliseconds', now()), now() + interval '1 day'
    from generate_series(1, ${cases}) i`;

/** Numbers in [0, 1) that a seed makes, so that a failure can be played again. */
function numbersOf(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('ten workers that are killed at random', () => {
  let postgres: PostgresServer;
  let service: Service;
  let database: pg.Client;
  beforeAll(async () => {
    postgres = await startPostgres();
    service = await startService({ databaseUrl: postgres.url, env: { ROLES: 'api' } });
    database = new pg.Client({ connectionString: postgres.url });
    await database.connect();
    await database.query(seed);
  }, 120_000);
  afterAll(async () => {
    await database?.end();
    await service?.remove();
    await postgres?.stop();
  }, 30_000);

  const running = new Set<ChildProcess>();
  const startWorker = (key: string): ChildProcess => {
    const child = spawn('node', [worker], {
      env: { PATH: process.env.PATH, PORTCULLIS_URL: service.url, PORTCULLIS_KEY: key, LEASE_S: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const undecided = async (): Promise<number> =>
    Number((await database.query("select count(*) from cases where state <> 'decided'")).rows[0].count);

  it('decide each of a thousand cases once, and lose none', async () => {
    const chosen = Number(process.env.SEED ?? Date.now() % 1_000_000);
    console.info(`SEED=${chosen}`);
    const random = numbersOf(chosen);
    const { body } = await service.call('POST', '/v1/keys', { body: { role: 'worker', name: 'drain' } });
    const team = Array.from({ length: workers }, () => startWorker(body.secret));
    try {
      for (let killed = 0; killed < kills && (await undecided()) > 0; killed++) {
        await sleep(50 + random() * 150);
        const at = Math.floor(random() * workers);
        const victim = team[at];
        if (victim !== undefined && victim.exitCode === null) await kill(victim);
        team[at] = startWorker(body.secret);
      }
      // Ten programs, a service and a database on two cores that other tests share.
      await eventually(async () => (await undecided()) === 0, 150_000);
    } finally {
      await Promise.all([...running].map(kill));
    }
    const entries = await database.query(
      "select case_id, count(*)::int as times from case_entries where kind = 'decided' group by case_id",
    );
    expect(entries.rows).toHaveLength(cases);
    expect(entries.rows.filter(({ times }) => times !== 1)).toEqual([]);
    const denied = await database.query(
      "select count(*)::int as count from accounts where state = 'denied' and version = 2",
    );
    expect(denied.rows[0].count).toBe(cases);
    const labelled = await database.query('select count(*)::int as count from labels');
    expect(labelled.rows[0].count).toBe(cases);
  }, 240_000);
});
