/**
 * Reload of a rules folder while evaluations go on in the same process: how soon the new rules decide, and how long anybody
 * else is kept waiting.
 *
 *   npm run build && node bench/reload.mjs [--rules 1000] [--rounds 15] [--every 5] [--after 500] [--lists 100000,1000000] [--dist dist]
 *   node bench/reload.mjs --only lists
 *
 * `--rules 0` takes the default rules. Limits: ready within 250 ms of the save (a long list may take longer), the event loop
 * never held for more than 10 ms, linting after the swap included. A machine that holds the loop for longer without any
 * reload cannot show the second one; CPU time of the service's thread and its collections of garbage tell more there. The folder is watched as the service watches it; stores answer at once, so the load is the
 * product's own work. Saves of long lists are followed by one of a rule beside the list, which has not changed then.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { evaluatorAtOnce } from './evaluation/at-once.mjs';
import { signup } from './http/signups.mjs';
import { longLists } from './reload/long-lists.mjs';
import { startLoad } from './reload/steady-load.mjs';
import { makeRuleFiles } from './reload/thousand-rules.mjs';
import { serviceFlags } from './service-flags.mjs';

// As `./scripts/start` starts the service.
if (!serviceFlags.every((flag) => process.execArgv.includes(flag))) {
  const again = spawn(process.execPath, [...process.execArgv, ...serviceFlags, ...process.argv.slice(1)], {
    stdio: 'inherit',
  });
  process.exit((await once(again, 'exit'))[0] ?? 1);
}

const { values: options } = parseArgs({
  options: {
    rules: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '15' },
    every: { type: 'string', default: '5' },
    after: { type: 'string', default: '500' },
    lists: { type: 'string', default: '100000,1000000' },
    only: { type: 'string', default: '' },
    dist: { type: 'string', default: 'dist' },
  },
});
const limits = { readyMs: 250, blockMs: 10 };
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const load = (path) => import(pathToFileURL(join(resolve(root, options.dist), path)).href);
const { composeRules } = await load('compose/rules.js');
const { readConfig } = await load('config.js');
const { createMetrics } = await load('telemetry/metrics.js');
const { silentLogger } = await load('telemetry/logger.js');
const { parseEvent } = await load('model/parse-event.js');

const home = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const folder = join(home, 'rules');
if (options.rules === '0') await cp(join(root, 'rules'), folder, { recursive: true });
else
  for (const [path, text] of makeRuleFiles(Number(options.rules))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
const yaml = readdirSync(folder, { recursive: true }).filter(
  (path) => path.endsWith('.yml') && !path.includes('tests'),
);
const withRules = yaml.filter((path) => readFileSync(join(folder, path), 'utf8').includes('\nrules:'));
const original = new Map(yaml.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));

const { config } = readConfig({ RULES_DIR: folder, DATA_DIR: join(home, 'data') });
const { createIdentifierHash } = await load('adapters/crypto/identifier-hash.js');
const hashIdentifier = createIdentifierHash({ kid: 'k1', secret: 'a pepper for measuring only' });
const rules = await composeRules({
  config,
  log: silentLogger,
  metrics: createMetrics(),
  clock: { now: () => Date.now() },
  hashIdentifier,
});
const evaluator = await evaluatorAtOnce(load, { snapshot: () => rules.live.snapshot(), hashIdentifier });
const bodies = Array.from({ length: 5000 }, (_, n) => parseEvent(JSON.parse(signup(n, 'reload'))).value);
const evaluate = (n) => evaluator.evaluate({ ...bodies[n % bodies.length], event_id: `evt_${n}` });

let collections = [];
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) collections.push(duration);
}).observe({ entryTypes: ['gc'] });

const quantile = (values, q) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
const hash = () => rules.live.current().snapshot.ruleSet.hash;

/** What a save changes; `n` makes each save another one. */
const saves = {
  'one rule': (n) => {
    const path = withRules[n % withRules.length];
    return [[path, `${original.get(path).replace(/points: \d+\n/, `points: ${n}\n`)}# ${n}\n`]];
  },
  'a feature and a rule': (n) => {
    const path = withRules[n % withRules.length];
    const text = `features:\n  made_${n}: { count: event, by: [ip.asn], window: 10m, on: [signup] }`;
    return [
      [
        path,
        original
          .get(path)
          .replace('features:', text)
          .replace(/points: \d+/, `points: ${n}`),
      ],
    ];
  },
  'every file': (n) => yaml.map((path) => [path, `${original.get(path)}# ${n}\n`]),
};

async function waitFor(other, since) {
  while (hash() === other) {
    if (performance.now() - since > 60_000)
      throw new Error(`not loaded: ${JSON.stringify(rules.live.current().errors[0])}`);
    await sleep(1);
  }
  return performance.now() - since;
}

const saver = new Worker(new URL('./reload/saver.mjs', import.meta.url));

/** Files by their path in the folder; resolves when all of them are there. */
async function save(texts) {
  saver.postMessage(texts.map(([path, text]) => [join(folder, path), text]));
  await once(saver, 'message');
}

const over = (gaps) => gaps.filter((gap) => gap - 1 > limits.blockMs).length;

async function measure(name, change, rounds = Number(options.rounds)) {
  const traffic = startLoad(evaluate, Number(options.every));
  await sleep(1500);
  traffic.take();
  // As long as the saves take below.
  await sleep(rounds * (Number(options.after) + 150));
  const quiet = traffic.take();
  const tooLong = { with: 0, without: over(quiet.gaps) };
  const [ready, blocks, cpuBlocks, latencies] = [[], [], [], []];
  const collected = { count: 0, longest: 0 };
  for (let round = 1; round <= rounds; round++) {
    const before = hash();
    const texts = change(round);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    traffic.take();
    collections = [];
    delay.enable();
    await save(texts);
    ready.push(await waitFor(before, performance.now()));
    // Linting comes after the swap.
    await sleep(Number(options.after));
    delay.disable();
    collected.count += collections.length / rounds;
    collected.longest = Math.max(collected.longest, ...collections);
    const { gaps, cpuGaps, latencies: seen } = traffic.take();
    // Both see the millisecond between two looks as well.
    blocks.push(Math.max(...gaps, delay.max / 1e6) - 1);
    tooLong.with += over(gaps);
    cpuBlocks.push(Math.max(...cpuGaps));
    latencies.push(...seen);
    await sleep(200);
  }
  await traffic.stop();
  const cells = [
    name,
    `${quantile(ready, 0.5).toFixed(0)} / ${Math.max(...ready).toFixed(0)}`,
    `${quantile(blocks, 0.5).toFixed(1)} / ${Math.max(...blocks).toFixed(1)}`,
    `${quantile(cpuBlocks, 0.5).toFixed(1)} / ${Math.max(...cpuBlocks).toFixed(1)}`,
    `${collected.count.toFixed(1)} / ${collected.longest.toFixed(1)}`,
    `${(quantile(quiet.gaps, 0.999) - 1).toFixed(1)} / ${(Math.max(...quiet.gaps) - 1).toFixed(1)}`,
    `${tooLong.with} / ${tooLong.without}`,
    `${quantile(latencies, 0.99).toFixed(1)} / ${quantile(quiet.latencies, 0.99).toFixed(1)}`,
  ];
  console.log(`| ${cells.join(' | ')} |`);
  return { readyMs: Math.max(...ready), blockMs: Math.max(...blocks) };
}

console.log(
  `${rules.live.snapshot().ruleSet.rules.length} rules, an evaluation every ${options.every} ms; milliseconds\n`,
);
console.log(
  '| saved | ready, median / longest | longest block, median / longest | in CPU time of this thread | collections of garbage a save, longest | without reload, p99.9 / longest | longer than 10 ms, with / without | p99 of evaluations, with / without |',
);
console.log('|---|---|---|---|---|---|---|---|');
// The thread that loads is brought up by the first save, if the service has not been up for half a minute.
const first = hash();
await save(saves['one rule'](777));
console.log(`first save after the start: ready after ${(await waitFor(first, performance.now())).toFixed(0)} ms`);
await sleep(2000);
const found = [];
if (options.only !== 'lists')
  for (const [name, change] of Object.entries(saves)) found.push(await measure(name, change));
const lists = [];
let edits = 1000;
const editOne = () => saves['one rule'](edits++);
for (const { name, path, text } of longLists(options.lists.split(',').filter(Boolean).map(Number))) {
  const before = hash();
  await save([[path, text(0)]]);
  await waitFor(before, performance.now());
  lists.push(await measure(name, (n) => [[path, text(n)]], Math.min(5, Number(options.rounds))));
  lists.push(await measure('the same list, unchanged: one rule', editOne, Math.min(5, Number(options.rounds))));
  const last = hash();
  await rm(join(folder, path));
  await waitFor(last, performance.now());
}
await saver.terminate();
await rules.close();
await rm(home, { recursive: true });
const worst = (key, ofWhat) => Math.max(0, ...ofWhat.map((one) => one[key]));
const all = [...found, ...lists];
console.log(
  `\nready: ${worst('readyMs', found).toFixed(0)} of ${limits.readyMs} ms; longest block: ${worst('blockMs', all).toFixed(1)} of ${limits.blockMs} ms`,
);
process.exitCode = worst('readyMs', found) <= limits.readyMs && worst('blockMs', all) <= limits.blockMs ? 0 : 1;
