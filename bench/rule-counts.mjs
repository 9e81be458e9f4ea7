/**
 * What counting what rules do adds to the work of one evaluation, without HTTP and without stores (every store answers at
 * once, so that the share is larger than in a service): counting against evaluating the same events, by
 * process.cpuUsage(). Also what writing the counts takes. Limit: 2 % of an evaluation.
 *
 *   npm run build && node bench/rule-counts.mjs [--count 2000] [--rounds 15] [--dist dist]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultWorld, evaluatorAtOnce } from './evaluation/at-once.mjs';
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
const { openPglite } = await load('adapters/pglite/open-pglite.js');
const { migrate } = await load('adapters/postgres/migrate.js');
const { SqlRuleLedger } = await load('adapters/postgres/rule-ledger.js');
const { RuleBook } = await load('evaluate/rule-book.js');
const { parseEvent } = await load('model/parse-event.js');

const count = Number(options.count);
const rounds = Number(options.rounds);
const now = Date.UTC(2026, 10, 21, 12);
const home = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const { ruleSet, hashIdentifier, prepare } = await defaultWorld(load, { root, home });
const snapshot = prepare(() => performance.now());
const { activity } = snapshot;
const evaluator = await evaluatorAtOnce(load, { snapshot: () => snapshot, now: () => now, hashIdentifier });
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
book.attach(activity, now);
const writes = [];
for (let batch = 1; batch <= 20; batch++) {
  const event = parseEvent(JSON.parse(signup(batch, 'write'))).value;
  await evaluator.evaluate(event);
  const { rules } = book.drain(now);
  const started = performance.now();
  await ledger.add({ writer: 'bench', batch, rules, exceptions: [], accounts: [] });
  writes.push(performance.now() - started);
}
console.log(`writing the counts, each 5 s  ${median(writes).toFixed(1)} ms on PGlite`);
await database.close();
await rm(home, { recursive: true, force: true });
process.exitCode = share <= 2 ? 0 : 1;
