/**
 * Events a second of a replay on one core: the default rules, a campaign among honest people as `simulate` writes it, in this
 * process, reading and writing lines included. CPU is of the whole process, collecting garbage and compiling included, so
 * that it does not matter how many cores do it. A busy machine slows everything: what `JSON.parse` of the same lines costs is
 * measured in between, and the ratio stays much the same.
 *
 *   npm run build && node bench/replay.mjs [--accounts 3000] [--honest 20000] [--seed bench] [--rules rules] [--dist dist]
 *
 * Limit: at least 20,000 events a second of CPU time. The exit status says whether it was reached.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '3000' },
    honest: { type: 'string', default: '20000' },
    seed: { type: 'string', default: 'bench' },
    rules: { type: 'string', default: join(root, 'rules') },
    dist: { type: 'string', default: join(root, 'dist') },
  },
});
const limit = 20_000;
const dist = resolve(values.dist);
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { openReplay } = await load('adapters/replay/open-replay.js');
const { replayEvents } = await load('replay/replay-events.js');
const { readLines } = await load('adapters/files/read-lines.js');

const cpuUs = (since) => {
  const { user, system } = process.cpuUsage(since);
  return user + system;
};

/** A few thousand lines at a time: as long as the machine is in one mood. */
function parseUs(lines) {
  const since = process.cpuUsage();
  for (const line of lines) JSON.parse(line);
  return cpuUs(since) / lines.length;
}

const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-replay-'));
try {
  const { accounts, honest, seed } = values;
  const campaign = ['simulate', '--accounts', accounts, '--honest', honest, '--seed', seed, '--out', folder];
  execFileSync(process.execPath, [join(dist, 'main.js'), ...campaign]);
  const file = join(folder, 'events.jsonl');
  const sample = readFileSync(file, 'utf8').split('\n', 3000).filter(Boolean);
  const world = await openReplay({ rulesDir: values.rules, data: join(folder, 'data'), dataDir: join(folder, 'none') });
  if (!world.ok) throw new Error(world.error.join('\n'));

  let written = 0;
  let changes = 0;
  const ratios = [];
  let since = process.cpuUsage();
  let before = 0;
  const spent = { us: 0, events: 0 };
  const done = await replayEvents(
    {
      events: readLines(file),
      labels: readLines(join(folder, 'labels.jsonl')),
      horizonMs: 3_600_000,
      onBadLine: (problem) => {
        throw new Error(JSON.stringify(problem));
      },
      onBlock({ decisions }) {
        const events = decisions - before;
        if (events < 5000) return;
        const us = cpuUs(since);
        spent.us += us;
        spent.events += events;
        ratios.push(us / events / parseUs(sample));
        before = decisions;
        since = process.cpuUsage();
      },
    },
    world.value.ports((line) => {
      written += JSON.stringify(line).length + 1;
      if (line.kind === 'access_changed') changes++;
    }),
  );
  if (!done.ok) throw new Error('the replay stopped');
  const median = ratios.sort((a, b) => a - b)[ratios.length >> 1] ?? Number.NaN;
  const perSecond = Math.round((1e6 * spent.events) / spent.us);
  console.log(`rules ${world.value.ruleSet.rules.length}, features ${world.value.ruleSet.features.length}`);
  console.log(`events ${done.value.decisions}, later changes ${changes}, written ${Math.round(written / 1e6)} MB`);
  console.log(`CPU ${Math.round(spent.us / spent.events)} µs an event, ${perSecond} events a second of CPU time`);
  console.log(`${Math.round(median)} times JSON.parse of the same lines`);
  console.log(`memory ${Math.round(process.memoryUsage().rss / 1e6)} MB`);
  console.log(`limit: at least ${limit} events a second: ${perSecond >= limit ? 'reached' : 'NOT reached'}`);
  process.exitCode = perSecond >= limit ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
