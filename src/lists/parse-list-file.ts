import type { ListKind, NamedList } from '../model/list.js';
import { err, ok, type Result } from '../model/result.js';
import { finishSteps, type Steps } from '../model/steps.js';
import { kindOfEntry, type ListEntry, parseListEntry } from './list-entry.js';
import { asnList, cidrList, type ListProvenance, valueList } from './named-lists.js';

export interface ListProblem {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly message: string;
}

interface Line {
  readonly number: number;
  readonly column: number;
  readonly text: string;
}

interface Header {
  readonly source: string;
  readonly date: string;
  readonly kind: ListKind | undefined;
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

/** The same in small steps; only splitting the text and building the table of a list are one step each. */
export function* parseListSteps(name: string, text: string): Steps<Result<NamedList, readonly ListProblem[]>> {
  const problems: ListProblem[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const header = readHeader(lines, problems);
  const entryLines = yield* readEntryLines(lines);
  const kind = header.kind ?? inferKind(entryLines);
  const entries: ListEntry[] = [];
  for (const [index, line] of entryLines.entries()) {
    if (index % linesInStep === 0) yield;
    const entry = line.text.length > maxEntryLength ? undefined : parseListEntry(line.text, kind);
    if (entry !== undefined) entries.push(entry);
    else if (problems.length < maxProblems) problems.push(wrongEntry(line, kind));
  }
  if (problems.length > 0) return err(problems);
  return ok(listOf(kind, { name, source: header.source, date: header.date }, entries));
}

function readHeader(lines: readonly string[], problems: ListProblem[]): Header {
  const found = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    // The header is what stands before the first entry.
    if (!/^\s*(#|$)/.test(line)) break;
    const match = headerLine.exec(line.trim());
    const key = match?.[1];
    const value = match?.[2] ?? '';
    if (key === undefined || found.has(key)) continue;
    found.set(key, value);
    if (key === 'type' && kinds[value] === undefined)
      problems.push({
        line: index + 1,
        column: Math.max(1, line.indexOf(value, line.indexOf(':') + 1) + 1),
        message: `expected type value, cidr or asn, not '${value.slice(0, 40)}'`,
      });
  }
  const type = found.get('type');
  return {
    source: found.get('source') ?? '',
    date: found.get('date') ?? '',
    kind: type === undefined ? undefined : kinds[type],
  };
}

/** A comment begins the line or follows a space, so that a value may hold a `#`. */
function* readEntryLines(lines: readonly string[]): Steps<Line[]> {
  const entries: Line[] = [];
  for (const [index, line] of lines.entries()) {
    if (index % linesInStep === 0) yield;
    const comment = /(^|\s)#/.exec(line);
    const bare = comment === null ? line : line.slice(0, comment.index);
    const text = bare.trim();
    if (text !== '') entries.push({ number: index + 1, column: bare.length - bare.trimStart().length + 1, text });
  }
  return entries;
}

/** The first entry shows what the list holds; a list without entries holds values. */
function inferKind(lines: readonly Line[]): ListKind {
  const first = lines[0];
  return first === undefined ? 'value' : kindOfEntry(first.text);
}

function wrongEntry(line: Line, kind: ListKind): ListProblem {
  const shown = line.text.length > 60 ? `${line.text.slice(0, 60)}…` : line.text;
  return { line: line.number, column: line.column, message: `expected ${expected[kind]}, not '${shown}'` };
}

function listOf(kind: ListKind, provenance: ListProvenance, entries: readonly ListEntry[]): NamedList {
  if (kind === 'cidr')
    return cidrList(
      provenance,
      entries.flatMap((entry) => (entry.kind === 'cidr' ? [entry.range] : [])),
    );
  if (kind === 'asn')
    return asnList(
      provenance,
      entries.flatMap((entry) => (entry.kind === 'asn' ? [entry.asn] : [])),
    );
  return valueList(
    provenance,
    entries.flatMap((entry) => (entry.kind === 'value' ? [entry.value] : [])),
  );
}

/** The entries of a list file as they are written, comments left out. */
export const listLines = (text: string): readonly string[] =>
  finishSteps(readEntryLines(text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/))).map((line) => line.text);
