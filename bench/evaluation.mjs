/**
 * What the work of one evaluation costs inside one process, stage by stage, without HTTP and without stores (every store
 * answers at once): CPU microseconds an event from process.cpuUsage(), the best of several rounds after warming up.
 *
 *   npm run build && node bench/evaluation.mjs [--traffic signups|people] [--count 4000] [--rounds 5] [--dist dist]
 *
 * `signups` are those of bench/http.mjs; `people` are those of scripts/try-real-signups.mjs: crowds of many user agents,
 * phones, languages and addresses, with their cards and keys. Events are new in every round; what they share (browsers,
 * mail domains) repeats as it does in traffic.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readAddresses } from '../scripts/try-real-signups/addresses.mjs';
import { planTrial } from '../scripts/try-real-signups/events.mjs';
import { peopleMaker } from '../scripts/try-real-signups/people.mjs';
import { seededRandom } from '../scripts/try-real-signups/random.mjs';
import { defaultWorld, evaluatorAtOnce, hashBody } from './evaluation/at-once.mjs';
import { signup } from './http/signups.mjs';

const { values: options } = parseArgs({
  options: {
    traffic: { type: 'string', default: 'people' },
    count: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '5' },
    dist: { type: 'string', default: 'dist' },
  },
});
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const load = (path) => import(pathToFileURL(join(resolve(root, options.dist), path)).href);
const { canonicalJson } = await load('evaluate/canonical-json.js');
const { parseEvent } = await load('model/parse-event.js');

const count = Number(options.count);
const rounds = Number(options.rounds);
const now = Date.UTC(2026, 10, 21, 12);

function bodiesOf(round) {
  if (options.traffic === 'signups') return Array.from({ length: count }, (_, n) => signup(n, `r${round}`));
  const { pools } = readAddresses(undefined);
  const make = peopleMaker(seededRandom(round + 1), pools);
  const start = now - 20.2 * 3_600_000;
  const events = planTrial(make, { count: Math.ceil(count / 2), start, spanS: 72_000, tag: `r${round}` });
  return events.slice(0, count).map(({ body }) => JSON.stringify(body));
}

const home = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const { ruleSet, hashIdentifier, prepare } = await defaultWorld(load, { root, home });
const snapshot = prepare();
const evaluator = await evaluatorAtOnce(load, { snapshot: () => snapshot, now: () => now, hashIdentifier });

const parsed = (body) => {
  const event = parseEvent(JSON.parse(body));
  if (!event.ok) throw new Error(`refused: ${JSON.stringify(event.error)}`);
  return event.value;
};
const wave = (event) => {
  const plan = snapshot.planFor(event.type);
  const slots = ruleSet.newSlots();
  plan.writeSignals({ event, remembered: undefined, at: now }, slots);
  return { event, plan, slots };
};
const moment = ({ event_id, account }) => ({ eventId: event_id, accountId: account.id, at: now });

/** Each stage on the results of the one before; `run` is what is timed. */
const stages = [
  { name: 'JSON.parse alone', from: 'bodies', run: (body) => JSON.parse(body) },
  { name: 'JSON.parse, card numbers, schema', from: 'bodies', run: parsed },
  { name: 'canonical JSON and its digest', from: 'events', run: (event) => hashBody(canonicalJson(event)) },
  { name: 'signals', from: 'events', run: wave },
  {
    name: 'keys of features',
    from: 'waves',
    run: ({ event, plan, slots }) => plan.bindFeatures(moment(event), slots, plan.hashesOf(slots)),
  },
  {
    name: 'rules',
    from: 'waves',
    run: ({ event, slots }) => ruleSet.judge(event.type, slots, { accountId: event.account.id, now }),
  },
];

const cpuUs = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

async function timed(items, run) {
  const before = cpuUs();
  for (const item of items) {
    const made = run(item);
    if (made instanceof Promise) await made;
  }
  return (cpuUs() - before) / items.length;
}

const best = new Map();
const keep = (name, us) => best.set(name, Math.min(us, best.get(name) ?? Number.POSITIVE_INFINITY));
for (let round = 0; round <= rounds; round++) {
  const bodies = bodiesOf(round);
  const events = bodies.map(parsed);
  const material = { bodies, events, waves: [] };
  for (const { name, from, run } of stages) {
    if (from === 'waves' && material.waves.length === 0) material.waves = events.map(wave);
    const us = await timed(material[from], run);
    // The first round only warms up.
    if (round > 0) keep(name, us);
  }
  const whole = await timed(bodies, async (body) => {
    const result = await evaluator.evaluate(parsed(body));
    if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  });
  if (round > 0) keep('the whole story, from text to commit', whole);
}
console.log(
  `${count} events of '${options.traffic}' a round, best of ${rounds} rounds, ${ruleSet.rules.length} rules\n`,
);
console.log('| stage | CPU µs an event |\n|---|---|');
for (const [name, us] of best) console.log(`| ${name} | ${us.toFixed(1)} |`);
await rm(home, { recursive: true, force: true });
