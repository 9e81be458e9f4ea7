/**
 * What comes through when more signups come in than can be decided, in one run on the default rules:
 *   closed   so many callers, each sending its next signup when the last was answered: the most that can be decided
 *   open     signups come by the clock, whether or not the last were answered: as many as that, and three times as many
 *
 *   npm run build && node bench/overload.mjs [--seconds 8] [--callers 32] [--times 1,3]
 *
 * Ends with status 1 when at the highest rate fewer than 90 % of the most are decided, the 99th percentile of those is more
 * than twice that of the same signups in a closed loop, one in a hundred was decided without its history, or one in a
 * hundred refusals took longer than 100 ms.
 */
import { Agent, request } from 'node:http';
import { register } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { quantile } from './http/load.mjs';
import { signup } from './http/signups.mjs';

register('../test/support/typescript-hooks.mjs', import.meta.url);
const { startPostgres } = await import('../test/support/postgres-server.ts');
const { startRedis } = await import('../test/support/redis-server.ts');
const { adminKey, startService } = await import('../test/support/service.ts');

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    callers: { type: 'string', default: '32' },
    times: { type: 'string', default: '1,3' },
  },
});
const forMs = Number(options.seconds) * 1000;
const callers = Number(options.callers);
const times = options.times.split(',').map(Number);

const [postgres, redis] = await Promise.all([startPostgres({ fsync: true }), startRedis()]);
const service = await startService({
  databaseUrl: postgres.url,
  redisUrl: redis.url,
  rulesDir: join(dirname(fileURLToPath(import.meta.url)), '../rules'),
});
const agent = new Agent({ keepAlive: true });

let sent = 0;
/** Resolves to what became of it: `whole`, `degraded`, or a status. */
function send(run) {
  const body = signup(sent++, run);
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${adminKey}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const target = { host: '127.0.0.1', port: service.port, agent, method: 'POST', path: '/v1/evaluations', headers };
    const outgoing = request(target, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const ms = performance.now() - startedAt;
        if (answer.statusCode !== 200) return resolve({ what: String(answer.statusCode), ms });
        const { degraded } = JSON.parse(Buffer.concat(chunks).toString());
        resolve({ what: degraded.length === 0 ? 'whole' : 'degraded', ms });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function summary(answers, ms) {
  const sorted = (wanted) =>
    answers
      .filter(({ what }) => wanted(what))
      .map((one) => one.ms)
      .sort((a, b) => a - b);
  const decided = sorted((what) => what === 'whole' || what === 'degraded');
  const refused = sorted((what) => what === '503');
  return {
    perSecond: (decided.length * 1000) / ms,
    degraded: answers.filter(({ what }) => what === 'degraded').length,
    p50: quantile(decided, 0.5),
    p99: quantile(decided, 0.99),
    refused: refused.length,
    refusedP99: quantile(refused, 0.99) ?? 0,
    others: answers.length - decided.length - refused.length,
  };
}

async function closed(run) {
  const answers = [];
  const startedAt = performance.now();
  const caller = async () => {
    while (performance.now() - startedAt < forMs) answers.push(await send(run));
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return summary(answers, performance.now() - startedAt);
}

async function open(run, perSecond) {
  const asked = [];
  const startedAt = performance.now();
  for (let n = 0; n < (forMs / 1000) * perSecond; n++) {
    const dueIn = startedAt + (n * 1000) / perSecond - performance.now();
    if (dueIn > 1) await new Promise((resolve) => setTimeout(resolve, dueIn));
    asked.push(send(run));
  }
  const answers = await Promise.all(asked);
  return summary(answers, performance.now() - startedAt);
}

const show = (name, { perSecond, p50, p99, degraded, refused, refusedP99, others }) =>
  console.log(
    `| ${name} | ${perSecond.toFixed(0)} | ${p50.toFixed(0)} / ${p99.toFixed(0)} | ${degraded} | ${refused} | ` +
      `${refusedP99.toFixed(0)} | ${others} |`,
  );

const misses = [];
try {
  await closed('warm');
  console.log('| load | decided a second | ms, median / p99 | degraded | refused | ms, p99 of refusals | other |');
  console.log('|---|---|---|---|---|---|---|');
  const most = await closed('closed');
  show(`closed, ${callers} callers`, most);
  let last = most;
  for (const factor of times) {
    last = await open(`open${factor}`, most.perSecond * factor);
    show(`open, ${factor} times as many`, last);
  }
  if (last.perSecond < 0.9 * most.perSecond)
    misses.push(`decided ${(last.perSecond / most.perSecond).toFixed(2)} of the most`);
  if (last.p99 > 2 * most.p99) misses.push(`p99 ${(last.p99 / most.p99).toFixed(2)} times as long`);
  const blindShare = (last.degraded * 1000) / (last.perSecond * forMs);
  if (blindShare > 0.01) misses.push(`${last.degraded} decided without their history`);
  if (last.refusedP99 > 100) misses.push('slow refusals');
} finally {
  agent.destroy();
  await service.remove();
  await Promise.all([postgres.stop(), redis.stop()]);
}
console.log(misses.length === 0 ? '\nwithin all limits' : `\nMISSED: ${misses.join('; ')}`);
process.exit(misses.length === 0 ? 0 : 1);
