import type { Instant } from '../model/time.js';

/** What Redis was last told of the truth that it is a projection of. */
export interface TruthMark {
  /** Which server, which of its timelines (a promoted replica begins a new one), and which database of it. */
  readonly place: string;
  /** For people: the database's name. */
  readonly name: string;
  /** The newest row of the audit trail then, and what it is known by; 0 and '' before the first. */
  readonly seq: number;
  readonly print: string;
  readonly at: Instant;
}

/** The truth as it is now. */
export interface TruthReading {
  readonly epoch: string;
  /** The mark that made the epoch a new one; undefined where none has. */
  readonly renewedFor: string | undefined;
  readonly place: string;
  readonly name: string;
  readonly newest: Pick<TruthMark, 'seq' | 'print'>;
  /** What the row that the mark names is known by here; undefined where there is none. */
  readonly printOfTold: string | undefined;
}

/**
 * moved: another server, timeline or database, which has the newest that Redis was told of: what followed within that
 * second may be missing. set_back: it does not have it.
 */
export type TruthFinding = 'same' | 'moved' | 'set_back';

export function findingOf(mark: TruthMark, reading: TruthReading): TruthFinding {
  if (mark.seq > 0 && mark.print !== reading.printOfTold) return 'set_back';
  return mark.place === reading.place ? 'same' : 'moved';
}

/** By which the truth remembers a mark: without its time. */
export const nameOfMark = ({ place, seq, print }: TruthMark): string => `${place} ${seq} ${print}`;
