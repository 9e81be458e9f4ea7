// Usage: node bench/queue.mjs [CASES]   (default 50000; on dist: npm run build)
// Fills an embedded database with undecided cases and asks for what people who work the queue ask for: pages of every
// view, filters, the next case, the workload. Each is told with its median and how much of its plan read more than it
// gave; limits are stated beside it. Exit status 1 when a limit is passed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPglite } from '../dist/adapters/pglite/open-pglite.js';
import { postgresCaseRecords } from '../dist/adapters/postgres/case-records.js';
import { migrate } from '../dist/adapters/postgres/migrate.js';
import { SqlQueueFigures } from '../dist/adapters/postgres/queue-figures.js';
import { createReviewQueue } from '../dist/cases/create-review-queue.js';

const cases = Number(process.argv[2] ?? 50_000);
const rounds = 15;
/** Milliseconds of the median; the workload is kept for three seconds, the others are asked for at every click. */
const limits = { page: 60, next: 40, workload: 400 };

const seed = `insert into cases (id, account_id, ring_id, whole_ring, state, priority, score, reason, opened_at, due_at,
    claimed_by, lease_until, snoozed_until, escalated_at, country, network, email_domain, title)
  select 'case_' || lpad(i::text, 8, '0'), 'acct_' || i, case when i % 5 = 0 then 'ring_' || i end, i % 50 = 0,
    case when i % 100 = 1 then 'claimed' when i % 25 = 2 then 'snoozed' else 'open' end,
    60 + i % 70, 60 + i % 41, (array['payment.reused', 'velocity.burst', 'device.shared', 'manual.appeal'])[1 + i % 4],
    date_trunc('milliseconds', now() - (i % 2880) * interval '1 minute'),
    date_trunc('milliseconds', now() + (1440 - i % 2880) * interval '1 minute'),
    case when i % 100 = 1 then 'key_' || i % 7 end, case when i % 100 = 1 then now() + interval '5 minutes' end,
    case when i % 25 = 2 then now() + interval '1 day' end, case when i % 500 = 3 then now() end,
    (array['DE', 'US', 'FR', 'BR', 'IN'])[1 + i % 5], 'AS' || i % 300, 'mail.example', 'Payment method used by several accounts'
  from generate_series(1, ${cases}) i`;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

async function timed(work) {
  const took = [];
  for (let i = 0; i < rounds; i++) {
    const from = performance.now();
    await work(i);
    took.push(performance.now() - from);
  }
  return median(took);
}

const folder = await mkdtemp(join(tmpdir(), 'portcullis-bench-queue-'));
const database = await openPglite(folder);
try {
  await migrate(database);
  await database.transaction(async (tx) => {
    await tx.script(`set local statement_timeout = 0; ${seed}`);
  });
  await database.script('analyze cases');
  const now = Date.now();
  const store = createReviewQueue(postgresCaseRecords(database), {
    claimSecret: 'bench',
    random: (count) => Buffer.alloc(count, 1),
  });
  const figures = new SqlQueueFigures(database);
  const base = { sort: 'priority', limit: 100, actor: 'key_1', now };
  const list = (filter) => store.list({ ...base, ...filter });
  const pages = {
    'unclaimed, first page': { view: 'unclaimed' },
    mine: { view: 'mine' },
    'due, first page': { view: 'due', sort: 'due_at' },
    'rings, first page': { view: 'rings' },
    'appeals, first page': { view: 'appeals' },
    'snoozed, first page': { view: 'snoozed' },
    'escalated, first page': { view: 'escalated' },
    'of a country': { view: 'unclaimed', country: 'BR' },
    'of a reason': { view: 'unclaimed', reason: 'device.shared' },
    'score from 99': { view: 'unclaimed', minScore: 99 },
    'account begins with acct_4999': { view: 'unclaimed', q: 'acct_4999' },
  };
  const rows = [];
  for (const [name, filter] of Object.entries(pages)) {
    const found = (await list(filter)).cases.length;
    rows.push([name, found, await timed(() => list(filter)), limits.page]);
  }
  let cursor;
  for (let page = 0; page < 50; page++) cursor = (await list({ view: 'unclaimed', cursor })).nextCursor ?? undefined;
  rows.push(['unclaimed, page 51', 100, await timed(() => list({ view: 'unclaimed', cursor })), limits.page]);
  rows.push(['next', 1, await timed(() => store.claimNext('key_1', now)), limits.next]);
  rows.push(['workload', 1, await timed((i) => figures.workload('key_1', now + i * 10_000)), limits.workload]);
  console.log(`${cases} undecided cases, embedded database, median of ${rounds}`);
  for (const [name, found, ms, limit] of rows)
    console.log(
      `${name.padEnd(32)} ${String(found).padStart(4)} rows ${ms.toFixed(1).padStart(8)} ms  (limit ${limit})`,
    );
  process.exitCode = rows.some(([, , ms, limit]) => ms > limit) ? 1 : 0;
} finally {
  await database.close();
  await rm(folder, { recursive: true, force: true });
}
