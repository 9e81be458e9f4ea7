import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BacktestReport } from '../backtest/report.js';
import type { Environment, ParsedArguments } from './command-arguments.js';
import type { NamedSide } from './rule-side.js';

interface Sides {
  readonly before: NamedSide;
  readonly after: NamedSide;
  /** Undefined: the stored decisions of the service. */
  readonly events: string | undefined;
}

interface Given {
  readonly args: ParsedArguments;
  readonly environment: Environment;
}

/** A backtest of the new rules with the old ones as baseline. Throws `UsageError` when there is none. */
export async function diffDecisions(sides: Sides, { args, environment }: Given): Promise<BacktestReport> {
  // Brings replays along: loaded only when there are events.
  const { backtestReport } = await import('./rules-backtest.js');
  const home = await mkdtemp(join(tmpdir(), 'portcullis-diff-'));
  try {
    const folders: Readonly<Record<string, string>> = {
      rules: await folderOf(sides.after, join(home, 'new')),
      baseline: await folderOf(sides.before, join(home, 'old')),
    };
    const asked: ParsedArguments = {
      positionals: sides.events === undefined ? [] : [sides.events],
      text: (name) => folders[name] ?? args.text(name),
      flag: (name) => args.flag(name),
    };
    return await backtestReport(asked, environment);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Backtests read folders: what came from elsewhere is written into one. */
async function folderOf({ directory, files }: NamedSide, home: string): Promise<string> {
  if (directory !== undefined) return directory;
  for (const [path, text] of files) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
  return home;
}

/** What changes for whom, without what single rules do: `rules backtest` tells of those. */
export async function decisionsText(report: BacktestReport): Promise<string> {
  const { backtestText } = await import('./backtest-text.js');
  return backtestText({ ...report, rules: [] });
}
