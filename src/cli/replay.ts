import { existsSync } from 'node:fs';
import { readLines } from '../adapters/files/read-lines.js';
import { type LineWriter, openLines } from '../adapters/files/write-lines.js';
import { openReplay, type ReplaySources, type ReplayWorld } from '../adapters/replay/open-replay.js';
import { parseDurationSeconds } from '../model/time.js';
import { LinesWithCases } from '../replay/lines-with-cases.js';
import type { LineProblem } from '../replay/read-event-line.js';
import { type ReplaySummary, replayEvents } from '../replay/replay-events.js';
import { readToolConfig } from '../tool-config.js';
import {
  complain,
  defineCommand,
  type Environment,
  openedWith,
  type ParsedArguments,
  printJson,
  UsageError,
} from './command-arguments.js';
import { lineText } from './line-text.js';
import { rulesDirectory } from './load-rules.js';
import { spareInputs } from './spare-inputs.js';

const usage = `usage: portcullis replay EVENTS.jsonl [--rules DIR] [--data DIR] [--labels L.jsonl] --out OUT.jsonl

The whole pipeline in one process, in memory, on event time: features, rings, rescoring, retro-holds and labels as in the
service with EVENT_TIME=trusted; no Redis, no database. Writes one JSON object a line, in the order of event time: a
decision for each event, and access_changed for each later change. Files may be gzipped (.gz); - is standard input.
  --out OUT.jsonl   where to write, not what is read; there once all is done; - is standard output
  --rules DIR       the rules (RULES_DIR, or rules)
  --data DIR        asn.csv, country.csv, *.mmdb and lists/ instead of the usual ones
  --data-dir DIR    where the usual tables are kept (DATA_DIR, or .portcullis)
  --labels L.jsonl  {"at","account_id","label":"fraud|honest","source"} a line, learnt at that time
  --horizon 1h      events and labels that come later in the file than they should, by up to this, are put in order
  --skip-bad        leave out lines that cannot be used and count them, instead of stopping at the first
  --json            print the counts for programs
Exit status: 0 when all is well, else 1.`;

/** `replay` */
export const run = defineCommand({
  usage,
  takes: 'any',
  options: {
    out: { type: 'string' },
    rules: { type: 'string' },
    data: { type: 'string' },
    'data-dir': { type: 'string' },
    labels: { type: 'string' },
    horizon: { type: 'string' },
    'skip-bad': { type: 'boolean' },
    json: { type: 'boolean' },
  },
  run: (args, environment) => untilNobodyReads(() => replay(readRequest(args, environment))),
});

interface Request extends ReplaySources {
  readonly file: string;
  readonly out: string;
  readonly labels: string | undefined;
  readonly horizonMs: number;
  readonly skipBad: boolean;
  readonly json: boolean;
}

function readRequest(args: ParsedArguments, environment: Environment): Request {
  const [file, more] = args.positionals;
  const out = args.text('out');
  if (file === undefined || more !== undefined) throw new UsageError('replay needs one EVENTS.jsonl');
  if (out === undefined) throw new UsageError('replay needs --out OUT.jsonl, or --out - for the standard output');
  const given = args.text('horizon') ?? '1h';
  const horizon = parseDurationSeconds(given);
  if (horizon === undefined) throw new UsageError(`--horizon is a duration such as 30m or 1h, not '${given}'`);
  const [labels, data] = [args.text('labels'), args.text('data')];
  for (const path of [file, labels, data]) mustExist(path);
  const { dataDir, databasesDir } = readToolConfig(environment);
  const rulesDir = rulesDirectory(args.text('rules'), environment);
  spareInputs({ reads: [file, labels, data, rulesDir, databasesDir], writes: out });
  return {
    file,
    out,
    labels,
    data,
    horizonMs: horizon * 1000,
    rulesDir,
    dataDir: args.text('data-dir') ?? dataDir,
    databasesDir,
    skipBad: args.flag('skip-bad'),
    json: args.flag('json'),
  };
}

async function replay(request: Request): Promise<number> {
  const world = openedWith(await openReplay(request));
  const writer = await openLines(request.out);
  try {
    const counts = await replayInto(writer, world, request);
    await writer.close();
    if (request.json && request.out !== '-') printJson(counts);
    return 0;
  } catch (failure) {
    await writer.discard();
    throw failure;
  }
}

/** What it counted. Throws `UsageError` at a bad line, unless these are left out. */
async function replayInto(writer: LineWriter, world: ReplayWorld, request: Request) {
  const { file, labels, horizonMs, skipBad } = request;
  const bad = new BadLines(skipBad, { events: file, labels: labels ?? '' });
  const progress = new Progress();
  const lines = new LinesWithCases((line) => writer.write(JSON.stringify(line)));
  const ports = world.ports((line) => lines.take(line));
  const done = await replayEvents(
    {
      events: readLines(file),
      labels: labels === undefined ? undefined : readLines(labels),
      horizonMs,
      onBadLine: (problem, where) => bad.take(problem, where),
      async onBlock(summary) {
        progress.show(summary);
        await writer.settle();
      },
    },
    ports,
  );
  lines.end(ports.takeCases());
  progress.end();
  if (!done.ok) throw new UsageError(bad.last);
  bad.tell();
  return { ...done.value, skipped: bad.count };
}

/** Whoever reads the output may stop reading. */
async function untilNobodyReads(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (failure) {
    if (typeof failure === 'object' && failure !== null && 'code' in failure && failure.code === 'EPIPE') return 0;
    throw failure;
  }
}

function mustExist(path: string | undefined): void {
  if (path !== undefined && path !== '-' && !existsSync(path)) throw new UsageError(`there is no '${path}'`);
}

/** Lines shown before they are only counted. */
const mostShown = 20;

class BadLines {
  count = 0;
  /** As it is told. */
  last = '';

  constructor(
    private readonly skip: boolean,
    private readonly files: Readonly<Record<'events' | 'labels', string>>,
  ) {}

  take(problem: LineProblem, where: 'events' | 'labels'): boolean {
    this.count++;
    this.last = lineText(this.files[where], problem);
    if (this.skip && this.count <= mostShown) complain(this.last);
    return this.skip;
  }

  tell(): void {
    if (this.count > 0) complain(this.count === 1 ? '1 line was left out' : `${this.count} lines were left out`);
  }
}

/** One line on a terminal that is written over. */
class Progress {
  private readonly started = performance.now();
  private shown = 0;

  show({ decisions }: ReplaySummary): void {
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.shown < 250) return;
    this.shown = now;
    const perSecond = Math.round(decisions / ((now - this.started) / 1000));
    process.stderr.write(`\r${decisions} events, ${perSecond} a second `);
  }

  end(): void {
    if (this.shown > 0) process.stderr.write('\n');
  }
}
