import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInLists } from '../../lists/built-in-lists.js';
import { parseListFile } from '../../lists/parse-list-file.js';
import type { ListKind } from '../../model/list.js';
import { openDatabase } from '../maxmind/open-maxmind.js';
import type { DataSource } from './data-source.js';
import { tableInUse } from './ip-data.js';
import { parseRangeCsv, type RangeCsvKind } from './ip-data-csv.js';
import { writeFileWhole, writeTableFile } from './ip-data-table-file.js';

/** The list files that an update knows, and what each has to hold. */
const updatableLists: Readonly<Record<string, ListKind>> = Object.fromEntries(builtInLists);

interface UpdatePlaces {
  readonly rulesDir: string;
  readonly dataDir: string;
  /** Today as YYYY-MM-DD, for lists that tell no date. */
  readonly today: string;
  /** What lists are said to come from when they do not tell. */
  readonly from: string;
}

export interface UpdateReport {
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
  /** One line each; when there is one, nothing was changed. */
  readonly problems: readonly string[];
  /** One line each: what somebody should know of what was changed. */
  readonly notes: readonly string[];
}

type Checked =
  | Ready
  | { readonly kind: 'unchanged'; readonly what: string }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

interface Ready {
  readonly kind: 'ready';
  readonly what: string;
  readonly write: () => Promise<void>;
  /** A service that runs has read the earlier one at its start, and goes on with it. */
  readonly isReadAtStart?: boolean;
  readonly note?: string | undefined;
}

const restartNote = 'a service that runs goes on with the IP tables and databases it has: restart it';

/** Everything is fetched and checked first: a bad file changes nothing. Each file is then replaced whole. */
export async function updateData(source: DataSource, places: UpdatePlaces): Promise<UpdateReport> {
  const names = Object.entries(updatableLists);
  const checks = [
    ...names.map(([name, kind]) => check(`${name}.txt`, () => checkList(source, { name, kind }, places))),
    check('asn.csv', () => checkTable(source, 'asn', places)),
    check('country.csv', () => checkTable(source, 'country', places)),
    ...(await source.databases()).map((name) => check(name, () => checkDatabase(source, name, places))),
  ];
  const checked = (await Promise.all(checks)).filter((one) => one !== undefined);
  const problems = checked.flatMap((one) => (one.kind === 'wrong' ? one.problems : []));
  const ready = checked.flatMap((one) => (one.kind === 'ready' ? [one] : []));
  if (problems.length === 0) await Promise.all(ready.map((one) => one.write()));
  return {
    changed: problems.length === 0 ? ready.map(({ what }) => what) : [],
    unchanged: checked.flatMap((one) => (one.kind === 'unchanged' ? [one.what] : [])),
    problems,
    notes: problems.length === 0 ? notesOf(ready) : [],
  };
}

const notesOf = (ready: readonly Ready[]): readonly string[] => [
  ...ready.flatMap(({ note }) => (note === undefined ? [] : [note])),
  ...(ready.some(({ isReadAtStart }) => isReadAtStart === true) ? [restartNote] : []),
];

async function check(name: string, read: () => Promise<Checked | undefined>): Promise<Checked | undefined> {
  try {
    return await read();
  } catch (error) {
    return { kind: 'wrong', problems: [`${name}: ${messageOf(error)}`] };
  }
}

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);

interface WantedList {
  readonly name: string;
  readonly kind: ListKind;
}

async function checkList(
  source: DataSource,
  { name, kind }: WantedList,
  places: UpdatePlaces,
): Promise<Checked | undefined> {
  const file = `${name}.txt`;
  const found = (await source.read(`lists/${file}`)) ?? (await source.read(file));
  if (found === undefined) return undefined;
  const text = withHeader(found.toString('utf8'), kind, places);
  const parsed = parseListFile(name, text.text);
  if (!parsed.ok) {
    const lines = parsed.error.map((one) => `${file}:${one.line - text.added}:${one.column}: ${one.message}`);
    return { kind: 'wrong', problems: lines };
  }
  if (parsed.value.kind !== kind)
    return { kind: 'wrong', problems: [`${file}: expected a list of ${kind} entries, not of ${parsed.value.kind}`] };
  const target = join(places.rulesDir, 'lists', file);
  const before = await readFile(target, 'utf8').catch(() => undefined);
  if (before !== undefined && entriesOf(before) === entriesOf(text.text)) return { kind: 'unchanged', what: file };
  const old = before === undefined ? undefined : parseListFile(name, before);
  const size = `${old?.ok === true ? old.value.size : 0} to ${parsed.value.size} entries`;
  return { kind: 'ready', what: `${file}: ${size}`, write: () => writeFileWhole(target, Buffer.from(text.text)) };
}

/** Plain lists tell nothing of themselves: source, date and type are put before them. */
function withHeader(text: string, kind: ListKind, { today, from }: UpdatePlaces): { text: string; added: number } {
  const bare = text.replace(/^\uFEFF/, '');
  const head = /^(?:\s*#[^\n]*\n|\s*\n)*/.exec(bare)?.[0] ?? '';
  const wanted = { source: from, date: today, type: kind };
  const missing = Object.entries(wanted).filter(([key]) => !new RegExp(`^\\s*#\\s*${key}:`, 'm').test(head));
  const lines = missing.map(([key, value]) => `# ${key}: ${value}\n`);
  return { text: lines.join('') + bare, added: lines.length };
}

const entriesOf = (text: string): string =>
  text
    .split(/\r?\n/)
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n');

async function checkTable(
  source: DataSource,
  kind: RangeCsvKind,
  { dataDir }: UpdatePlaces,
): Promise<Checked | undefined> {
  const file = `${kind}.csv`;
  const found = await source.read(file);
  if (found === undefined) return undefined;
  const parsed = parseRangeCsv([found.toString('utf8')], kind);
  if (!parsed.ok)
    return { kind: 'wrong', problems: parsed.error.map(({ line, message }) => `${file}:${line}: ${message}`) };
  const count = parsed.value.payloads.length;
  if (count === 0) return { kind: 'wrong', problems: [`${file}: holds no range`] };
  const unit = kind === 'asn' ? 'networks' : 'countries';
  const target = join(dataDir, 'ip', `${kind}.table`);
  const before = (await tableInUse(kind, dataDir))?.payloads.length ?? 0;
  const isSmall = count < before / 2;
  return {
    kind: 'ready',
    what: `${file}: ${count} ${unit}`,
    write: () => writeTableFile(target, parsed.value),
    isReadAtStart: true,
    note: isSmall ? `${file} holds ${count} ${unit}, the table before it ${before}: is it whole?` : undefined,
  };
}

async function checkDatabase(
  source: DataSource,
  name: string,
  { dataDir }: UpdatePlaces,
): Promise<Checked | undefined> {
  const found = await source.read(name);
  if (found === undefined) return undefined;
  const aside = await mkdtemp(join(tmpdir(), 'portcullis-mmdb-'));
  try {
    const file = join(aside, name);
    await writeFile(file, found);
    const opened = await openDatabase(file);
    if (typeof opened === 'string') return { kind: 'wrong', problems: [opened.replace(file, name)] };
    const target = join(dataDir, 'ip', name);
    return {
      kind: 'ready',
      what: `${name}: ${opened.type}`,
      write: () => writeFileWhole(target, found),
      isReadAtStart: true,
    };
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
