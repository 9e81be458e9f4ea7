import type { RingReading } from '../model/ring.js';
import type { Instant } from '../model/time.js';
import type { Ring } from './ring.js';
import { MinuteTally } from './ring-tally.js';

/** A ring's statistics as they are written elsewhere: plain JSON, from which a reading at any later time can be made. */
export interface RingFigures {
  readonly firstSeenAt: Instant;
  /** From then on all that held it together has run out. */
  readonly endsAt: Instant;
  /** Minutes since 1970 and how many joined in each; the last hour's. */
  readonly growth: readonly (readonly [minute: number, count: number])[];
  /** As of the time of writing. */
  readonly reading: RingReading;
}

export const figuresOf = (ring: Ring, at: Instant): RingFigures => ({
  firstSeenAt: ring.firstSeen,
  endsAt: ring.endsAt,
  growth: ring.growth.toJSON().map(([minute, count]) => [minute, count] as const),
  reading: ring.read(at),
});

/** What depends on the time is made anew; the rest is as it was written. */
export const readFigures = ({ firstSeenAt, growth, reading }: RingFigures, at: Instant): RingReading => ({
  ...reading,
  growth1h: new MinuteTally(growth.map(([minute, count]) => [minute, count])).within(at),
  ageMs: Math.max(0, at - firstSeenAt),
});
