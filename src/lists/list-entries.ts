import type { ListKind } from '../model/list.js';
import type { Instant } from '../model/time.js';

/** `pending`: nothing reads it until somebody else has confirmed it. */
export type ListEntryState = 'pending' | 'active';

/** An entry that somebody added to a list while the service runs; the list's file stays as it is. */
export interface KeptListEntry {
  readonly id: string;
  readonly list: string;
  /** As it was given. */
  readonly value: string;
  /** The same for every spelling of one value. */
  readonly key: string;
  readonly kind: ListKind;
  readonly state: ListEntryState;
  readonly reason: string;
  readonly addedBy: string;
  readonly addedAt: Instant;
  readonly expiresAt: Instant | null;
  readonly confirmedBy: string | null;
  readonly confirmedAt: Instant | null;
}

/** Who does something, and when: for the audit trail, which never holds the value. */
export interface ListActor {
  readonly actor: string;
  readonly now: Instant;
}

export interface ListEntryPage {
  readonly list: string;
  readonly limit: number;
  /** The last id of the page before; newest first. */
  readonly before?: string | undefined;
  readonly now: Instant;
}

/**
 * Port: what people added to lists. An entry that was removed or has expired is gone: its value is forgotten, and what is
 * left of it stands in the audit trail under its id.
 */
export interface ListEntries {
  /** Rises with every change that anyone makes. */
  revision(): Promise<number>;
  /** What rules read now. */
  active(now: Instant): Promise<readonly KeptListEntry[]>;
  page(query: ListEntryPage): Promise<readonly KeptListEntry[]>;
  /** Entries in use and entries that wait, by list. */
  counts(now: Instant): Promise<ReadonlyMap<string, { readonly active: number; readonly pending: number }>>;
  find(list: string, key: string, now: Instant): Promise<KeptListEntry | undefined>;
  /** False: the list has such an entry already. */
  add(entry: KeptListEntry): Promise<boolean>;
  /** Undefined: there is no such entry that waits, or the actor added it. */
  confirm(list: string, key: string, by: ListActor): Promise<KeptListEntry | undefined>;
  /** False: there is none. */
  remove(list: string, key: string, by: ListActor): Promise<boolean>;
  /** Forgets the values of those that have expired; returns how many. */
  forgetExpired(now: Instant): Promise<number>;
}
