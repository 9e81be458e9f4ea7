import type { Reading } from '../model/value.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { BacktestRow, BacktestSource } from './backtest-source.js';
import { StoredReader } from './stored-reader.js';
import type { StoredRow, StoredVariant } from './stored-row.js';

interface StoredRowsInput {
  /** Pages of decisions, in the order in which they were made. */
  readonly pages: AsyncIterable<readonly StoredRow[]>;
  readonly variants: readonly StoredVariant[];
  /** The rule set that decided; undefined where it is not known any more. */
  readonly ruleSetOf: (hash: string) => Promise<RuleSet | undefined>;
}

/**
 * Decisions of a running service as past events: what each decision saw is in its record, so nothing is replayed. What was
 * not recorded is `notStored`, never absent.
 */
export class StoredRows implements BacktestSource {
  private readonly readers = new Map<string, StoredReader>();

  constructor(private readonly input: StoredRowsInput) {}

  async *rows(layout: readonly string[]): AsyncGenerator<Iterable<BacktestRow>> {
    const readings = new Array<Reading>(layout.length).fill(undefined);
    for await (const page of this.input.pages) {
      for (const hash of new Set(page.map(({ ruleSet }) => ruleSet))) await this.prepare(hash, layout);
      yield this.rowsOf(page, readings);
    }
  }

  private async prepare(hash: string, layout: readonly string[]): Promise<void> {
    if (this.readers.has(hash)) return;
    const then = await this.input.ruleSetOf(hash);
    this.readers.set(hash, new StoredReader({ ruleSetOfThen: then, layout, variants: this.input.variants }));
  }

  private *rowsOf(page: readonly StoredRow[], readings: Reading[]): Generator<BacktestRow> {
    for (const row of page) {
      const reader = this.readers.get(row.ruleSet);
      if (reader === undefined) continue;
      reader.read(row, readings);
      yield {
        eventId: row.eventId,
        accountId: row.accountId,
        type: row.type,
        at: row.decidedAt,
        readings,
        clearedRules: reader.clearedThen(row),
        decided: row.outcome,
        label: row.label,
      };
    }
  }
}
