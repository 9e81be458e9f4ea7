/**
 * What the default rules keep in Redis and cost for all events of a trial: node bench/campaigns/state.mjs DIR [most] [--all]
 * DIR as `make.mjs` or `portcullis simulate` write it. Two turns, each on a Redis of its own: the features without bursts and
 * trusted, and all; `--all`: the second alone, with what it keeps after each 100,000 signups. Limits: 3 KB a signup, and 1.5
 * times the CPU. Events come faster than they happened and nothing expires meanwhile, so a long trial shows more than is ever
 * kept at once. Needs `npm run build`.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const dist = process.env.DIST ?? '../../dist';
const load = (path) => import(`${dist}/${path}.js`);
const { startEmbeddedRedis } = await load('adapters/embedded/redis-server');
const { openRedis } = await load('adapters/redis/connection');
const { RedisFeatureStore } = await load('adapters/redis/feature-store');
const { combineHashes, createIdentifierHash } = await load('adapters/crypto/identifier-hash');
const { planFeatures } = await load('features/plan-features');
const { openReplay } = await load('adapters/replay/open-replay');
const { HashedSignals } = await load('model/hashed-signals');
const { prepareSnapshot } = await load('evaluate/prepare-snapshot');
const { mementoOf, withMemento } = await load('evaluate/memento');
const { signalPortsFor } = await load('adapters/identity/signal-ports');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false } },
});
const [directory, most = '20000'] = positionals;
const inFlight = 16;
const toldEach = 100_000;
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
/** The first events, some at a time; one pass over the file for each turn. */
async function* batches() {
  const file = await open(join(directory, 'events.jsonl'));
  let left = Number(most);
  let batch = [];
  for await (const line of file.readLines()) {
    if (left-- <= 0) break;
    batch.push(JSON.parse(line));
    if (batch.length < inFlight) continue;
    yield batch;
    batch = [];
  }
  yield batch;
  await file.close();
}

function planOf(type, wanted) {
  const features = ruleSet.needs(type).features.filter(({ spec }) => wanted(spec));
  const signals = new HashedSignals((name) => ruleSet.slotOf(name), hash);
  const plan = planFeatures({ type, features, signals, combine: combineHashes });
  return { bind: (moment, slots) => plan.bind(moment, slots, signals.hashesOf(slots)) };
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
  let events = 0;
  let signups = 0;
  const kept = async () => Math.round(((await info('memory', 'used_memory')) - start.bytes) / signups);
  for await (const batch of batches()) {
    await Promise.all(batch.map((event) => observe(event, { plans, accounts, store })));
    events += batch.length;
    const before = signups;
    signups += batch.filter(({ type }) => type === 'signup').length;
    const isMilestone = Math.floor(signups / toldEach) > Math.floor(before / toldEach);
    if (values.all && isMilestone) console.log(`${signups} signups, ${events} events: ${await kept()} bytes a signup`);
  }
  const node = process.cpuUsage(start.node);
  const result = {
    features: ruleSet.features.filter(wanted).length,
    events,
    signups,
    bytes_per_signup: await kept(),
    redis_us_per_event: Math.round((((await cpu()) - start.redis) * 1e6) / events),
    node_us_per_event: Math.round((node.user + node.system) / events),
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
const rows = values.all ? [] : [await turn('without bursts and trusted', older)];
rows.push(await turn('all', () => true));
console.table(rows);
const all = rows.at(-1);
let isMissed = all.bytes_per_signup > 3072;
if (!values.all) {
  const cpuOf = ({ redis_us_per_event, node_us_per_event }) => redis_us_per_event + node_us_per_event;
  const ratio = cpuOf(all) / cpuOf(rows[0]);
  console.log(JSON.stringify({ cpu_ratio: Math.round(ratio * 100) / 100 }));
  isMissed ||= ratio > 1.5;
}
if (isMissed) process.exitCode = 1;
