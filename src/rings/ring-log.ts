import type { RingBatch } from './ring-batch.js';
import type { StreamPlace } from './ring-stream.js';

/** The worker's memory and the place in the stream that it had come to then. */
export interface RingSnapshot {
  readonly place: StreamPlace | undefined;
  readonly pieces: readonly string[];
}

/** The right to write rings, held by one worker at a time; every write says under which it is made. */
export interface RingLease {
  readonly token: number;
}

/**
 * Port: rings in the truth, written by one worker only. A write under a lease that another has taken over gives
 * `undefined` or false and changes nothing. All reject when the store is away.
 */
export interface RingLog {
  /** Undefined while another worker's lease lasts. */
  claim(leaseMs: number): Promise<RingLease | undefined>;
  renew(lease: RingLease, leaseMs: number): Promise<boolean>;
  /** Lets another claim at once. */
  release(lease: RingLease): Promise<void>;
  /** Rings whose size passed a power of two, or that took in another ring. */
  write(lease: RingLease, batch: RingBatch): Promise<readonly string[] | undefined>;
  /** Before the stream is read from its beginning: no ring is open, nobody is a member. The rings that were. */
  restart(lease: RingLease): Promise<readonly string[] | undefined>;
  saveSnapshot(lease: RingLease, snapshot: RingSnapshot): Promise<boolean>;
  /** The newest whole one. */
  snapshot(): Promise<RingSnapshot | undefined>;
}
