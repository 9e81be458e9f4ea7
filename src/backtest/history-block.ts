import { Immature, isKnown, type Reading, Unavailable } from '../model/value.js';

/** Rows of one block of history. */
const historyRows = 4096;

/** Readings that are no values, and their marks among small numbers and among states. */
const marks: readonly Reading[] = [undefined, new Unavailable('velocity_unavailable'), new Immature('immature')];
const smallest = { mark: 253, value: 252 } as const;
const kinds = { nothing: 0, small: 1, numbers: 2 } as const;

/** FNV-1a of an event's id: rows are matched with events by it. */
export function eventMark(eventId: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < eventId.length; at++) hash = Math.imul(hash ^ eventId.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

const markOf = (reading: Reading): number => (reading instanceof Immature ? 2 : reading instanceof Unavailable ? 1 : 0);

/** What windows and rings gave for some thousand events, as bytes: a column after the other, small numbers as one byte each. */
export class HistoryBlock {
  rows = 0;
  private readonly events = new Uint32Array(historyRows);
  private readonly columns: readonly Reading[][];

  constructor(private readonly width: number) {
    this.columns = Array.from({ length: width }, () => new Array<Reading>(historyRows).fill(undefined));
  }

  get isFull(): boolean {
    return this.rows === historyRows;
  }

  add(eventId: string, readings: readonly Reading[]): void {
    this.events[this.rows] = eventMark(eventId);
    for (let column = 0; column < this.width; column++) {
      const values = this.columns[column];
      if (values !== undefined) values[this.rows] = readings[column];
    }
    this.rows++;
  }

  eventAt(row: number): number {
    return this.events[row] ?? 0;
  }

  reading(column: number, row: number): Reading {
    return this.columns[column]?.[row];
  }

  encode(): Uint8Array {
    const parts = [new Uint8Array(Uint32Array.of(this.rows).buffer), bytesOf(this.events.slice(0, this.rows))];
    for (const column of this.columns) parts.push(...encodeColumn(column.slice(0, this.rows)));
    this.rows = 0;
    return joined(parts);
  }

  /** Fills this block with what `encode` made. */
  decode(bytes: Uint8Array): void {
    const reader = new ByteReader(bytes);
    this.rows = reader.words(1)[0] ?? 0;
    this.events.set(reader.words(this.rows));
    for (const column of this.columns) decodeColumn(reader, this.rows, column);
  }
}

const bytesOf = (values: Uint32Array | Float64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const isSmall = (reading: Reading): boolean =>
  !isKnown(reading) ||
  (Number.isInteger(reading) && Number(reading) >= 0 && Number(reading) <= smallest.value && !Object.is(reading, -0));

function encodeColumn(readings: readonly Reading[]): Uint8Array[] {
  if (readings.every((reading) => reading === undefined)) return [Uint8Array.of(kinds.nothing)];
  if (readings.every(isSmall)) {
    const bytes = readings.map((reading) => (isKnown(reading) ? Number(reading) : smallest.mark + markOf(reading)));
    return [Uint8Array.of(kinds.small), Uint8Array.from(bytes)];
  }
  const states = Uint8Array.from(readings, (reading) => (isKnown(reading) ? marks.length : markOf(reading)));
  const numbers = Float64Array.from(readings, (reading) => (isKnown(reading) ? Number(reading) : 0));
  return [Uint8Array.of(kinds.numbers), states, bytesOf(numbers)];
}

function decodeColumn(reader: ByteReader, rows: number, into: Reading[]): void {
  const kind = reader.take(1)[0];
  if (kind === kinds.nothing) {
    into.fill(undefined, 0, rows);
    return;
  }
  const bytes = reader.take(rows);
  const numbers = kind === kinds.numbers ? reader.numbers(rows) : undefined;
  for (let row = 0; row < rows; row++) {
    const byte = bytes[row] ?? 0;
    if (numbers === undefined) into[row] = byte >= smallest.mark ? marks[byte - smallest.mark] : byte;
    else into[row] = byte === marks.length ? numbers[row] : marks[byte];
  }
}

class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  take(length: number): Uint8Array {
    const taken = this.bytes.slice(this.at, this.at + length);
    this.at += length;
    return taken;
  }

  words(count: number): Uint32Array {
    return new Uint32Array(this.take(count * 4).buffer);
  }

  numbers(count: number): Float64Array {
    return new Float64Array(this.take(count * 8).buffer);
  }
}
