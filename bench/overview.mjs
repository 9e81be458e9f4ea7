/**
 * What the figures of the overview cost (`GET /v1/overview`), read from the truth: at 200,000 decisions of the last day, and
 * with as many again that are older, which must not matter.
 *
 *   npm run build && node bench/overview.mjs [--decisions 200000] [--reads 15] [--store postgres|embedded]
 *
 * Limits: no plan reads all of `decisions`, `labels`, `rings` or `ring_members`; the median with old decisions at
 * most 1.5 times the one without; the median at most a second, which is read at most every ten seconds. Ends with status 1
 * when one is missed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openPglite } from '../dist/adapters/pglite/open-pglite.js';
import { migrate } from '../dist/adapters/postgres/migrate.js';
import { openPostgres } from '../dist/adapters/postgres/open-postgres.js';
import { SqlOverview } from '../dist/adapters/postgres/overview.js';

register('../test/support/typescript-hooks.mjs', import.meta.url);
const { startPostgres } = await import('../test/support/postgres-server.ts');

const { values: options } = parseArgs({
  options: {
    decisions: { type: 'string', default: '200000' },
    reads: { type: 'string', default: '15' },
    store: { type: 'string', default: 'postgres' },
  },
});
const decisions = Number(options.decisions);
const now = Date.parse('2026-05-10T12:00:00.000Z');
const dayMs = 86_400_000;
const span = { from: now - dayMs, now, bucketMs: 15 * 60_000 };

/** Spread evenly over the day that ends at this time; four of a hundred are held, one in a thousand missed something. */
const fillSql = `insert into decisions (id, event_id, body_hash, account_id, type, occurred_at, decided_at, outcome, score, answer, inputs, sealed)
  select $1 || n, $1 || n, 'h', $1 || n, case n % 4 when 0 then 'api_key_created' else 'signup' end, at, at,
    case when n % 25 = 0 then 'hold' when n % 10 = 0 then 'limit' else 'allow' end, 12,
    jsonb_build_object('reasons', '[]'::jsonb, 'text', repeat('x', 600),
      'degraded', case when n % 1000 = 0 then '["velocity_unavailable"]' else '[]' end::jsonb),
    jsonb_build_object('ip.asn', n % 300), repeat('s', 400)
  from generate_series(1, $2::int) n, lateral (select $3::timestamptz - n * (interval '1 day' / $2::int) as at) t`;

/** As much of the rest as a busy week leaves. */
const restSql = [
  `insert into labels (account_id, label, source, observed_at, recorded_at, actor)
   select 'new_' || n * 25, case n % 5 when 0 then 'honest' else 'fraud' end, 'bench', $1::timestamptz - n * interval '5 minutes',
     $1::timestamptz - n * interval '5 minutes', 'bench' from generate_series(1, 10000) n`,
  `insert into cases (id, account_id, state, priority, score, reason, opened_at, due_at)
   select 'case_' || n, 'new_' || n * 25, case when n <= 2000 then 'open' else 'decided' end, 50, 70, 'payment.reused',
     $1::timestamptz - n * interval '1 minute', $1::timestamptz + interval '1 hour' from generate_series(1, 8000) n`,
  `insert into rings (id, root, state, size, first_seen_at, changed_at)
   select 'ring_' || n, 'ring_' || n, 'open', 20, $1::timestamptz - interval '9 days', $1::timestamptz - n * interval '10 minutes'
   from generate_series(1, 5000) n`,
  `insert into ring_members (account_id, ring_id, joined_at)
   select 'member_' || n, 'ring_' || (n % 5000 + 1), $1::timestamptz - n * interval '20 seconds' from generate_series(1, 100000) n`,
  `insert into rule_counts (rule, definition, hour, evaluated, live)
   select 'rule_' || r, 'd', date_trunc('hour', $1::timestamptz) - h * interval '1 hour', 8000, 80
   from generate_series(1, 84) r, generate_series(0, 200) h`,
];

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure(overview) {
  const times = [];
  for (let read = 0; read < Number(options.reads); read++) {
    const before = performance.now();
    await overview.read(span);
    times.push(performance.now() - before);
  }
  return median(times);
}

/** Whole tables that a plan of the overview reads. */
async function readInFull(database) {
  const found = new Set();
  const explaining = {
    async query(sql, values) {
      const rows = await database.query(`explain ${sql}`, values);
      for (const { 'QUERY PLAN': line } of rows) {
        const table = /Seq Scan on (decisions|labels|rings|ring_members)\b/.exec(line)?.[1];
        if (table !== undefined) found.add(table);
      }
      return [];
    },
  };
  await new SqlOverview(explaining).read(span);
  return [...found];
}

async function openDatabase() {
  if (options.store === 'embedded') {
    const dir = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
    const database = await openPglite(dir);
    return { database, close: () => database.close().then(() => rm(dir, { recursive: true, force: true })) };
  }
  const server = await startPostgres();
  const database = await openPostgres(server.url, { callTimeoutMs: 120_000, maxWaiting: 100 });
  return { database, close: () => database.close().then(() => server.stop()) };
}

const { database, close } = await openDatabase();
let status = 1;
try {
  await migrate(database);
  const overview = new SqlOverview(database);
  await database.query(fillSql, ['new_', decisions, new Date(now)]);
  for (const sql of restSql) await database.query(sql, [new Date(now)]);
  await database.query('vacuum analyze', []);
  const recent = await measure(overview);
  await database.query(fillSql, ['old_', decisions, new Date(now - 9 * dayMs)]);
  await database.query('vacuum analyze', []);
  const withOld = await measure(overview);
  const whole = await readInFull(database);
  const ms = (value) => `${value.toFixed(0)} ms`;
  console.log(
    `${options.store}: the last day's ${decisions} decisions: ${ms(recent)}; with ${decisions} older ones: ${ms(withOld)}`,
  );
  console.log(`tables read in full: ${whole.join(', ') || 'none'}`);
  status = whole.length === 0 && withOld <= 1.5 * recent && withOld <= 1_000 ? 0 : 1;
} finally {
  await close();
}
process.exit(status);
