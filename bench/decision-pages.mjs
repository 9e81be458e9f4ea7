/**
 * What answers cost while somebody reads all decisions for a backtest (`GET /v1/decisions:inputs`) as
 * `rules backtest --service` does: a page of 100, then a rest as long as it took. Compared with the same load alone, taking
 * turns, in one run.
 *
 *   npm run build && node bench/decision-pages.mjs [--decisions 3000] [--rounds 3] [--store postgres|embedded]
 *
 * Limits: the median answer at most twice as slow as alone, the slowest hundredth at most three times. Ends with status 1
 * when an answer is not 200 or a limit is missed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { register } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load, quantile } from './http/load.mjs';
import { signup } from './http/signups.mjs';

register('../test/support/typescript-hooks.mjs', import.meta.url);
const { startPostgres } = await import('../test/support/postgres-server.ts');

const { values: options } = parseArgs({
  options: {
    decisions: { type: 'string', default: '3000' },
    rounds: { type: 'string', default: '3' },
    store: { type: 'string', default: 'postgres' },
  },
});
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const key = 'pk_admin_bench_0123456789abcdef0123456789';
const connections = 4;
const aRound = 600;

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => probe.once('listening', listening));
  const { port } = probe.address();
  probe.close();
  return port;
}

async function start(port, home, databaseUrl) {
  const child = spawn('node', ['--no-warnings', join(root, 'dist/main.js'), 'serve'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      DATA_DIR: home,
      RULES_DIR: join(root, 'rules'),
      BOOTSTRAP_API_KEY: key,
      LOG_LEVEL: 'error',
    },
  });
  for (let tries = 0; tries < 600; tries++) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return child;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the service did not become ready');
}

const send = (port, run, total) =>
  load({ port, path: '/v1/evaluations', key, connections, total, bodyOf: (n) => signup(n, run) });

/** Reads from the first page to the last, again and again, until it is told to stop. */
function reader(port) {
  const state = { read: 0, isStopped: false };
  const run = async () => {
    let cursor = '';
    while (!state.isStopped) {
      const url = `http://127.0.0.1:${port}/v1/decisions:inputs?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const startedAt = performance.now();
      const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
      if (answer.status !== 200) throw new Error(`a page was answered with ${answer.status}`);
      const { data, next_cursor } = await answer.json();
      state.read += data.length;
      cursor = next_cursor ?? '';
      await new Promise((rested) => setTimeout(rested, performance.now() - startedAt));
    }
  };
  const done = run();
  return {
    async stop() {
      state.isStopped = true;
      await done;
      return state.read;
    },
  };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const home = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const postgres = options.store === 'postgres' ? await startPostgres({ fsync: true }) : undefined;
const port = await freePort();
const child = await start(port, home, postgres?.url ?? '');
try {
  await send(port, 'fill', Number(options.decisions));
  const alone = [];
  const beside = [];
  let refused = 0;
  let perSecond = 0;
  for (let round = 0; round < Number(options.rounds); round++) {
    const quiet = await send(port, `alone${round}`, aRound);
    const reading = reader(port);
    const busy = await send(port, `beside${round}`, aRound);
    perSecond = ((await reading.stop()) * 1000) / busy.ms;
    refused += 2 * aRound - (quiet.statuses[200] ?? 0) - (busy.statuses[200] ?? 0);
    alone.push(quiet.latencies);
    beside.push(busy.latencies);
  }
  const of = (rounds, share) => median(rounds.map((latencies) => quantile(latencies, share)));
  const figures = [0.5, 0.99].map((share) => ({ share, alone: of(alone, share), beside: of(beside, share) }));
  for (const { share, alone: a, beside: b } of figures)
    console.log(
      `p${share * 100}: ${a.toFixed(1)} ms alone, ${b.toFixed(1)} ms while reading: ${(b / a).toFixed(2)} times`,
    );
  console.log(`${Math.round(perSecond)} decisions read a second; ${refused} answers were not 200`);
  const [p50, p99] = figures.map(({ alone: a, beside: b }) => b / a);
  process.exitCode = refused > 0 || p50 > 2 || p99 > 3 ? 1 : 0;
} finally {
  child.kill('SIGTERM');
  await new Promise((gone) => child.once('exit', gone));
  await postgres?.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
