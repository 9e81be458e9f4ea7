import type { BacktestRow, BacktestSource } from '../../src/backtest/backtest-source.js';
import { ColumnBlock } from '../../src/backtest/column-block.js';
import type { LayoutEntry } from '../../src/backtest/contender.js';
import type { EventType } from '../../src/model/event-type.js';
import { Immature, type Reading, Unavailable } from '../../src/model/value.js';
import type { RandomSource } from './expression/random-source.js';

export const rowsStart = Date.parse('2026-05-01T00:00:00Z');

/** A row that differs from others in what the test says. */
export const aRow = (number: number, readings: readonly Reading[], more: Partial<BacktestRow> = {}): BacktestRow => ({
  eventId: `evt_${number}`,
  accountId: `acct_${number}`,
  type: 'signup',
  at: rowsStart + number * 60_000,
  readings,
  ...more,
});

/** Rows whose readings are told by name, as a source of 100 at a time. */
export const sourceOf = (
  rows: readonly (Partial<BacktestRow> & { readonly given: Readonly<Record<string, Reading>> })[],
): BacktestSource => ({
  async *rows(layout) {
    const all = rows.map(({ given, ...more }, number) =>
      aRow(
        number,
        layout.map((name) => given[name]),
        more,
      ),
    );
    for (let from = 0; from < all.length; from += 100) yield all.slice(from, from + 100);
  },
});

/** A block with these rows, ready to run on. */
export function blockOf(
  layout: readonly Pick<LayoutEntry, 'name' | 'type'>[],
  rows: readonly BacktestRow[],
  prepare: (block: ColumnBlock) => void,
): ColumnBlock {
  const block = new ColumnBlock(layout);
  prepare(block);
  refill(block, rows);
  return block;
}

export function refill(block: ColumnBlock, rows: readonly BacktestRow[]): void {
  block.begin();
  for (const row of rows) block.add(row);
  block.seal();
}

const texts = ['', 'a', 'mail.example', 'uni.example', 'education', 'standard', 'prepaid', 'credit', 'hosting'];

/** Often the same few, so that conditions meet them; a tenth is missing for one reason or another. */
export function randomReading({ type }: Pick<LayoutEntry, 'type'>, random: RandomSource): Reading {
  const roll = random.below(100);
  if (roll < 8) return undefined;
  if (roll < 11) return new Unavailable('store_down');
  if (roll < 14) return new Immature('baseline_young');
  if (type === 'boolean') return random.once(2);
  if (type === 'string') return random.pick(texts);
  return random.once(30) ? Number.POSITIVE_INFINITY : random.below(80) / 4;
}

export const randomType = (random: RandomSource): EventType =>
  random.pick(['signup', 'signup', 'signup', 'payment_method_added', 'api_key_created', 'api_key_used']);
