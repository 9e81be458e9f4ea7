// What velocity features cost: Redis and Node CPU for one signup, and bytes kept for it, without and with eight bursts over
// composite keys and a count of trusted accounts. Both run in turns, each on a Redis of its own. Needs `npm run build`.
// Limits: with them at most 3 KB a signup, and 1.5 times the CPU of the same wave without (the median turn).
// usage: node bench/features.mjs [signups] [turns]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dist = process.env.DIST ?? '../dist';
const { startEmbeddedRedis } = await import(`${dist}/adapters/embedded/redis-server.js`);
const { openRedis } = await import(`${dist}/adapters/redis/connection.js`);
const { RedisFeatureStore } = await import(`${dist}/adapters/redis/feature-store.js`);
const { combineHashes, createIdentifierHash } = await import(`${dist}/adapters/crypto/identifier-hash.js`);
const { planFeatures } = await import(`${dist}/features/plan-features.js`);
const { HashedSignals } = await import(`${dist}/model/hashed-signals.js`);

const signups = Number(process.argv[2] ?? 20_000);
const turns = Number(process.argv[3] ?? 5);
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
signals.push('account.path', 'ip.kind', 'ip.country', 'device.browser');
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

const plainFeatures = specs.length;
const bursts = [
  ['device.template', 'email.shape'],
  ['payment.bin', 'device.template'],
  ['payment.bin', 'account.path', 'email.shape'],
  ['device.template', 'ip.kind', 'account.path'],
  ['ip.asn', 'device.template'],
  ['ip.asn', 'email.shape', 'ip.kind'],
  ['payment.bin', 'ip.country', 'device.browser'],
  ['email.domain', 'device.template'],
];
for (const by of bursts)
  specs.push({
    name: `burst_${by.join('_')}`,
    id: Buffer.from(`b${specs.length}x`.repeat(4)).toString('hex'),
    kind: 'burst',
    of: 'signup',
    by,
    windowMs: 24 * hour,
    baselineMs: 21 * 24 * hour,
    min: 4,
    on: ['signup'],
    exactTo: 128,
  });
specs.push({
  name: 'trusted',
  id: Buffer.from('trustedxx').toString('hex'),
  kind: 'trusted',
  of: 'account.id',
  by: ['ip.address'],
  olderThanMs: 7 * 24 * hour,
  on: ['signup'],
  exactTo: 64,
});

const hash = createIdentifierHash({ kid: 'k1', secret: 'bench' });
const needs = [];
let nextSlot = signals.length;
for (const spec of specs) {
  needs.push({ spec, slot: nextSlot });
  nextSlot += spec.kind === 'burst' ? 4 : 1;
}
const planOf = (features) => {
  const hashed = new HashedSignals((name) => signals.indexOf(name), hash);
  const plan = planFeatures({ type: 'signup', features, signals: hashed, combine: combineHashes });
  return { bind: (moment, slots) => plan.bind(moment, slots, hashed.hashesOf(slots)) };
};
// A third of the templates and an eighth of the shapes are nobody else's; the rest are as uneven as such things are.
const draw = (n, salt) => {
  let bits = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
};
const uneven = (n, salt, most) => Math.floor(most ** draw(n, salt));
const templateOf = (n) => (draw(n, 1) < 0.33 ? `own${n}` : `t${uneven(n, 2, 3000)}`);
const shapeOf = (n) => (draw(n, 3) < 0.125 ? `own${n}` : `l${uneven(n, 4, 400)}`);
// Half the people share an address block and a mail domain with many; cards, phones and mail are their own.
const slotsOf = (n) => [
  `acct_${n}`,
  `10.${n % 251}.${(n * 7) % 253}.${n % 17}`,
  `10.${n % 251}.${(n * 7) % 253}.0`,
  64_500 + uneven(n, 5, 600),
  `fp_${n}`,
  templateOf(n),
  `u${n}@x.example`,
  n % 2 ? 'gmail.com' : `d${n % 500}.example`,
  `+1555${n}`,
  `pm_${n}`,
  String(450_000 + uneven(n, 6, 1500)),
  shapeOf(n),
  ['standard', 'standard', 'standard', 'startup', 'education'][Math.floor(draw(n, 7) * 5)],
  ['home', 'mobile', 'hosting', 'vpn'][Math.floor(draw(n, 8) ** 2 * 4)],
  `C${uneven(n, 9, 60)}`,
  `b${uneven(n, 10, 12)}`,
];

const dir = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));

/** One set of features with a Redis of its own. */
async function openSubject(name, features) {
  const server = await startEmbeddedRedis({ dir: await mkdtemp(join(dir, name)) });
  const redis = await openRedis({ url: server.url }, 'relay');
  await redis.ready(5000);
  const info = async (section, field) =>
    Number(new RegExp(`${field}:([0-9.]+)`).exec(String(await redis.call('INFO', section)))?.[1]);
  const cpu = async () => (await info('cpu', 'used_cpu_user')) + (await info('cpu', 'used_cpu_sys'));
  return {
    server,
    redis,
    cpu,
    bytes: () => info('memory', 'used_memory'),
    store: new RedisFeatureStore(redis),
    plan: planOf(features),
    features: features.length,
    redisUs: [],
    nodeUs: [],
  };
}

const at = Date.now();
const slack = 22 * 24 * hour;

/** Signups `from` up to `until`, 16 at a time, spread over 22 days. */
async function runTurn(subject, from, until) {
  const before = { redis: await subject.cpu(), node: process.cpuUsage() };
  let next = from;
  const worker = async () => {
    for (let n = next++; n < until; n = next++) {
      const when = at - slack + Math.floor((slack * n) / signups);
      const moment = { eventId: `evt_${n}`, accountId: `acct_${n}`, at: when, accountSince: when };
      await subject.store.observe(subject.plan.bind(moment, slotsOf(n)).request);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  const node = process.cpuUsage(before.node);
  const count = until - from;
  subject.redisUs.push((((await subject.cpu()) - before.redis) / count) * 1e6);
  subject.nodeUs.push((node.user + node.system) / count);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const subjects = [];
try {
  const plain = await openSubject('plain', needs.slice(0, plainFeatures));
  subjects.push(plain);
  const whole = await openSubject('whole', needs);
  subjects.push(whole);
  const start = await Promise.all(subjects.map((subject) => subject.bytes()));
  for (let turn = 0; turn < turns; turn++)
    for (const subject of subjects)
      await runTurn(subject, Math.floor((signups * turn) / turns), Math.floor((signups * (turn + 1)) / turns));
  const results = [];
  for (const [index, subject] of subjects.entries())
    results.push({
      features: subject.features,
      redis_cpu_us_per_signup: Math.round(median(subject.redisUs)),
      node_cpu_us_per_signup: Math.round(median(subject.nodeUs)),
      bytes_per_signup: Math.round(((await subject.bytes()) - start[index]) / signups),
    });
  const ratios = plain.redisUs.map(
    (redisUs, turn) => (whole.redisUs[turn] + whole.nodeUs[turn]) / (redisUs + plain.nodeUs[turn]),
  );
  const ratio = Math.round(median(ratios) * 100) / 100;
  console.log(JSON.stringify({ signups, turns, without: results[0], with: results[1], cpu_ratio: ratio }, null, 2));
  if (ratio > 1.5 || results[1].bytes_per_signup > 3072) process.exitCode = 1;
} finally {
  for (const { redis, server } of subjects) {
    await redis.close();
    await server.stop();
  }
  await rm(dir, { recursive: true, force: true });
}
