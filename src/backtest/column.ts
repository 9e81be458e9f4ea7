import type { EventType } from '../model/event-type.js';
import { Immature, isOutage, type Reading, Unavailable, type Value, type ValueType } from '../model/value.js';
import { notStored } from './backtest-source.js';
import { addBits, type Bits, blockRows, clearBit, newBits, removeBits, setBit } from './bits.js';

/** Above this many different readings the dictionary is begun anew: memory stays bounded, whatever the column holds. */
const mostKept = 16_384;
const mostCodes = mostKept + blockRows;

/** The rows of a block that hold the same reading. */
interface RowGroup {
  readonly code: number;
  /** Places in `order`: from, up to. */
  readonly from: number;
  readonly to: number;
  /** The same as bits, where there are many. */
  readonly bits: Bits | undefined;
}

/** From this many rows on it is quicker to take them 32 at a time. */
const manyRows = 48;

/** Readings that are no values have the first codes. */
const noValues: readonly Reading[] = [undefined, new Unavailable('unavailable'), new Immature('immature')];

/**
 * One input of a block of rows. Numbers lie in a flat array, NaN where nothing can be calculated with; where many conditions
 * ask about single values, each different reading has a code, and rows are grouped by it.
 */
export class Column {
  readonly numbers: Float64Array;
  /** Where a number was looked for and could not be had: such a one is not replaced by `default`. */
  readonly unavailable: Bits;
  /** Where there is a number. */
  readonly known: Bits;
  /** Something that should have been there could not be had, in some row of this block. */
  hasOutage = false;
  /** Rows of all blocks that the source had nothing for, by event type. */
  readonly notStored = new Map<EventType, number>();
  /** Rows by code, ascending within one. */
  readonly order = new Uint16Array(blockRows);
  groups: RowGroup[] = [];
  /** What each code stands for. */
  readings: Reading[] = [...noValues];
  /** Changes when codes get another meaning. */
  generation = 0;
  isCoded = false;

  /** Rows without a value, where rows are grouped. */
  readonly missing = newBits();

  private groupPlaces = new Uint16Array(0);
  private codes = new Uint16Array(0);
  private counts = new Uint16Array(0);
  private dictionary = new Map<Reading, number>();

  constructor(readonly type: ValueType) {
    this.numbers = new Float64Array(type === 'number' ? blockRows : 0);
    this.unavailable = newBits();
    this.known = newBits();
  }

  /** From the next block on rows are grouped by what they hold. */
  code(): void {
    if (this.isCoded) return;
    this.isCoded = true;
    this.codes = new Uint16Array(blockRows);
    this.counts = new Uint16Array(mostCodes);
    this.groupPlaces = new Uint16Array(mostCodes);
  }

  begin(): void {
    this.hasOutage = false;
    this.unavailable.fill(0);
    this.known.fill(0);
    if (this.readings.length < mostKept) return;
    this.readings = [...noValues];
    this.dictionary = new Map();
    this.generation++;
  }

  set(row: number, reading: Reading, type: EventType): void {
    if (reading instanceof Unavailable) {
      setBit(this.unavailable, row);
      if (isOutage(reading)) this.hasOutage = true;
      if (reading === notStored) this.notStored.set(type, (this.notStored.get(type) ?? 0) + 1);
    }
    if (this.type === 'number') {
      const isNumber = typeof reading === 'number' && Number.isFinite(reading);
      this.numbers[row] = isNumber ? reading : Number.NaN;
      if (isNumber) setBit(this.known, row);
    }
    if (this.isCoded) this.codes[row] = this.codeOf(reading);
  }

  /** The rows of this block that hold the value. */
  groupOf(value: Value): RowGroup | undefined {
    const code = this.dictionary.get(value);
    const group = code === undefined ? undefined : this.groups[this.groupPlaces[code] ?? 0];
    return group?.code === code ? group : undefined;
  }

  private codeOf(reading: Reading): number {
    if (reading === undefined) return 0;
    if (reading instanceof Unavailable) return reading instanceof Immature ? 2 : 1;
    // To conditions there is no such number.
    if (typeof reading === 'number' && !Number.isFinite(reading)) return 0;
    const known = this.dictionary.get(reading);
    if (known !== undefined) return known;
    const code = this.readings.length;
    this.dictionary.set(reading, code);
    this.readings.push(reading);
    return code;
  }

  /** After the last row: a counting sort of the rows by their codes. */
  seal(rows: number): void {
    if (!this.isCoded) return;
    const { codes, counts, order } = this;
    const found: number[] = [];
    for (let row = 0; row < rows; row++) {
      const code = codes[row] ?? 0;
      const count = counts[code] ?? 0;
      if (count === 0) found.push(code);
      counts[code] = count + 1;
    }
    let from = 0;
    const ends = found.map((code) => {
      const to = from + (counts[code] ?? 0);
      const group = { code, from, to };
      counts[code] = from;
      from = to;
      return group;
    });
    for (let row = 0; row < rows; row++) {
      const code = codes[row] ?? 0;
      const place = counts[code] ?? 0;
      order[place] = row;
      counts[code] = place + 1;
    }
    this.groups = ends.map((group) => ({ ...group, bits: this.bitsOf(group) }));
    this.missing.fill(0);
    for (const [place, group] of this.groups.entries()) {
      this.groupPlaces[group.code] = place;
      if (group.code < noValues.length) this.addRows(this.missing, group);
    }
    for (const code of found) counts[code] = 0;
  }

  addRows(bits: Bits, { from, to, bits: many }: RowGroup): void {
    if (many !== undefined) addBits(bits, many);
    else for (let place = from; place < to; place++) setBit(bits, this.order[place] ?? 0);
  }

  removeRows(bits: Bits, { from, to, bits: many }: RowGroup): void {
    if (many !== undefined) removeBits(bits, many);
    else for (let place = from; place < to; place++) clearBit(bits, this.order[place] ?? 0);
  }

  private bitsOf({ from, to }: { readonly from: number; readonly to: number }): Bits | undefined {
    if (to - from < manyRows) return undefined;
    const bits = newBits();
    for (let place = from; place < to; place++) setBit(bits, this.order[place] ?? 0);
    return bits;
  }
}
