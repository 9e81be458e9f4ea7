import type { LinkSpec } from '../model/link.js';
import type { Instant } from '../model/time.js';
import type { StoredRing } from './ring.js';

/** Raised whenever the form changes: a snapshot of another form is not read, and the stream is read from its beginning. */
export const snapshotVersion = 2;

/** The first piece. */
export interface SnapshotHead {
  readonly version: number;
  readonly now: Instant;
  readonly links: readonly LinkSpec[];
  /** Rows that follow in all. */
  readonly rows: number;
}

export type StoredAccount = [
  id: string,
  seen: [first: Instant, joined: Instant, standing: Instant],
  flags: number,
  traits: [prefix: number, asn: number, template: number],
  /** Position of its ring among those of the snapshot; -1 is none. */
  ring: number,
];
export type StoredKey = [high: number, low: number, link: number, flags: number, lead: number];
export type StoredUse = [account: number, key: number, at: Instant];
export type StoredAlias = [id: string, ring: number, at: Instant];

/** Rows of one kind; kinds follow each other in the order in which they are read. */
export type SnapshotPiece =
  | { readonly rings: readonly StoredRing[] }
  | { readonly aliases: readonly StoredAlias[] }
  | { readonly accounts: readonly StoredAccount[] }
  | { readonly keys: readonly StoredKey[] }
  | { readonly uses: readonly StoredUse[] };
