import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../adapters/files/make-folder.js';
import { readLines } from '../adapters/files/read-lines.js';
import type { BacktestReport } from '../backtest/report.js';
import { type BacktestInput, runBacktest } from '../backtest/run-backtest.js';
import type { Label } from '../model/label.js';
import type { LineProblem } from '../replay/read-event-line.js';
import type { BacktestWorld, NeededHistory } from './backtest-files.js';
import { HistoryFile, historyKey, recordHistory, unfinished } from './backtest-history.js';
import { BacktestProgress } from './backtest-progress.js';
import { Checkpoint } from './backtest-state.js';
import { complain, UsageError } from './command-arguments.js';
import { fileIdentity } from './file-identity.js';
import type { Interrupt } from './interrupt.js';
import { lineText } from './line-text.js';

export interface FileBacktest {
  readonly world: BacktestWorld;
  readonly file: string;
  readonly labelFile: string | undefined;
  readonly labels: ReadonlyMap<string, Label>;
  /** Where IP data and lists come from. */
  readonly dataFolders: readonly (string | undefined)[];
  readonly horizonMs: number;
  readonly skipBad: boolean;
  readonly exact: boolean;
  /** Where histories and checkpoints are kept; without it nothing is. */
  readonly stateDir: string | undefined;
  readonly resume: boolean;
  /** Progress also where there is no terminal. */
  readonly progress: boolean;
  readonly interrupt: Interrupt;
  readonly shown: Pick<BacktestInput, 'focus' | 'examples' | 'showId' | 'showTrait'>;
}

/** A backtest over a file, its history first. Throws `UsageError` at a line that cannot be used, unless these are left out. */
export async function backtestFile(run: FileBacktest): Promise<BacktestReport> {
  const kept = run.stateDir;
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'portcullis-backtest-'));
  const opened: HistoryFile[] = [];
  const cut: string[] = [];
  try {
    if (kept !== undefined) await makeFolder(kept);
    const notes: string[] = [];
    let isCut = false;
    let isTold = false;
    for (const needed of run.world.histories) {
      const history = await historyFor(needed, run, { folder, notes, cut });
      opened.push(history.file);
      isCut ||= history.isCut;
      isTold ||= history.isTold;
    }
    return await judgeRows(run, { histories: opened, notes, isCut, isTold });
  } finally {
    for (const history of opened) history.close();
    for (const path of cut) rmSync(path, { force: true });
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

interface OpenedHistory {
  readonly file: HistoryFile;
  readonly isCut: boolean;
  /** It was made just now, and bad lines have been told of. */
  readonly isTold: boolean;
}

interface Keeping {
  readonly folder: string;
  readonly notes: string[];
  /** Histories that are worth nothing once they were read. */
  readonly cut: string[];
}

async function historyFor(
  { world, lists }: NeededHistory,
  run: FileBacktest,
  { folder, notes, cut }: Keeping,
): Promise<OpenedHistory> {
  const { file, labelFile: labels, dataFolders: data, horizonMs, exact, interrupt } = run;
  const { ruleSet } = world;
  let isTold = false;
  const path = join(folder, `history-${historyKey({ ruleSet, file, labels, data, horizonMs, lists, exact })}.bin`);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    const progress = new BacktestProgress({ always: run.progress, what: 'history' });
    const size = sizeOf(file);
    const onBlock = (events: number, share = size.shareOf(events)): Promise<boolean> => {
      progress.show(events, share);
      return interrupt.wasAsked();
    };
    const done = await recordHistory(
      { world, file, labels, horizonMs, onBadLine: refusing(run, 'tell'), onBlock },
      path,
    ).finally(() => progress.end());
    isTold = true;
    if (done === 'interrupted') {
      notes.push('the history was interrupted, and begins anew next time');
      cut.push(unfinished(path));
      return { file: new HistoryFile(unfinished(path)), isCut: true, isTold };
    }
  }
  const history = new HistoryFile(path);
  const { ruleset } = history.header;
  if (ruleset !== run.world.ruleSet.hash)
    notes.push(
      `history as the rule set ${ruleset.slice(0, 19)} decided it, which may have held other accounts than these rules would (--exact replays)`,
    );
  return { file: history, isCut: false, isTold };
}

interface Ready {
  readonly histories: readonly HistoryFile[];
  readonly notes: readonly string[];
  /** History ends before the events do. */
  readonly isCut: boolean;
  readonly isTold: boolean;
}

async function judgeRows(run: FileBacktest, { histories, notes, isCut, isTold }: Ready): Promise<BacktestReport> {
  const { world, file, labels, horizonMs, interrupt, shown } = run;
  const { ruleSet, baseline, baselinePrefix } = world;
  const checkpoint = run.stateDir === undefined ? undefined : new Checkpoint(run.stateDir, dependsOn(run));
  const resumeFrom = run.resume ? checkpoint?.read() : undefined;
  if (run.resume && resumeFrom === undefined)
    complain('there is nothing to resume: no run with these rules and files was interrupted');
  const progress = new BacktestProgress({ always: run.progress, what: 'backtest' });
  const size = sizeOf(file);
  const source = world.source(
    { lines: readLines(file), horizonMs, onBadLine: refusing(run, isTold ? 'silent' : 'tell'), skip: resumeFrom?.rows },
    histories,
  );
  const report = await runBacktest({
    source,
    ruleSet,
    baseline,
    baselinePrefix,
    labels,
    ...shown,
    notes,
    resumeFrom,
    elapsed: () => performance.now(),
    wasCutShort: () => isCut,
    onStop: (saved) => checkpoint?.write(saved),
    async onBlock(events) {
      progress.show(events, size.shareOf(events));
      return !isCut && (await interrupt.wasAsked());
    },
  });
  progress.end();
  if (!report.partial) checkpoint?.remove();
  return report;
}

const dependsOn = (run: FileBacktest): unknown => [
  run.world.ruleSet.hash,
  run.world.baseline?.hash ?? null,
  [run.file, run.labelFile, ...run.dataFolders].map(fileIdentity),
  run.horizonMs,
  run.skipBad,
  run.exact,
  run.shown.examples ?? null,
  run.shown.showId === undefined,
];

/** How far a file has been read, by the length of its first lines; unknown for packed files and pipes. */
function sizeOf(file: string): { shareOf(events: number): number | undefined } {
  if (file === '-' || file.endsWith('.gz')) return { shareOf: () => undefined };
  const descriptor = openSync(file, 'r');
  const start = Buffer.alloc(256 * 1024);
  const length = readSync(descriptor, start, 0, start.length, 0);
  closeSync(descriptor);
  const lines = Math.max(1, start.subarray(0, length).filter((byte) => byte === newline).length);
  const events = Math.max(1, (statSync(file).size / length) * lines);
  return { shareOf: (read) => Math.min(0.99, read / events) };
}

const newline = 10;

/** Lines shown before they are only counted. */
const mostShown = 20;

/** Bad lines are told once: history reads the same file before. */
function refusing({ file, skipBad, labelFile }: FileBacktest, tell: 'tell' | 'silent') {
  let count = 0;
  return (problem: LineProblem, where: 'events' | 'labels' = 'events'): true => {
    count++;
    const text = lineText(where === 'events' ? file : (labelFile ?? ''), problem);
    if (!skipBad) throw new UsageError(text);
    if (tell === 'tell' && count <= mostShown) complain(text);
    return true;
  };
}
