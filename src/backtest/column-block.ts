import { type EventType, eventTypes } from '../model/event-type.js';
import type { InputInfo } from '../model/expression-scope.js';
import type { BacktestRow } from './backtest-source.js';
import { type Bits, blockRows, fillRows, newBits, setBit } from './bits.js';
import { Column } from './column.js';

/** An input by its place in a row's readings. */
type LayoutInput = Pick<InputInfo, 'name' | 'type'>;

/** Some thousand rows, turned into columns. One block is filled again and again. */
export class ColumnBlock {
  readonly columns: readonly Column[];
  readonly rows: BacktestRow[] = [];
  /** Rows that are there. */
  readonly present = newBits();
  private readonly byType: ReadonlyMap<EventType, Bits> = new Map(eventTypes.map((type) => [type, newBits()]));

  private readonly counts = new Map<EventType, number>();

  /** Counts the fillings: what was worked out for another is worth nothing. */
  filling = 0;

  constructor(layout: readonly LayoutInput[]) {
    this.columns = layout.map(({ type }) => new Column(type));
  }

  get isFull(): boolean {
    return this.rows.length === blockRows;
  }

  rowsOf(type: EventType): Bits {
    const bits = this.byType.get(type);
    if (bits === undefined) throw new Error(`no rows for ${type}`);
    return bits;
  }

  countOf(type: EventType): number {
    return this.counts.get(type) ?? 0;
  }

  begin(): void {
    this.counts.clear();
    this.rows.length = 0;
    this.filling++;
    for (const bits of this.byType.values()) bits.fill(0);
    for (const column of this.columns) column.begin();
  }

  /** Keeps a copy of the readings: sources fill one array again and again. */
  add(row: BacktestRow): void {
    const place = this.rows.length;
    const readings = row.readings.slice();
    this.rows.push({ ...row, readings });
    setBit(this.rowsOf(row.type), place);
    this.counts.set(row.type, this.countOf(row.type) + 1);
    for (let index = 0; index < this.columns.length; index++)
      this.columns[index]?.set(place, readings[index], row.type);
  }

  seal(): void {
    fillRows(this.present, this.rows.length);
    for (const column of this.columns) column.seal(this.rows.length);
  }
}
