import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { readLines } from '../adapters/files/read-lines.js';
import { BadLine } from '../backtest/event-rows.js';
import type { BacktestReport } from '../backtest/report.js';
import { runBacktest } from '../backtest/run-backtest.js';
import { parseDurationSeconds } from '../model/time.js';
import type { LineProblem } from '../replay/read-event-line.js';
import { openBacktest } from './backtest-files.js';
import { BacktestProgress } from './backtest-progress.js';
import { openServiceBacktest, readServiceRange, type ServiceBacktest } from './backtest-service.js';
import { backtestText } from './backtest-text.js';
import {
  complain,
  defineCommand,
  type Environment,
  type ParsedArguments,
  print,
  printJson,
  UsageError,
} from './command-arguments.js';
import { readFinalLabels } from './final-labels.js';
import { rulesDirectory } from './load-rules.js';

const usage = `usage: portcullis rules backtest EVENTS.jsonl [--labels L.jsonl] [--rules DIR] [--baseline DIR] [--json]
       portcullis rules backtest --service [--since 7d] [--until TIME] [--rules DIR] [--baseline DIR] [--json]

What rules would have done to past events: how often each fires, which decisions it turns and in which direction, precision
and recall against labels, honest crowds that pay, accounts that no other rule holds, overlap, examples. Changes nothing.
  --service          over the stored decisions of the running service (HOST, PORT; BOOTSTRAP_API_KEY or DATA_DIR), with what
                     each saw and the labels it knows, against the rules it has in use
  --since, --until   of --service: a time, or a duration before now; 7d and now by default
  --labels L.jsonl   {"at","account_id","label":"fraud|honest","source"} a line; accounts without one are counted apart
  --rules DIR        the rules (RULES_DIR, or rules)
  --baseline DIR     compare with these rules: decisions that change from them
  --rule ID[,ID]     tell of these rules only
  --data DIR         asn.csv, country.csv, *.mmdb and lists/ instead of the usual ones
  --horizon 1h       events that come later in the file than they should, by up to this, are put in order
  --skip-bad         leave out lines that cannot be used and count them, instead of stopping at the first
  --examples 3       of each rule and each kind of change
  --reveal           show ids and networks of examples and crowds as they are
  --out REPORT.json  write the report for programs to a file
  --json             print the report for programs
  --progress         show progress also where there is no terminal
Ctrl-C ends it with a report of what was read so far, marked as partial.
Exit status: 0 when all events were read, 130 when it was ended, else 1.`;

export const backtestOptions = {
  service: { type: 'boolean' },
  since: { type: 'string' },
  until: { type: 'string' },
  labels: { type: 'string' },
  rules: { type: 'string' },
  baseline: { type: 'string' },
  rule: { type: 'string' },
  data: { type: 'string' },
  'data-dir': { type: 'string' },
  horizon: { type: 'string' },
  'skip-bad': { type: 'boolean' },
  examples: { type: 'string' },
  reveal: { type: 'boolean' },
  out: { type: 'string' },
  json: { type: 'boolean' },
  progress: { type: 'boolean' },
} as const;

/** `rules backtest` */
export const run = defineCommand({
  usage,
  options: backtestOptions,
  run: async (args, environment) => {
    const request = readRequest(args, environment);
    const report = await backtest(request);
    if (report === undefined) return 1;
    if (request.out !== undefined) await writeFile(request.out, `${JSON.stringify(report)}\n`);
    if (request.json) printJson(report);
    else print(backtestText(report));
    return report.partial ? interrupted : 0;
  },
});

/** As shells tell it of a program that Ctrl-C has ended. */
const interrupted = 130;

type Request = ReturnType<typeof readRequest>;

function readRequest(args: ParsedArguments, environment: Environment) {
  const service = readServiceRange(args);
  const [file = '-', more] = args.positionals;
  if (args.positionals.length !== (service === undefined ? 1 : 0) || more !== undefined)
    throw new UsageError('rules backtest needs one EVENTS.jsonl, or --service');
  const horizon = parseDurationSeconds(args.text('horizon') ?? '1h');
  if (horizon === undefined) throw new UsageError('--horizon is a duration such as 30m or 1h');
  const [labels, data, baselineDir] = [args.text('labels'), args.text('data'), args.text('baseline')];
  for (const path of [file, labels, data, baselineDir])
    if (path !== undefined && path !== '-' && !existsSync(path)) throw new UsageError(`there is no '${path}'`);
  return {
    environment,
    service,
    file,
    labels,
    data,
    baselineDir,
    horizonMs: horizon * 1000,
    rulesDir: rulesDirectory(args.text('rules'), environment),
    dataDir: args.text('data-dir') ?? (environment.DATA_DIR || '.portcullis'),
    databasesDir: environment.MAXMIND_DIR || undefined,
    focus: args.text('rule')?.split(','),
    examples: wholeNumber(args.text('examples') ?? '3'),
    skipBad: args.flag('skip-bad'),
    reveal: args.flag('reveal'),
    out: args.text('out'),
    json: args.flag('json'),
    progress: args.flag('progress'),
  };
}

function wholeNumber(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new UsageError(`--examples is a number up to 999, not '${text}'`);
}

/** The report that these arguments ask for; undefined when there is none, which is told. */
export const backtestReport = (args: ParsedArguments, environment: Environment): Promise<BacktestReport | undefined> =>
  backtest(readRequest(args, environment));

async function backtest(request: Request): Promise<BacktestReport | undefined> {
  const { labels: labelFile, focus, examples, reveal } = request;
  const labels = labelFile === undefined ? new Map() : await readFinalLabels(labelFile);
  const opened = labels && (await open(request));
  if (opened === undefined) return undefined;
  const { ruleSet, baseline, baselinePrefix, source, notes } = opened;
  const known = new Set(ruleSet.rules.map(({ id }) => id));
  for (const id of focus ?? []) if (!known.has(id)) throw new UsageError(`there is no rule '${id}'`);
  const progress = new BacktestProgress({ always: request.progress, what: 'backtest' });
  const interrupt = new Interrupt();
  try {
    return await runBacktest({
      source,
      ruleSet,
      baseline,
      baselinePrefix,
      labels,
      focus: focus === undefined ? undefined : new Set(focus),
      examples,
      notes,
      ...(reveal ? { showId: (id: string) => id } : {}),
      onBlock(events) {
        progress.show(events, undefined);
        return interrupt.wasAsked();
      },
    });
  } catch (failure) {
    if (!(failure instanceof BadLine)) throw failure;
    return undefined;
  } finally {
    interrupt.end();
    progress.end();
  }
}

/** Where past events come from, and the rules; undefined when there are none, which is told. */
async function open(request: Request): Promise<ServiceBacktest | undefined> {
  const { service, file, horizonMs } = request;
  if (service !== undefined) return openServiceBacktest({ ...request, ...service });
  const opened = await openBacktest(request);
  if (opened.ok) {
    const { source, ...rest } = opened.value;
    return { ...rest, source: source({ lines: readLines(file), horizonMs, onBadLine: badLines(request) }), notes: [] };
  }
  for (const line of opened.error) complain(line);
  return undefined;
}

/** Lines shown before they are only counted. */
const mostShown = 20;

function badLines({ file, skipBad }: Request): (problem: LineProblem) => boolean {
  let count = 0;
  return ({ line, pointer, detail }) => {
    count++;
    if (count <= mostShown) complain(`${file}:${line}: ${pointer === '' ? '' : `${pointer}: `}${detail}`);
    return skipBad;
  };
}

/** Ctrl-C, once: what was read is reported. A second one ends the process as usual. */
class Interrupt {
  private asked = false;
  private readonly listener = (): void => {
    this.asked = true;
  };

  constructor() {
    process.once('SIGINT', this.listener);
  }

  /** Lets signals in: a backtest of a file that is fast to read would never wait otherwise. */
  async wasAsked(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.asked;
  }

  end(): void {
    process.off('SIGINT', this.listener);
  }
}
