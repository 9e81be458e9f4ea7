import { AddressTable } from '../../lists/address-table.js';
import { V4Table } from '../../lists/v4-table.js';
import { V6Table } from '../../lists/v6-table.js';
import { type IpAddress, parseIpAddress } from '../../model/ip-address.js';
import { err, ok, type Result } from '../../model/result.js';

/** Address ranges with a text each; the table holds index + 1 into `payloads`. */
export interface PayloadTable {
  readonly table: AddressTable;
  readonly payloads: readonly string[];
}

interface CsvProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** What the columns after start and end hold: `13335,"Cloudflare, Inc."`, or `US`. */
export type RangeCsvKind = 'asn' | 'country';

interface Rows {
  readonly v4Starts: number[];
  readonly v4Ends: number[];
  readonly v4Values: number[];
  readonly v6Starts: number[];
  readonly v6Ends: number[];
  readonly v6Values: number[];
}

const unquote = (text: string): string =>
  text
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll('""', '"');

/** The payload text; undefined when the columns are not what the file should hold. */
function payloadOf(columns: string, kind: RangeCsvKind): string | undefined {
  if (kind === 'country') {
    const code = unquote(columns).toUpperCase();
    return /^[A-Z]{2}$/.test(code) ? code : undefined;
  }
  const comma = columns.indexOf(',');
  const asn = (comma < 0 ? columns : columns.slice(0, comma)).trim().replace(/^as/i, '');
  if (!/^\d{1,10}$/.test(asn) || Number(asn) > 0xffffffff) return undefined;
  return `${Number(asn)} ${comma < 0 ? '' : unquote(columns.slice(comma + 1))}`;
}

function isAscending(start: IpAddress, end: IpAddress): boolean {
  for (const [index, word] of start.words.entries()) {
    const other = end.words[index] ?? 0;
    if (word !== other) return word < other;
  }
  return true;
}

interface Row {
  readonly start: IpAddress;
  readonly end: IpAddress;
  readonly payload: string;
}

function parseRow(line: string, kind: RangeCsvKind): Row | string {
  const first = line.indexOf(',');
  const second = line.indexOf(',', first + 1);
  if (first < 0 || second < 0) return kind === 'asn' ? 'expected start,end,asn,name' : 'expected start,end,CC';
  const start = parseIpAddress(unquote(line.slice(0, first)));
  const end = parseIpAddress(unquote(line.slice(first + 1, second)));
  if (start === undefined || end === undefined || start.version !== end.version)
    return 'expected two addresses of one family';
  if (!isAscending(start, end)) return 'the range ends before it starts';
  const payload = payloadOf(line.slice(second + 1), kind);
  if (payload === undefined) return kind === 'asn' ? 'expected an AS number' : 'expected a two-letter country code';
  return { start, end, payload };
}

function add(rows: Rows, { start, end }: Row, value: number): void {
  if (start.version === 4) {
    rows.v4Starts.push(start.words[3]);
    rows.v4Ends.push(end.words[3]);
    rows.v4Values.push(value);
  } else {
    rows.v6Starts.push(...start.words);
    rows.v6Ends.push(...end.words);
    rows.v6Values.push(value);
  }
}

const mostProblems = 20;

/** Rows of `start,end,…` in any order; a header line is allowed. The narrowest range around an address wins. */
export function parseRangeCsv(
  texts: readonly string[],
  kind: RangeCsvKind,
): Result<PayloadTable, readonly CsvProblem[]> {
  const rows: Rows = { v4Starts: [], v4Ends: [], v4Values: [], v6Starts: [], v6Ends: [], v6Values: [] };
  const indexOf = new Map<string, number>();
  const problems: CsvProblem[] = [];
  for (const text of texts) {
    for (const [index, line] of text.split('\n').entries()) {
      if (problems.length >= mostProblems) break;
      const bare = line.trim();
      if (bare === '' || bare.startsWith('#') || (index === 0 && /^\W*start/i.test(bare))) continue;
      const row = parseRow(bare, kind);
      if (typeof row === 'string') {
        problems.push({ line: index + 1, message: row });
        continue;
      }
      const value = indexOf.get(row.payload) ?? indexOf.size + 1;
      indexOf.set(row.payload, value);
      add(rows, row, value);
    }
  }
  return problems.length > 0 ? err(problems) : ok({ table: tableOf(rows), payloads: [...indexOf.keys()] });
}

function tableOf(rows: Rows): AddressTable {
  const words = (values: readonly number[]) => Uint32Array.from(values);
  return new AddressTable(
    V4Table.build(
      { starts: words(rows.v4Starts), ends: words(rows.v4Ends), values: words(rows.v4Values) },
      'narrowest',
    ),
    V6Table.build(
      { starts: words(rows.v6Starts), ends: words(rows.v6Ends), values: words(rows.v6Values) },
      'narrowest',
    ),
  );
}
