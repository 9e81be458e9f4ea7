/**
 * How long a commit takes with many callers in flight, on a real PostgreSQL and on PGlite, both with fsync on.
 *   node bench/commit.mjs [--seconds 5] [--in-flight 16] [--without decisions_signups,decisions_degraded]
 * With --without, each database is measured with and without these indexes by turns, so that one run tells what they cost.
 * Prints commits a second and p50, p95, p99 and the longest in milliseconds; ends with status 1 when a commit fails.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

register('../test/support/typescript-hooks.mjs', import.meta.url);
const { openPglite } = await import('../src/adapters/pglite/open-pglite.ts');
const { SqlDecisionLog } = await import('../src/adapters/postgres/decision-log.ts');
const { migrate } = await import('../src/adapters/postgres/migrate.ts');
const { openPostgres } = await import('../src/adapters/postgres/open-postgres.ts');
const { decisionRecord } = await import('../test/support/decision-record-builder.ts');
const { startPostgres } = await import('../test/support/postgres-server.ts');

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    'in-flight': { type: 'string', default: '16' },
    without: { type: 'string', default: '' },
  },
});
const measureMs = Number(values.seconds) * 1000;
const inFlight = Number(values['in-flight']);
const without = values.without === '' ? [] : values.without.split(',');
const warmUpMs = 2000;
const outcomes = ['allow', 'allow', 'allow', 'limit', 'hold'];

/** About what a real decision carries: fifty inputs and an event of two kilobytes. */
const inputs = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`group.input_${n}`, `value ${n}`]));
const sealed = 'x'.repeat(2700);

async function lane(log, { name, until, onCommit }) {
  for (let n = 0; performance.now() < until; n++) {
    const record = decisionRecord({ number: `${name}-${n}`, outcome: outcomes[n % outcomes.length] });
    const startedAt = performance.now();
    const result = await log.commit({ ...record, inputs, sealed });
    if (result.kind !== 'committed') throw new Error(JSON.stringify(result));
    onCommit(performance.now() - startedAt);
  }
}

async function load(log, name, ms) {
  const times = [];
  const until = performance.now() + ms;
  const lanes = Array.from({ length: inFlight }, (_, n) =>
    lane(log, { name: `${name}-${n}`, until, onCommit: (time) => times.push(time) }),
  );
  await Promise.all(lanes);
  return times.sort((a, b) => a - b);
}

async function measure(title, database) {
  await migrate(database);
  if (without.length === 0) return measureOnce(title, database, 'run');
  const definitions = await database.query('select indexdef from pg_indexes where indexname = any($1::text[])', [
    without,
  ]);
  for (const round of [1, 2]) {
    await measureOnce(`${title}, with all indexes`, database, `with-${round}`);
    await database.script(without.map((name) => `drop index ${name};`).join(''));
    await measureOnce(`${title}, without ${without.join(', ')}`, database, `without-${round}`);
    await database.script(definitions.map(({ indexdef }) => `${indexdef};`).join(''));
  }
}

async function measureOnce(title, database, name) {
  const log = new SqlDecisionLog(database, { deadlineMs: 5000 });
  await load(log, `warm-${name}`, warmUpMs);
  const cpu = process.cpuUsage();
  const times = await load(log, name, measureMs);
  const { user, system } = process.cpuUsage(cpu);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(2);
  const perSecond = Math.round(times.length / (measureMs / 1000));
  console.log(
    `| ${title} | ${perSecond} | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${at(1)} | ${Math.round((user + system) / times.length)} |`,
  );
}

console.log(
  `${inFlight} in flight\n| database | commits/s | p50 ms | p95 ms | p99 ms | longest ms | own CPU µs a commit |\n|---|---|---|---|---|---|---|`,
);

const server = await startPostgres({ fsync: true });
const postgres = await openPostgres(server.url, { callTimeoutMs: 5000 });
try {
  await measure('PostgreSQL', postgres);
} finally {
  await postgres.close();
  await server.stop();
}

const dir = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const pglite = await openPglite(dir);
try {
  await measure('PGlite', pglite);
} finally {
  await pglite.close();
  await rm(dir, { recursive: true, force: true });
}
