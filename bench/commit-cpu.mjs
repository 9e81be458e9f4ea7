/**
 * What a decision's commit costs PostgreSQL: CPU of the one backend that runs it, from /proc, batches of sixteen in turn.
 * Unlike the times of bench/commit.mjs it hardly depends on what else the machine does.
 *   node bench/commit-cpu.mjs [--against DIR] [--rounds 4] [--batches 300]
 * `--against`: another checkout of the project (with node_modules) to compare with, in turns; limit: at most 1.1 times its
 * CPU for the same decisions. Without it the figures are only printed.
 */
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

register('../test/support/typescript-hooks.mjs', import.meta.url);
const { values: options } = parseArgs({
  options: {
    against: { type: 'string' },
    rounds: { type: 'string', default: '4' },
    batches: { type: 'string', default: '300' },
  },
});
const batchSize = 16;
const ticksPerSecond = 100;
const limit = 1.1;
const noon = Date.UTC(2026, 4, 1, 12);
const outcomes = ['allow', 'allow', 'allow', 'limit', 'hold'];
const inputs = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`group.input_${n}`, `value ${n}`]));
const sealed = 'x'.repeat(2700);

/** Ticks of a process, user and system. */
function ticksOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function openCheckout(root) {
  const load = (path) => import(join(root, path));
  const { migrate } = await load('src/adapters/postgres/migrate.ts');
  const { openPostgres } = await load('src/adapters/postgres/open-postgres.ts');
  const { batchParameter } = await load('src/adapters/postgres/commit-row.ts');
  const { decisionRecord } = await load('test/support/decision-record-builder.ts');
  const { startPostgres } = await load('test/support/postgres-server.ts');
  const server = await startPostgres();
  const database = await openPostgres(server.url, { callTimeoutMs: 20_000 });
  await migrate(database);
  let next = 0;
  /** Microseconds a record. `inRing`: every hold is in a ring, which the first one finds out. */
  const measure = async (batches, inRing) => {
    let ticks = 0;
    for (let i = 0; i < batches; i++) {
      const records = Array.from({ length: batchSize }, () => {
        const number = next++;
        const outcome = outcomes[number % outcomes.length];
        const ring = inRing && outcome === 'hold' ? { ring: `ring_${number % 7}`, detectsRing: true } : {};
        return { ...decisionRecord({ number, outcome, rescoreAt: noon + number, ...ring }), inputs, sealed };
      });
      const batch = batchParameter(records);
      await database.transaction(async (tx) => {
        const [{ pid }] = await tx.query('select pg_backend_pid() as pid');
        const before = ticksOf(pid);
        await tx.query('select * from commit_decisions($1::jsonb)', [batch]);
        ticks += ticksOf(pid) - before;
      });
    }
    return (ticks * 1e6) / ticksPerSecond / (batches * batchSize);
  };
  return { measure, close: () => database.close().then(() => server.stop()) };
}

const here = join(dirname(fileURLToPath(import.meta.url)), '..');
const roots = options.against === undefined ? [here] : [resolve(options.against), here];
const checkouts = await Promise.all(roots.map(openCheckout));
const batches = Number(options.batches);
const plain = roots.map(() => []);
const inRings = [];
try {
  for (const { measure } of checkouts) await measure(200, false);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [i, { measure }] of checkouts.entries()) plain[i].push(await measure(batches, false));
    inRings.push(await checkouts.at(-1).measure(batches, true));
  }
} finally {
  for (const { close } of checkouts) await close();
}
/** Other work on the machine only ever adds: it shares caches and cores. */
const best = (figures) => Math.min(...figures);
const shown = (figures) => `${best(figures).toFixed(0)} µs (${figures.map((one) => one.toFixed(0)).join(', ')})`;
console.log('CPU of PostgreSQL for each decision, best (rounds)');
for (const [i, root] of roots.entries())
  console.log(`${root === here ? 'this checkout' : 'the other'}: ${shown(plain[i])}`);
console.log(`this checkout, a fifth held in seven rings: ${shown(inRings)}`);
if (roots.length === 2) {
  const ratio = best(plain[1]) / best(plain[0]);
  console.log(`ratio ${ratio.toFixed(2)}, limit ${limit}`);
  if (ratio > limit) process.exitCode = 1;
}
