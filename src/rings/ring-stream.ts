import type { RingEntry } from './ring-entry.js';

/** A place in the stream, behind an entry. Opaque to readers; plain JSON, so that it can be stored. */
export interface StreamPlace {
  /** Of the transaction that committed the entry; as text, for it has 64 bits. */
  readonly transaction: string;
  /** Within a transaction events come before standings. */
  readonly part: 0 | 1;
  readonly id: string;
}

export interface StreamPage {
  readonly entries: readonly RingEntry[];
  /** Where to read on; the place asked for when there was nothing behind it. */
  readonly next: StreamPlace | undefined;
}

/**
 * Port: what was committed, in one order that never changes. An entry is seen only when nothing can come before it any
 * more, so that whoever reads on from a place misses nothing. A standing is the account's newest: earlier ones that were
 * replaced before they were read are not told.
 */
export interface RingStream {
  /** From the beginning when there is no place yet. Rejects when the store is away. */
  read(after: StreamPlace | undefined, limit: number): Promise<StreamPage>;
  /**
   * Before a first reading: makes the stream whole where the store was moved to another server. Snapshots and places of
   * before are gone then.
   */
  mend(): Promise<void>;
  /** Age in milliseconds of the oldest entry behind the place that is committed; 0 when all is read. */
  lagMs(after: StreamPlace | undefined): Promise<number>;
}
