import type { ListKind, NamedList } from '../model/list.js';
import { own } from '../model/own.js';
import { err, ok, type Result } from '../model/result.js';
import { finishSteps, type Steps } from '../model/steps.js';
import { entryIn, LineReader } from './line-reader.js';
import { type FileList, type ListBuilder, listBuilders } from './list-builder.js';
import { kindOfEntry } from './list-entry.js';

interface ListProblem {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly message: string;
  /** What may stand there instead, where that is a handful of words. */
  readonly allowed?: readonly string[];
}

interface Line {
  readonly number: number;
  readonly column: number;
  readonly text: string;
}

/** A broken file is told about once per wrong line, up to here. */
const maxProblems = 20;
const maxEntryLength = 512;
const headerLine = /^#\s*(source|date|type):\s*(.*?)\s*$/;
const kinds: Readonly<Record<string, ListKind>> = { value: 'value', cidr: 'cidr', asn: 'asn' };
const expected: Readonly<Record<ListKind, string>> = {
  value: 'a value',
  cidr: 'an address or a range such as 192.0.2.0/24',
  asn: 'an AS number such as AS64500',
};

/** One value, CIDR range or `AS123` a line; `#` begins a comment; the header says source, date and type. */
export const parseListFile = (name: string, text: string): Result<NamedList, readonly ListProblem[]> =>
  finishSteps(parseListSteps(name, text));

/** Lines between two pauses: some tenths of a millisecond. */
const linesInStep = 128;

/** The same in small steps. */
export function* parseListSteps(name: string, text: string): Steps<Result<FileList, readonly ListProblem[]>> {
  const problems: ListProblem[] = [];
  const lines = new LineReader(text);
  const header = new HeaderReader(problems);
  let reading: { readonly kind: ListKind; readonly builder: ListBuilder } | undefined;
  while (problems.length < maxProblems && lines.read()) {
    if (lines.number % linesInStep === 0) yield;
    const entry = entryIn(lines.line);
    if (entry === '') {
      // The header is what stands before the first entry.
      if (reading === undefined) header.read(lines.line, lines.number);
      continue;
    }
    reading ??= readingOf(header.kind ?? kindOfEntry(entry), text);
    const indent = lines.line.indexOf(entry);
    const hasControls = control.test(entry);
    if (!hasControls && entry.length <= maxEntryLength && reading.builder.add(entry, lines.start + indent)) continue;
    const line = { number: lines.number, column: indent + 1, text: entry };
    problems.push(hasControls ? withControls(line) : wrongEntry(line, reading.kind));
  }
  if (problems.length > 0) return err(problems);
  // A list without entries holds values.
  const { builder } = reading ?? readingOf(header.kind ?? 'value', text);
  return ok(yield* builder.build({ name, source: header.source, date: header.date }));
}

const readingOf = (kind: ListKind, text: string) => ({ kind, builder: listBuilders[kind](text) });

/** `# source:`, `# date:` and `# type:`; what is said first counts. */
class HeaderReader {
  readonly #found = new Map<string, string>();

  constructor(private readonly problems: ListProblem[]) {}

  get source(): string {
    return this.#found.get('source') ?? '';
  }

  get date(): string {
    return this.#found.get('date') ?? '';
  }

  get kind(): ListKind | undefined {
    const type = this.#found.get('type');
    return type === undefined ? undefined : own(kinds, type);
  }

  read(line: string, number: number): void {
    const match = headerLine.exec(line.trim());
    const key = match?.[1];
    const value = match?.[2] ?? '';
    if (key === undefined || this.#found.has(key)) return;
    this.#found.set(key, value);
    if (key === 'type' && own(kinds, value) === undefined)
      this.problems.push({
        line: number,
        column: Math.max(1, line.indexOf(value, line.indexOf(':') + 1) + 1),
        message: `expected type value, cidr or asn, not '${value.slice(0, 40)}'`,
        allowed: Object.keys(kinds),
      });
  }
}

/** Nobody sees it, and nothing that is looked for has it. */
const control = /[^\P{Cc}\t]/u;

const withControls = ({ number, column }: Line): ListProblem => ({
  line: number,
  column,
  message: 'the entry holds a control character',
});

function wrongEntry(line: Line, kind: ListKind): ListProblem {
  const shown = line.text.length > 60 ? `${line.text.slice(0, 60)}…` : line.text;
  return { line: line.number, column: line.column, message: `expected ${expected[kind]}, not '${shown}'` };
}

/** The entries of a list file as they are written, comments left out. */
export function listLines(text: string): readonly string[] {
  const entries: string[] = [];
  const lines = new LineReader(text);
  while (lines.read()) {
    const entry = entryIn(lines.line);
    if (entry !== '') entries.push(entry);
  }
  return entries;
}
