import type { ListTables } from '../lists/list-tables.js';
import { liveList } from '../lists/live-list.js';
import { parseListSteps } from '../lists/parse-list-file.js';
import type { NamedList } from '../model/list.js';
import type { Steps } from '../model/steps.js';
import { ProblemSink } from './problem-sink.js';
import { didYouMean } from './yaml/other-words.js';
import { SourceFile } from './yaml/source-file.js';

/** A list file that was read; without a list when something is wrong with it. */
export interface ReadList {
  readonly text: string;
  readonly list: NamedList | undefined;
  /** What the list is made of. */
  readonly tables?: (() => ListTables) | undefined;
  readonly problems: ProblemSink;
}

/** By name, `vpn` for `lists/vpn.txt`. */
export type ReadLists = ReadonlyMap<string, ReadList>;

/** Reads the list files that differ from those `earlier`; the others are the same lists again. */
export function* readListFiles(files: ReadonlyMap<string, string>, earlier: ReadLists): Steps<ReadLists> {
  const read = new Map<string, ReadList>();
  for (const [path, text] of files) {
    const name = path.slice('lists/'.length, -'.txt'.length);
    const before = earlier.get(name);
    read.set(name, before?.text === text ? before : yield* readListFile(path, name, text));
    yield;
  }
  return read;
}

function* readListFile(path: string, name: string, text: string): Steps<ReadList> {
  const problems = new ProblemSink();
  const parsed = yield* parseListSteps(name, text);
  if (parsed.ok) return { text, list: liveList(parsed.value), tables: parsed.value.tables, problems };
  const file = yield* SourceFile.ofLong(path, text);
  for (const { line, column, message, allowed } of parsed.error) {
    const start = file.offsetOf(line, column);
    const written = file
      .line(line)
      .slice(column - 1)
      .trimEnd();
    const hint = allowed === undefined || written === '' ? undefined : didYouMean(written, allowed);
    problems.error('E030', { file, start, end: start + written.length }, message, { hint });
  }
  return { text, list: undefined, problems };
}
