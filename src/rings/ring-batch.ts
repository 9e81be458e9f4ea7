import type { Instant } from '../model/time.js';
import type { HubChange, KeyChange, MemberChange, RingChanges } from './ring-changes.js';
import type { RingFigures } from './ring-figures.js';

/** What a batch of entries changed, once each: what is kept of rings elsewhere has to follow. */
export interface RingBatch {
  readonly at: Instant;
  readonly rings: readonly RingFigures[];
  /** In the order in which they happened. */
  readonly merged: RingChanges['merged'];
  /** Each with the ring that it leads to after the batch, never with one that went into another. */
  readonly aliases: readonly { readonly id: string; readonly into: string }[];
  readonly ended: readonly string[];
  readonly members: readonly MemberChange[];
  readonly keys: readonly KeyChange[];
  readonly hubs: readonly HubChange[];
}
