import type { Outcome } from '../../model/rule.js';
import type { Instant } from '../../model/time.js';

export interface OutcomeBucket {
  readonly at: Instant;
  readonly outcomes: Readonly<Record<Outcome, number>>;
}

export interface OverviewFigures {
  /** Signups decided, by outcome, in buckets of `bucketMs`, oldest first; a bucket without any is left out. */
  readonly signups: readonly OutcomeBucket[];
  readonly bucketMs: number;
  readonly signupsLast5m: number;
  /** Signups in the same hour of each of the last seven days, as far as there were any, a minute. */
  readonly usualPerMinute: readonly number[];
  readonly cases: { readonly open: number; readonly late: number; readonly oldestAt: Instant | null };
  /** Accounts that were held or denied and that a label of the last seven days tells about. */
  readonly labelled: { readonly fraud: number; readonly honest: number };
  /** Accounts whose access rests on a decision that missed something. */
  readonly provisional: number;
  readonly rulesets: readonly { readonly version: string; readonly hash: string; readonly at: Instant }[];
  readonly growingRings: readonly { readonly id: string; readonly size: number; readonly growth1h: number }[];
  /** Rules that fired in the last hour far more often than in the day before it. */
  readonly jumped: readonly { readonly rule: string; readonly lastHour: number; readonly usualPerHour: number }[];
}

/** Port: figures of the truth for the first page that people look at. */
export interface OverviewReader {
  read(span: { readonly from: Instant; readonly now: Instant; readonly bucketMs: number }): Promise<OverviewFigures>;
}

const keptMs = 10_000;

/** Everyone who looks within ten seconds sees the same figures: they are read once. */
export function keepFigures(reader: OverviewReader): OverviewReader {
  const kept = new Map<string, { readonly at: Instant; readonly figures: Promise<OverviewFigures> }>();
  return {
    read(span) {
      const name = `${Math.round((span.now - span.from) / 60_000)}/${span.bucketMs}`;
      const before = kept.get(name);
      if (before !== undefined && span.now - before.at < keptMs) return before.figures;
      const figures = reader.read(span);
      kept.set(name, { at: span.now, figures });
      // A failure is not kept.
      figures.catch(() => kept.delete(name));
      return figures;
    },
  };
}
