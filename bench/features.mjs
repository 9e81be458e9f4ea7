// What velocity features cost: Redis and Node CPU for one signup, and bytes kept for it. Needs `npm run build`.
// usage: node bench/features.mjs [signups]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dist = process.env.DIST ?? '../dist';
const { startEmbeddedRedis } = await import(`${dist}/adapters/embedded/redis-server.js`);
const { openRedis } = await import(`${dist}/adapters/redis/connection.js`);
const { RedisFeatureStore } = await import(`${dist}/adapters/redis/feature-store.js`);
const { createIdentifierHash } = await import(`${dist}/adapters/crypto/identifier-hash.js`);
const { planFeatures } = await import(`${dist}/features/plan-features.js`);

const signups = Number(process.argv[2] ?? 20_000);
const hour = 3_600_000;
const signals = [
  'account.id',
  'ip.address',
  'ip.prefix',
  'ip.asn',
  'device.fingerprint',
  'device.template',
  'email.address',
];
signals.push('email.domain', 'phone.number', 'payment.fingerprint', 'payment.bin', 'email.shape');
const specs = [];
const feature = (kind, by, windowMs) => {
  const of = { count: 'event', distinct: 'account.id', labelled: 'fraud', age: 'seconds' }[kind];
  const name = `${kind}_${by.join('_')}_${windowMs}`;
  const exactTo = kind === 'count' ? 128 : 64;
  specs.push({
    name,
    id: Buffer.from(`${specs.length}x`.repeat(4)).toString('hex'),
    kind,
    of,
    by,
    windowMs,
    on: ['signup'],
    exactTo,
  });
};
for (const by of [
  'ip.address',
  'ip.prefix',
  'device.fingerprint',
  'email.address',
  'phone.number',
  'payment.fingerprint',
]) {
  feature('count', [by], 24 * hour);
  feature('distinct', [by], 90 * 24 * hour);
}
for (const by of ['device.fingerprint', 'payment.fingerprint', 'phone.number'])
  feature('labelled', [by], 180 * 24 * hour);
for (const by of ['ip.asn', 'email.domain', 'device.template']) feature('count', [by], hour);
feature('age', ['email.domain'], 0);
feature('count', ['payment.bin', 'email.shape'], 24 * hour);
feature('count', [], hour);

const hash = createIdentifierHash({ kid: 'k1', secret: 'bench' });
const needs = specs.map((spec, index) => ({ spec, slot: signals.length + index }));
const plan = planFeatures({ type: 'signup', features: needs, slotOf: (name) => signals.indexOf(name), hash });
// Half the people share an address block, a device kind and a mail domain with many; cards, phones and mail are their own.
const slotsOf = (n) => [
  `acct_${n}`,
  `10.${n % 251}.${(n * 7) % 253}.${n % 17}`,
  `10.${n % 251}.${(n * 7) % 253}.0`,
  64_500 + (n % 40),
  `fp_${n}`,
  `t${n % 60}`,
  `u${n}@x.example`,
  n % 2 ? 'gmail.com' : `d${n % 500}.example`,
  `+1555${n}`,
  `pm_${n}`,
  String(450_000 + (n % 300)),
  `l${n % 9}d${n % 5}`,
];

const dir = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const server = await startEmbeddedRedis({ dir });
const redis = await openRedis({ url: server.url }, 'relay');
try {
  await redis.ready(5000);
  const store = new RedisFeatureStore(redis);
  const info = async (section, name) =>
    Number(new RegExp(`${name}:([0-9.]+)`).exec(String(await redis.call('INFO', section)))?.[1]);
  const cpuOf = async () => (await info('cpu', 'used_cpu_user')) + (await info('cpu', 'used_cpu_sys'));
  const before = { memory: await info('memory', 'used_memory'), redis: await cpuOf(), node: process.cpuUsage() };
  const at = Date.now();
  const startedAt = performance.now();
  let next = 0;
  let keys = 0;
  const worker = async () => {
    for (let n = next++; n < signups; n = next++) {
      const moment = { eventId: `evt_${n}`, accountId: `acct_${n}`, at: at + n * 100 };
      const { request } = plan.bind(moment, slotsOf(n));
      keys += new Set(request.lookups.map(({ key }) => key)).size;
      await store.observe(request);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  const wallMs = performance.now() - startedAt;
  const node = process.cpuUsage(before.node);
  const bytes = (await info('memory', 'used_memory')) - before.memory;
  console.log(
    JSON.stringify({
      signups,
      features: specs.length,
      keys_per_signup: keys / signups,
      signups_per_second: Math.round((signups / wallMs) * 1000),
      redis_cpu_us_per_signup: Math.round((((await cpuOf()) - before.redis) / signups) * 1e6),
      node_cpu_us_per_signup: Math.round((node.user + node.system) / signups),
      bytes_per_signup: Math.round(bytes / signups),
    }),
  );
} finally {
  await redis.close();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
}
