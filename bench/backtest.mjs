/**
 * A backtest of 1,000 rules without history over a file, against reading the file and against judging row by row. What
 * counts are ratios within one run: the machine may be busy. CPU is of the whole process, garbage included.
 *
 *   npm run build && node bench/backtest.mjs [--events 200000] [--rules 1000] [--dist dist]
 *
 * "Reading" is what any program has to do: lines, JSON.parse, and the strict check of an event. Limits, written down before
 * the first run: the whole backtest at most 3 times reading; conditions in columns at least 10 times as fast as each
 * condition on each row. The exit status says whether they were reached.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    rules: { type: 'string', default: '1000' },
    dist: { type: 'string', default: join(root, 'dist') },
  },
});
const limits = { reading: 3, rows: 10 };
const dist = resolve(values.dist);
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { openBacktest } = await load('cli/backtest-files.js');
const { runBacktest } = await load('backtest/run-backtest.js');
const { readLines } = await load('adapters/files/read-lines.js');
const { readEventLine } = await load('replay/read-event-line.js');
const { compileExpression } = await load('expression/compile-expression.js');
const { ColumnBlock } = await load('backtest/column-block.js');
const { ConditionProgram } = await load('backtest/condition-program.js');
const { Layout } = await load('backtest/contender.js');

const cpuMs = (since) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

async function measured(work) {
  const since = process.cpuUsage();
  const result = await work();
  return { ms: cpuMs(since), result };
}

/** Shapes of conditions as authors write them, each with constants of its own. */
const shapes = [
  (n) => `ip.asn == ${1000 + n * 7}`,
  (n) => `email.domain == "mail${n}.example"`,
  (n) => `payment.bin.startsWith("${400000 + n}")`,
  (n) => `ip.country == "${'DEFRUSGBNLPLINBR'.slice((n % 8) * 2, (n % 8) * 2 + 2)}" && device.form_ms < ${n * 3}`,
  (n) => `email.domain.matches("^[a-z]+${n}\\\\.[a-z]+$") && !ip.is_vpn`,
  (n) => `payment.funding in ["prepaid", "virtual"] && device.confidence * 100 + ${n} < 50`,
  (n) => `device.browser_age_d > ${n * 20} && (ip.is_hosting || device.is_consistent == false)`,
  (n) => `default(device.form_ms, 99999) < ${n} || email.entropy > 4.${n} && account.path == "p${n}"`,
  (n) => `!has(phone.number) && email.shape == "l${n % 12}d${n % 5}"`,
  (n) => `account.path in ["p${n}", "research"] && device.form_ms / device.confidence < ${n * 10}`,
];
const families = ['network', 'email', 'payment', 'device', 'identity'];

function ruleText(number) {
  return `
  - id: rule-${number}
    family: ${families[number % families.length]}
    on: [signup, payment_method_added]
    when: '${shapes[number % shapes.length](Math.floor(number / shapes.length) + 1)}'
    points: ${5 + (number % 30)}
    reason: identity.bench
    title: "Rule ${number}"
    owner: bench`;
}

/** The same accounts again under other names, later, until there are enough events. */
function writeEvents(folder, count) {
  const campaign = [
    'simulate',
    '--accounts',
    '300',
    '--honest',
    '4000',
    '--seed',
    'backtest',
    '--out',
    join(folder, 'sim'),
  ];
  execFileSync(process.execPath, [join(dist, 'main.js'), ...campaign]);
  const events = readFileSync(join(folder, 'sim', 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const length = Date.parse(events.at(-1).occurred_at) - Date.parse(events[0].occurred_at) + 1000;
  const lines = [];
  for (let at = 0; at < count; at++) {
    const round = Math.floor(at / events.length);
    const event = events[at % events.length];
    const occurred_at = new Date(Date.parse(event.occurred_at) + round * length).toISOString();
    const account = { ...event.account, id: `${event.account.id}_${round}` };
    lines.push(JSON.stringify({ ...event, event_id: `${event.event_id}_${round}`, occurred_at, account }));
  }
  writeFileSync(join(folder, 'events.jsonl'), `${lines.join('\n')}\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-backtest-'));
try {
  const count = Number(values.events);
  const rules = Array.from({ length: Number(values.rules) }, (_, number) => ruleText(number)).join('');
  const reasons = 'reasons:\n  identity.bench: { title: Bench, public: additional_verification_required }\n';
  const rulesDir = join(folder, 'rules');
  const { mkdirSync } = await import('node:fs');
  mkdirSync(rulesDir);
  const all = rules.split(/(?=\n {2}- id:)/);
  for (let from = 0; from * 250 < all.length; from++)
    writeFileSync(
      join(rulesDir, `bench${from}.yml`),
      `${from === 0 ? reasons : ''}rules:${all.slice(from * 250, from * 250 + 250).join('')}\n`,
    );
  writeEvents(folder, count);
  const file = join(folder, 'events.jsonl');
  const opened = await openBacktest({ rulesDir, dataDir: join(folder, 'none') });
  if (!opened.ok) throw new Error(opened.error.join('\n'));
  const { ruleSet, source } = opened.value;
  const open = () => source({ lines: readLines(file), horizonMs: 3_600_000, onBadLine: () => false });

  const reading = await measured(async () => {
    let read = 0;
    for await (const lines of readLines(file))
      for (const line of lines) if (line !== '' && readEventLine(line, ++read, 0).ok !== true) throw new Error(line);
    return read;
  });
  const parsing = await measured(async () => {
    for await (const lines of readLines(file)) for (const line of lines) if (line !== '') JSON.parse(line);
  });
  const signals = await measured(async () => {
    const layout = new Layout();
    layout.add(ruleSet);
    let rows = 0;
    for await (const block of open().rows(layout.keys)) for (const _ of block) rows++;
    return rows;
  });
  const whole = await measured(() => runBacktest({ source: open(), ruleSet }));

  // Conditions alone, on the same rows.
  const layout = new Layout();
  const contender = layout.add(ruleSet);
  const program = new ConditionProgram();
  const numbers = ruleSet.declarations.map(({ when }) => program.add(when.ast, (name) => contender.placeOf(name)));
  const block = new ColumnBlock(layout.entries);
  program.groupColumns(block);
  const closures = ruleSet.declarations.map(({ when }) => compileExpression(when));
  const times = { columns: 0, rows: 0, index: 0, judged: 0, true: 0 };
  outer: for await (const rows of open().rows(layout.keys)) {
    for (const row of rows) {
      if (block.rows.length === 0) block.begin();
      block.add(row);
      if (!block.isFull) continue;
      const columns = await measured(() => {
        block.seal();
        program.run(block);
      });
      times.columns += columns.ms;
      const slots = ruleSet.newSlots();
      const fill = ({ type, readings }) => {
        for (const { place, slot } of contender.inputsOf(type)) slots[slot] = readings[place];
      };
      times.rows += (
        await measured(() => {
          for (const one of block.rows) {
            fill(one);
            for (const closure of closures) if (closure.evaluate(slots) === true) times.true++;
          }
        })
      ).ms;
      times.index += (
        await measured(() => {
          for (const one of block.rows) {
            fill(one);
            ruleSet.judge(one.type, slots, { accountId: one.accountId, now: one.at });
          }
        })
      ).ms;
      times.judged += block.rows.length;
      block.begin();
      if (times.judged >= 5 * 4096) break outer;
    }
  }
  const us = (ms, events) => (1000 * ms) / events;
  const { events } = whole.result;
  console.log(
    `events ${events}, rules ${ruleSet.rules.length}, different parts of conditions ${program.size} (${numbers.length} conditions)`,
  );
  console.log(
    `reading: ${us(reading.ms, events).toFixed(1)} µs an event, of it JSON.parse and lines ${us(parsing.ms, events).toFixed(1)}`,
  );
  console.log(`with signals, account memory and order: ${us(signals.ms, events).toFixed(1)} µs`);
  console.log(
    `whole backtest: ${us(whole.ms, events).toFixed(1)} µs an event, ${Math.round((1000 * events) / whole.ms)} events a second of CPU time`,
  );
  const ofReading = whole.ms / reading.ms;
  console.log(
    `conditions: columns ${us(times.columns, times.judged).toFixed(2)} µs an event, each on each row ${us(times.rows, times.judged).toFixed(2)}, the engine with its index ${us(times.index, times.judged).toFixed(2)}`,
  );
  const faster = times.rows / times.columns;
  const hits = whole.result.rules.reduce((sum, rule) => sum + rule.events.fired, 0);
  console.log(`hits ${hits}, memory ${Math.round(process.memoryUsage().rss / 1e6)} MB`);
  console.log(
    `limit: at most ${limits.reading} times reading: ${ofReading.toFixed(2)}, ${ofReading <= limits.reading ? 'reached' : 'NOT reached'}`,
  );
  console.log(
    `limit: conditions at least ${limits.rows} times as fast as row by row: ${faster.toFixed(1)}, ${faster >= limits.rows ? 'reached' : 'NOT reached'}`,
  );
  process.exitCode = ofReading <= limits.reading && faster >= limits.rows ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
