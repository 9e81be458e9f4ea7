/**
 * What the default rules keep in Redis and cost for all events of a trial: node bench/campaigns/state.mjs DIR [most]
 * DIR as `make.mjs` or `portcullis simulate` write it. Two turns, each on a Redis of its own: the features without bursts and
 * trusted, and all. Limits: 3 KB a signup, and 1.5 times the CPU. Needs `npm run build`.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dist = process.env.DIST ?? '../../dist';
const load = (path) => import(`${dist}/${path}.js`);
const { startEmbeddedRedis } = await load('adapters/embedded/redis-server');
const { openRedis } = await load('adapters/redis/connection');
const { RedisFeatureStore } = await load('adapters/redis/feature-store');
const { combineHashes, createIdentifierHash } = await load('adapters/crypto/identifier-hash');
const { planFeatures } = await load('features/plan-features');
const { openReplay } = await load('compose-replay');
const { prepareSnapshot } = await load('evaluate/prepare-snapshot');
const { mementoOf, withMemento } = await load('evaluate/memento');
const { signalPortsFor } = await load('adapters/identity/signal-ports');

const [directory, most = '20000'] = process.argv.slice(2);
const world = await openReplay({
  rulesDir: process.env.RULES ?? 'rules',
  data: join(directory, 'data'),
  dataDir: join(tmpdir(), 'none'),
});
if (!world.ok) throw new Error(world.error.join('\n'));
const { ruleSet } = world.value;
const hash = createIdentifierHash({ kid: 'k1', secret: 'bench' });
const tables = { network: () => undefined, country: () => undefined };
const snapshot = prepareSnapshot(ruleSet, {
  ports: signalPortsFor({ tables, databases: [] })(ruleSet.lists),
  hash,
  combine: combineHashes,
  listener: { ruleHit: () => undefined, fuseBlown: () => undefined },
});
const lines = readFileSync(join(directory, 'events.jsonl'), 'utf8').trim().split('\n').slice(0, Number(most));
const events = lines.map((line) => JSON.parse(line));
const signups = events.filter(({ type }) => type === 'signup').length;

function planOf(type, wanted) {
  const features = ruleSet.needs(type).features.filter(({ spec }) => wanted(spec));
  return planFeatures({ type, features, slotOf: (name) => ruleSet.slotOf(name), hash, combine: combineHashes });
}

async function turn(name, wanted) {
  const dir = await mkdtemp(join(tmpdir(), `portcullis-state-`));
  const server = await startEmbeddedRedis({ dir });
  const redis = await openRedis({ url: server.url }, 'relay');
  await redis.ready(5000);
  const info = async (section, field) =>
    Number(new RegExp(`${field}:([0-9.]+)`).exec(String(await redis.call('INFO', section)))?.[1]);
  const cpu = async () => (await info('cpu', 'used_cpu_user')) + (await info('cpu', 'used_cpu_sys'));
  const store = new RedisFeatureStore(redis);
  const plans = new Map(
    ['signup', 'payment_method_added', 'api_key_created', 'api_key_used'].map((type) => [type, planOf(type, wanted)]),
  );
  const accounts = new Map();
  const start = { bytes: await info('memory', 'used_memory'), redis: await cpu(), node: process.cpuUsage() };
  for (let from = 0; from < events.length; from += 16)
    await Promise.all(events.slice(from, from + 16).map((event) => observe(event, { plans, accounts, store })));
  const node = process.cpuUsage(start.node);
  const result = {
    features: ruleSet.features.filter(wanted).length,
    bytes_per_signup: Math.round(((await info('memory', 'used_memory')) - start.bytes) / signups),
    redis_us_per_event: Math.round((((await cpu()) - start.redis) * 1e6) / events.length),
    node_us_per_event: Math.round((node.user + node.system) / events.length),
  };
  await redis.close();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
  return { name, ...result };
}

async function observe(event, { plans, accounts, store }) {
  const at = Date.parse(event.occurred_at);
  const remembered = withMemento(accounts.get(event.account.id), mementoOf(event, at));
  accounts.set(event.account.id, remembered);
  const slots = ruleSet.newSlots();
  snapshot.planFor(event.type).writeSignals({ event, remembered, at }, slots);
  const moment = { eventId: event.event_id, accountId: event.account.id, at, accountSince: remembered.firstSeenAt };
  await store.observe(plans.get(event.type).bind(moment, slots).request);
}

const older = ({ kind }) => kind !== 'burst' && kind !== 'trusted';
const rows = [await turn('without bursts and trusted', older), await turn('all', () => true)];
console.table(rows);
const [without, all] = rows;
const ratio =
  (all.redis_us_per_event + all.node_us_per_event) / (without.redis_us_per_event + without.node_us_per_event);
console.log(JSON.stringify({ events: events.length, signups, cpu_ratio: Math.round(ratio * 100) / 100 }));
if (ratio > 1.5 || all.bytes_per_signup > 3072) process.exitCode = 1;
