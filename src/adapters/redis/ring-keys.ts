import type { Instant } from '../../model/time.js';
import type { RingFigures } from '../../rings/ring-figures.js';
import { digestOf } from './digest.js';

/** Both in one slot. The mark is `epoch/layout worker@generation step`. */
export const ringMarkKey = 'portcullis:{rings}:mark';
export const ringRewriteKey = 'portcullis:{rings}:rewrite';

/** One more with every change of what the keys below hold: versions that share a Redis believe only rings that they can read. */
const layout = 3;

interface RingOwner {
  readonly epoch: string;
  readonly worker: string;
  /** Of the entries that were written by then: one that is older was not written again since, and is not in the rings any more. */
  readonly generation: number;
}

/** All of the mark but its step. */
export const ringOwnerText = ({ epoch, worker, generation }: RingOwner): string =>
  `${epoch}/${layout} ${worker}@${generation}`;

/** The oldest generation to be believed; undefined where these rings are not this installation's, or not written as this version reads. */
export function shownGeneration(mark: unknown, epoch: string): number | undefined {
  if (typeof mark !== 'string' || !mark.startsWith(`${epoch}/${layout} `)) return undefined;
  const found = /@(\d+) \d+$/.exec(mark)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** What a key holds, with the generation in which it was written. */
export const entryText = (generation: number, text: string): string => `${generation.toString(36)} ${text}`;

/**
 * What an entry says that was written in this generation or a later one: who writes everything anew has come as far as it.
 * Older ones come from a copy of Redis that was put back.
 */
export function believedEntry(entry: unknown, generation: number): string | undefined {
  if (typeof entry !== 'string') return undefined;
  const end = entry.indexOf(' ');
  return Number.parseInt(entry.slice(0, end), 36) >= generation ? entry.slice(end + 1) : undefined;
}

/** Ring of a link's key: a ring id and until when the key leads to it. Ring of an account: its id. Each has a slot of its own. */
export const linkRingKey = (key: string): string => `rk:{${key}}`;
export const accountRingKey = (accountId: string): string => `ra:{${digestOf(accountId)}}`;
/** What a ring is: its figures as JSON, or `>` and the ring that it went into. */
export const ringKey = (ringId: string): string => `rs:{${ringId}}`;

/** Requests of its limited members on one day (UTC, days since 1970). */
export const ringRequestsKey = (ringId: string, day: number): string => `rq:{${ringId}}:${day}`;

interface StoredLead {
  readonly ringId: string;
  readonly endsAt: Instant;
}

export const leadText = ({ ringId, endsAt }: StoredLead): string => `${ringId} ${endsAt}`;

export function storedLead(text: string | undefined): StoredLead | undefined {
  if (text === undefined) return undefined;
  const [ringId = '', endsAt = ''] = text.split(' ');
  return { ringId, endsAt: Number(endsAt) };
}

export const aliasText = (into: string): string => `>${into}`;

type StoredRing =
  | { readonly kind: 'alias'; readonly into: string }
  | { readonly kind: 'ring'; readonly figures: RingFigures };

/** Undefined when there is none, or nothing that this version can read. */
export function storedRing(text: string | undefined): StoredRing | undefined {
  if (text === undefined) return undefined;
  if (text.startsWith('>')) return { kind: 'alias', into: text.slice(1) };
  const figures: RingFigures = JSON.parse(text);
  return { kind: 'ring', figures };
}
