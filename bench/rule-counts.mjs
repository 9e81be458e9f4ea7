/**
 * What counting what rules do adds to the work of one evaluation, without HTTP and without stores (every store answers at
 * once, so that the share is larger than in a service): counting against evaluating the same events, by
 * process.cpuUsage(). Also what writing the counts takes. Limit: 2 % of an evaluation.
 *
 *   npm run build && node bench/rule-counts.mjs [--count 2000] [--rounds 15] [--dist dist]
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { signup } from './http/signups.mjs';

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '10' },
    dist: { type: 'string', default: 'dist' },
  },
});
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const load = (path) => import(pathToFileURL(join(resolve(root, options.dist), path)).href);
const { createEventSealer } = await load('adapters/crypto/event-sealer.js');
const { combineHashes, createIdentifierHash } = await load('adapters/crypto/identifier-hash.js');
const { pooledRandomBytes } = await load('adapters/crypto/random-bytes.js');
const { openIpData } = await load('adapters/files/ip-data.js');
const { loadRulesFolder } = await load('adapters/files/open-rules.js');
const { signalPortsFor } = await load('adapters/identity/signal-ports.js');
const { openPglite } = await load('adapters/pglite/open-pglite.js');
const { migrate } = await load('adapters/postgres/migrate.js');
const { SqlRuleLedger } = await load('adapters/postgres/rule-ledger.js');
const { createEvaluator } = await load('evaluate/create-evaluator.js');
const { prepareSnapshot } = await load('evaluate/prepare-snapshot.js');
const { RuleBook } = await load('evaluate/rule-book.js');
const { parseEvent } = await load('model/parse-event.js');

const count = Number(options.count);
const rounds = Number(options.rounds);
const now = Date.UTC(2026, 10, 21, 12);
const home = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const tables = await openIpData({ dataDir: home, log: { info() {}, warn() {} } });
const { ruleSet } = await loadRulesFolder(join(root, 'rules'));
const hashIdentifier = createIdentifierHash({ kid: 'k1', secret: 'a pepper for measuring only' });
const ports = signalPortsFor({ tables, databases: [] })(ruleSet.lists);
const settled = Promise.resolve();
const read = ({ lookups }) => Promise.resolve(lookups.map(({ spec }) => (spec.kind === 'labelled' ? 0 : 1)));

function evaluatorWith(elapsed) {
  const listener = { ruleHit() {}, fuseBlown() {} };
  const snapshot = prepareSnapshot(ruleSet, { ports, hash: hashIdentifier, combine: combineHashes, listener, elapsed });
  const evaluator = createEvaluator({
    snapshot: () => snapshot,
    ledger: { claim: async () => ({ kind: 'new' }), settle: () => settled, abandon: () => settled },
    memory: {
      recall: async () => ({ kind: 'remembered', remembered: { parts: {} } }),
      remember: () => settled,
      clear: () => settled,
      forget: () => settled,
    },
    features: { observe: read, peek: read, label: () => settled, standing: () => settled },
    log: {
      async commit({ draft, inputs, sealed }) {
        const access = { accountId: draft.account_id, state: 'admitted', version: 1, size: `${sealed}`.length };
        return { kind: 'committed', decision: { ...draft, inputs }, access, accessChanged: false };
      },
      byEventId: async () => undefined,
      status: async () => undefined,
      eventsOf: async () => [],
    },
    rings: { find: async () => ({ byLink: new Map(), rings: new Map() }) },
    listener: { accessCommitted: () => settled },
    cases: { priority: () => 0, dueAt: (at) => at },
    clock: { now: () => now },
    elapsed: () => performance.now(),
    random: pooledRandomBytes,
    hashIdentifier,
    hashBody: (canonical) => createHash('sha256').update(canonical).digest('base64url'),
    sealer: createEventSealer('a pepper for measuring only'),
    eventTime: 'bounded',
  });
  return { evaluator, activity: snapshot.activity };
}

const counting = evaluatorWith(() => performance.now());
const { activity, evaluator } = counting;
const record = activity.record.bind(activity);
let seen = [];
/** Kept, to be counted apart. */
activity.record = (event) => seen.push(event);

/** CPU microseconds an event. */
async function cost(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const repeats = 20;
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const [evaluating, recording, ratios] = [[], [], []];
for (let round = 0; round < rounds + 3; round++) {
  const events = Array.from({ length: count }, (_, n) => parseEvent(JSON.parse(signup(n, `r${round}`))).value);
  seen = [];
  const whole = await cost(async () => {
    for (const event of events) await evaluator.evaluate(event);
  });
  const counted = await cost(() => {
    for (let again = 0; again < repeats; again++) for (const event of seen) record(event);
  });
  if (round < 3) continue;
  evaluating.push(whole);
  recording.push(counted / repeats);
  ratios.push(counted / repeats / whole);
}
activity.record = record;
const share = 100 * median(ratios);
console.log(`${ruleSet.rules.length} rules, ${rounds} rounds of ${count} events, medians`);
console.log(`an evaluation                 ${median(evaluating).toFixed(1)} µs of CPU`);
console.log(`counting what its rules did   ${median(recording).toFixed(2)} µs of CPU`);
console.log(`share                         ${share.toFixed(2)} % (limit 2 %)`);

const database = await openPglite(join(home, 'postgres'));
await migrate(database);
const ledger = new SqlRuleLedger(database);
const book = new RuleBook();
book.attach(counting.activity, now);
const writes = [];
for (let batch = 1; batch <= 20; batch++) {
  const event = parseEvent(JSON.parse(signup(batch, 'write'))).value;
  await counting.evaluator.evaluate(event);
  const { rules } = book.drain(now);
  const started = performance.now();
  await ledger.add({ writer: 'bench', batch, rules, exceptions: [], accounts: [] });
  writes.push(performance.now() - started);
}
console.log(`writing the counts, each 5 s  ${median(writes).toFixed(1)} ms on PGlite`);
await database.close();
await rm(home, { recursive: true, force: true });
process.exitCode = share <= 2 ? 0 : 1;
