/**
 * How long callers wait while Redis is away, in one run: evaluations and gate checks, in turns, by a few callers at a time,
 * beside the same with Redis there. The ways in which it is away:
 *   slow       each answer comes 80 ms late
 *   stopped    SIGSTOP: connections are open, nothing answers
 *   lost       nobody at the other end of the connections that exist, new ones answer
 *   silent     nobody at the other end of any connection
 *   killed     SIGKILL: connections are refused
 *
 *   npm run build && node bench/redis-away.mjs [--seconds 4] [--callers 4]
 *
 * Ends with status 1 when an answer is not what the policy says, or the 99th percentile is over its limit: 150 ms for an
 * evaluation, 60 ms for the gate.
 */
import { register } from 'node:module';
import { parseArgs } from 'node:util';
import { quantile } from './http/load.mjs';

register('../test/support/typescript-hooks.mjs', import.meta.url);
const { startPostgres } = await import('../test/support/postgres-server.ts');
const { startRedis } = await import('../test/support/redis-server.ts');
const { startTcpProxy } = await import('../test/support/tcp-proxy.ts');
const { aSignup, startService } = await import('../test/support/service.ts');

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '4' }, callers: { type: 'string', default: '4' } },
});
const forMs = Number(options.seconds) * 1000;
const callers = Number(options.callers);
const limits = { evaluation: 150, gate: 60 };

const [postgres, redis] = await Promise.all([startPostgres({ fsync: true }), startRedis()]);
const url = new URL(redis.url);
const network = await startTcpProxy(Number(url.port));
url.port = String(network.port);
const service = await startService({ databaseUrl: postgres.url, redisUrl: url.href });

const ways = [
  { name: 'there', begin: () => undefined, end: () => undefined },
  { name: 'slow', begin: () => network.delay(80), end: () => network.delay(0) },
  { name: 'stopped', begin: () => redis.freeze(), end: () => redis.thaw() },
  { name: 'lost', begin: () => network.loseOpen(), end: () => undefined },
  { name: 'silent', begin: () => network.silence(), end: () => network.revive() },
  { name: 'killed', begin: () => redis.kill(), end: () => undefined },
];

let signups = 0;
const signup = () => aSignup(`away-${++signups}`, 'free', { device: { fingerprint: `fp-${signups}` } });

async function untilWhole() {
  for (;;) {
    const { body } = await service.call('POST', '/v1/evaluations', { body: signup() });
    if (body.degraded?.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Each caller asks for a decision, then at the gate, until the time is over. */
async function measure() {
  const took = { evaluation: [], gate: [] };
  const seen = {};
  const count = (what) => {
    seen[what] = (seen[what] ?? 0) + 1;
  };
  const endsAt = performance.now() + forMs;
  const caller = async () => {
    while (performance.now() < endsAt) {
      const event = signup();
      const decided = await service.call('POST', '/v1/evaluations', { body: event });
      took.evaluation.push(decided.ms);
      count(`${decided.status} ${decided.body.access?.state ?? decided.body.code}`);
      const asked = await service.call('GET', '/v1/gate/check', { headers: { 'x-account-id': 'admitted-before' } });
      took.gate.push(asked.ms);
      count(`gate ${asked.status} ${asked.body.state}`);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  for (const times of Object.values(took)) times.sort((a, b) => a - b);
  return { took, seen };
}

let isMissed = false;
try {
  await untilWhole();
  await service.evaluate(aSignup('admitted-before', 'free'));
  console.log(`${callers} callers, ${forMs / 1000} s each; milliseconds: median / p99 / longest\n`);
  console.log('| Redis | evaluation | gate | answers |\n|---|---|---|---|');
  for (const { name, begin, end } of ways) {
    await untilWhole();
    begin();
    const { took, seen } = await measure();
    end();
    const cells = Object.entries(took).map(([what, times]) => {
      const p99 = quantile(times, 0.99);
      isMissed ||= p99 > limits[what];
      return [quantile(times, 0.5), p99, times.at(-1)].map((ms) => ms.toFixed(0)).join(' / ');
    });
    const answers = Object.entries(seen).map(([what, times]) => `${what}: ${times}`);
    console.log(`| ${name} | ${cells.join(' | ')} | ${answers.join(', ')} |`);
  }
  console.log(`\np99 of at most ${limits.evaluation} and ${limits.gate} ms${isMissed ? ': MISSED' : ''}`);
} finally {
  await service.remove();
  await network.stop();
  await Promise.all([postgres.stop(), redis.stop()]);
}
process.exit(isMissed ? 1 : 0);
