import type { RingBatch } from './ring-batch.js';

/** Everything that the projection shows, written anew. */
export interface RingRewrite {
  write(batch: RingBatch): Promise<void>;
  /** Shows that it is whole; false when what was written is lost again, and then nothing is shown. */
  finish(): Promise<boolean>;
}

/** Port: rings where the hot path reads them. Written by the ring worker only; rejects when the store is away. */
export interface RingProjection {
  /** False when the projection is not the one that was written last: it is shown to nobody, and has to be rewritten. */
  publish(batch: RingBatch): Promise<boolean>;
  /** Is it the one that was written last? Also keeps it from running out. */
  isWhole(): Promise<boolean>;
  /** `isLost`: nobody may believe what is there meanwhile. */
  rewrite(isLost: boolean): Promise<RingRewrite>;
}
