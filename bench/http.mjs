/**
 * What a whole evaluation costs over HTTP, in one run on identical signups, taking turns:
 *   service  the product with its default rules
 *   limit    the least that a service with the same promises can do (bench/http/limit-service.mjs)
 *   bare     the same without keyed hashes and sealing: what people said lies open in its stores
 *   stock    the same decisions as usually written: plain express, a MULTI for each feature, a transaction for each
 *            decision (bench/http/stock-service.mjs)
 *
 *   npm run build && node bench/http.mjs [--total 3000] [--rounds 3] [--connections 32] [--only service] [--profile DIR]
 *
 * Starts a PostgreSQL (fsync on) and a redis-server (append-only file on); each service has a database of its own in
 * both, and the flags of Node that the product is started with. A ratio is that of each round, in which the services run one
 * after the other, and the median of the rounds: a machine that changes its pace meanwhile changes all of them. A round
 * in which a service refuses more than one signup in a hundred (the disk stood still) is run again, and told of; more than
 * three of them for each that counts end the comparison. Ends with status 1 when a ratio is missed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { register } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { cpuSeconds, load, quantile } from './http/load.mjs';
import { signup } from './http/signups.mjs';
import { serviceFlags } from './service-flags.mjs';

register('../test/support/typescript-hooks.mjs', import.meta.url);
const { startPostgres } = await import('../test/support/postgres-server.ts');
const { startRedis } = await import('../test/support/redis-server.ts');

const { values: options } = parseArgs({
  options: {
    total: { type: 'string', default: '3000' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '32' },
    only: { type: 'string', default: 'service,limit,stock' },
    roles: { type: 'string', default: 'api,workers' },
    profile: { type: 'string' },
  },
});
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const total = Number(options.total);
const rounds = Number(options.rounds);
const connections = Number(options.connections);
const key = 'pk_admin_bench_0123456789abcdef0123456789';
const names = options.only.split(',');
const programs = {
  service: ['dist/main.js', 'serve'],
  limit: ['bench/http/limit-service.mjs'],
  bare: ['bench/http/limit-service.mjs'],
  stock: ['bench/http/stock-service.mjs'],
};
/** Ratios that are promised: the least throughput, and the most CPU, compared with the others. */
const promised = [
  { what: 'throughput, service to limit', field: 'perSecond', to: 'limit', atLeast: 0.7 },
  { what: 'throughput, service to stock', field: 'perSecond', to: 'stock', atLeast: 1.25 },
  { what: 'CPU, service to limit', field: 'cpuUs', to: 'limit', atMost: 1.4 },
];
/** More than one answer in a hundred that is not 200: the disk stood still, and commits came too late. Such a round is run again. */
const isDisturbed = ({ refused }) => refused > total / 100;
const mostDisturbed = 3 * rounds;

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}

async function createDatabase(url, name) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database bench_${name}`);
  await client.end();
  return url.replace(/\/postgres$/, `/bench_${name}`);
}

async function start(name, { postgres, redis, home }) {
  const port = await freePort();
  const profile = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}/${name}`];
  const child = spawn('node', ['--no-warnings', ...serviceFlags, ...profile, ...programs[name]], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: await createDatabase(postgres.url, name),
      REDIS_URL: `${redis.url}/${names.indexOf(name)}`,
      DATA_DIR: join(home, name),
      RULES_DIR: join(root, 'rules'),
      BOOTSTRAP_API_KEY: key,
      KEY: key,
      ROLES: options.roles,
      BARE: name === 'bare' ? '1' : '',
      LOG_LEVEL: 'error',
    },
  });
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`${name} did not start`);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return { name, port, child };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${name} did not become ready`);
}

const perSecondOf = (count, ms) => (count * 1000) / ms;

async function round({ port, child }, run, redisPid) {
  const before = cpuSeconds(child.pid);
  const redisBefore = cpuSeconds(redisPid);
  const result = await load({
    port,
    path: '/v1/evaluations',
    key,
    connections,
    total,
    bodyOf: (n) => signup(n, run),
  });
  return {
    refused: total - (result.statuses[200] ?? 0),
    perSecond: perSecondOf(total, result.ms),
    p50: quantile(result.latencies, 0.5),
    p99: quantile(result.latencies, 0.99),
    cpuUs: ((cpuSeconds(child.pid) - before) / total) * 1e6,
    redisUs: ((cpuSeconds(redisPid) - redisBefore) / total) * 1e6,
  };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const summary = (results) =>
  Object.fromEntries(Object.keys(results[0]).map((field) => [field, median(results.map((one) => one[field]))]));

const home = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const [postgres, redis] = await Promise.all([startPostgres({ fsync: true }), startRedis()]);
const services = [];
let isMissed = false;
try {
  for (const name of names) services.push(await start(name, { postgres, redis, home }));
  /** Figures of each service, round by round. */
  const kept = [];
  // The first round only warms up.
  let disturbed = 0;
  for (let n = 0; kept.length <= rounds; n++) {
    const figures = {};
    for (const service of services) figures[service.name] = await round(service, `r${n}`, redis.pid);
    services.push(services.shift());
    if (!Object.values(figures).some(isDisturbed)) kept.push(figures);
    else if (++disturbed > mostDisturbed) throw new Error(`too many were refused: ${JSON.stringify(figures)}`);
  }
  const counted = kept.slice(1);
  console.log(
    `${rounds} rounds of ${total} signups over ${connections} connections, medians; ${disturbed} run again\n`,
  );
  console.log('| | evaluations/s | p50 ms | p99 ms | CPU µs | Redis CPU µs | refused |\n|---|---|---|---|---|---|---|');
  for (const name of names) {
    const of = counted.map((figures) => figures[name]);
    const { perSecond, p50, p99, cpuUs, redisUs } = summary(of);
    const refused = of.reduce((sum, one) => sum + one.refused, 0);
    const cells = [perSecond.toFixed(0), p50.toFixed(1), p99.toFixed(1), cpuUs.toFixed(0), redisUs.toFixed(0), refused];
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
  console.log('');
  for (const { what, field, to, atLeast = 0, atMost = Number.POSITIVE_INFINITY } of promised) {
    if (!names.includes('service') || !names.includes(to)) continue;
    const ratios = counted.map((figures) => figures.service[field] / figures[to][field]);
    const ratio = median(ratios);
    const holds = ratio >= atLeast && ratio <= atMost;
    isMissed ||= !holds;
    const bound = atLeast > 0 ? `at least ${atLeast}` : `at most ${atMost}`;
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    console.log(`${what}: ${ratio.toFixed(2)} (${bound}; rounds ${spread})${holds ? '' : ' MISSED'}`);
  }
} finally {
  for (const { child } of services) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  await Promise.all([postgres.stop(), redis.stop()]);
  await rm(home, { recursive: true, force: true });
}
process.exit(isMissed ? 1 : 0);
