import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BacktestReport } from '../backtest/report.js';
import { runBacktest } from '../backtest/run-backtest.js';
import type { Label } from '../model/label.js';
import { parseDurationSeconds } from '../model/time.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { signalCatalogue } from '../signals/catalogue.js';
import { readToolConfig } from '../tool-config.js';
import { openBacktest } from './backtest-files.js';
import { BacktestProgress } from './backtest-progress.js';
import { backtestFile, type FileBacktest } from './backtest-run.js';
import { openServiceBacktest, readServiceRange } from './backtest-service.js';
import { backtestText } from './backtest-text.js';
import {
  defineCommand,
  type Environment,
  openedWith,
  type ParsedArguments,
  print,
  printJson,
  UsageError,
} from './command-arguments.js';
import { readFinalLabels } from './final-labels.js';
import { Interrupt, interrupted } from './interrupt.js';
import { rulesDirectory } from './load-rules.js';
import { spareInputs } from './spare-inputs.js';

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
  --data-dir DIR     where the usual tables are kept (DATA_DIR, or .portcullis)
  --horizon 1h       events that come later in the file than they should, by up to this, are put in order
  --skip-bad         leave out lines that cannot be used and count them, instead of stopping at the first
  --examples 3       of each rule and each kind of change
  --reveal           show ids and networks of examples and crowds as they are
  --state DIR        keep history and interrupted runs here: edited conditions and points are judged in seconds, without
                     another replay
  --resume           go on with the run of these rules and files that was interrupted (needs --state)
  --exact            replay with each rule set, so that what it holds is out of its own history
  --out REPORT.json  write the report for programs to a file
  --json             print the report for programs
  --progress         show progress also where there is no terminal
Ctrl-C ends it with a report of what was read so far, marked as partial.
Exit status: 0 when all events were read, 130 when it was ended, else 1.`;

const backtestOptions = {
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
  state: { type: 'string' },
  resume: { type: 'boolean' },
  exact: { type: 'boolean' },
  reveal: { type: 'boolean' },
  out: { type: 'string' },
  json: { type: 'boolean' },
  progress: { type: 'boolean' },
} as const;

/** `rules backtest` */
export const run = defineCommand({
  usage,
  takes: 'any',
  options: backtestOptions,
  run: async (args, environment) => {
    const request = readRequest(args, environment);
    const report = await backtest(request);
    if (request.out !== undefined) await writeFile(request.out, `${JSON.stringify(report)}\n`);
    process.stdout.once('error', leaveQuietly);
    if (request.json) printJson(report);
    else print(backtestText(report));
    return report.partial ? interrupted : 0;
  },
});

/** Whoever reads the report may stop reading (`| head`). */
function leaveQuietly(failure: NodeJS.ErrnoException): void {
  if (failure.code !== 'EPIPE') throw failure;
}

type Request = ReturnType<typeof readRequest>;

function readRequest(args: ParsedArguments, environment: Environment) {
  const service = readServiceRange(args);
  const [file = '-', more] = args.positionals;
  if (args.positionals.length !== (service === undefined ? 1 : 0) || more !== undefined)
    throw new UsageError('rules backtest needs one EVENTS.jsonl, or --service');
  const given = args.text('horizon') ?? '1h';
  const horizon = parseDurationSeconds(given);
  if (horizon === undefined) throw new UsageError(`--horizon is a duration such as 30m or 1h, not '${given}'`);
  if (args.flag('resume') && args.text('state') === undefined) throw new UsageError('--resume needs --state DIR');
  const [labels, data, baselineDir] = [args.text('labels'), args.text('data'), args.text('baseline')];
  for (const path of [file, labels, data, baselineDir])
    if (path !== undefined && path !== '-' && !existsSync(path)) throw new UsageError(`there is no '${path}'`);
  const { dataDir, databasesDir } = readToolConfig(environment);
  const rulesDir = rulesDirectory(args.text('rules'), environment);
  spareInputs({ reads: [file, labels, data, baselineDir, rulesDir], writes: args.text('out') });
  return {
    environment,
    service,
    file,
    labels,
    data,
    baselineDir,
    horizonMs: horizon * 1000,
    rulesDir,
    dataDir: args.text('data-dir') ?? dataDir,
    databasesDir,
    focus: args.text('rule')?.split(','),
    examples: wholeNumber(args.text('examples') ?? '3'),
    skipBad: args.flag('skip-bad'),
    stateDir: args.text('state'),
    resume: args.flag('resume'),
    exact: args.flag('exact'),
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

/** The report that these arguments ask for. Throws `UsageError` when there is none. */
export const backtestReport = (args: ParsedArguments, environment: Environment): Promise<BacktestReport> =>
  backtest(readRequest(args, environment));

async function backtest(request: Request): Promise<BacktestReport> {
  const { labels: labelFile, focus, examples, reveal } = request;
  const labels = labelFile === undefined ? new Map<string, Label>() : await readFinalLabels(labelFile);
  const interrupt = new Interrupt();
  try {
    const shown = {
      focus: focus === undefined ? undefined : new Set(focus),
      examples,
      ...(reveal ? { showId: asItIs } : { showTrait: maskTrait }),
    };
    const how = { labels, interrupt, shown };
    return await (request.service === undefined ? overFile(request, how) : overService(request, request.service, how));
  } finally {
    interrupt.end();
  }
}

type How = Pick<FileBacktest, 'labels' | 'interrupt' | 'shown'>;

async function overFile(request: Request, how: How): Promise<BacktestReport> {
  const world = openedWith(await openBacktest(request));
  if (request.file === '-' && world.histories.length > 0)
    throw new UsageError(
      'these rules look into history, so the events are read twice: give a file, not the standard input',
    );
  mustKnow(world.ruleSet, request.focus);
  const { data, dataDir, databasesDir } = request;
  const dataFolders = [data, join(dataDir, 'ip'), databasesDir];
  return backtestFile({ ...request, ...how, labelFile: request.labels, dataFolders, world });
}

async function overService(
  request: Request,
  service: NonNullable<Request['service']>,
  { labels, interrupt, shown }: How,
): Promise<BacktestReport> {
  const past = await openServiceBacktest({ ...request, ...service });
  mustKnow(past.ruleSet, request.focus);
  const progress = new BacktestProgress({ always: request.progress, what: 'backtest' });
  const onBlock = (events: number): Promise<boolean> => {
    progress.show(events, undefined);
    return interrupt.wasAsked();
  };
  const report = await runBacktest({ ...past, ...shown, labels, onBlock });
  progress.end();
  return report;
}

function mustKnow({ rules }: RuleSet, focus: readonly string[] | undefined): void {
  const known = new Set(rules.map(({ id }) => id));
  for (const id of focus ?? []) if (!known.has(id)) throw new UsageError(`there is no rule '${id}'`);
}

const asItIs = (id: string): string => id;

const identifiers = new Set(signalCatalogue.filter((signal) => signal.identifier).map(({ name }) => name));

/** Networks are identifiers: whoever needs them asks for them. */
const maskTrait = (trait: string, value: string): string =>
  identifiers.has(trait) ? `#${createHash('sha256').update(value).digest('hex').slice(0, 8)}` : value;
