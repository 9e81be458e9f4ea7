import type { Outcome } from '../../model/rule.js';
import type { Instant } from '../../model/time.js';

interface OutcomeBucket {
  readonly at: Instant;
  readonly outcomes: Readonly<Record<Outcome, number>>;
}

/** Decisions of one minute that missed one thing, for example `velocity_unavailable`. */
export interface DegradedMinute {
  readonly at: Instant;
  readonly missing: string;
  readonly decisions: number;
}

interface JumpedRule {
  readonly rule: string;
  readonly fired: number;
  readonly evaluated: number;
  /** 0 to 1, of the day before. */
  readonly usualShare: number;
}

export interface OverviewFigures {
  /** Signups decided, by outcome, in buckets of `bucketMs`, oldest first; a bucket without any is left out. */
  readonly signups: readonly OutcomeBucket[];
  readonly bucketMs: number;
  readonly signupsLast5m: number;
  /** Signups a minute in the same hour of each of the last seven days on which there was this installation. */
  readonly usualPerMinute: readonly number[];
  readonly cases: { readonly open: number; readonly late: number; readonly oldestAt: Instant | null };
  /** Accounts that were held or denied and that a label of the last seven days tells about. */
  readonly labelled: { readonly fraud: number; readonly honest: number };
  /** Accounts whose access rests on a decision that missed something. */
  readonly provisional: number;
  /** Oldest first; of very many decisions the latest only. */
  readonly degraded: readonly DegradedMinute[];
  readonly rulesets: readonly { readonly version: string; readonly hash: string; readonly at: Instant }[];
  readonly growingRings: readonly { readonly id: string; readonly size: number; readonly growth1h: number }[];
  /** Rules that fire on a far larger share of events, in this hour and the one before, than in the day before that. */
  readonly jumped: readonly JumpedRule[];
}

export interface OverviewSpan {
  readonly from: Instant;
  readonly now: Instant;
  readonly bucketMs: number;
}

/** Port: figures of the truth for the first page that people look at. */
export interface OverviewReader {
  read(span: OverviewSpan): Promise<OverviewFigures>;
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
