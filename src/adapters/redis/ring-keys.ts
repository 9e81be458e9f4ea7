import type { Instant } from '../../model/time.js';
import type { RingFigures } from '../../rings/ring-figures.js';
import { digestOf } from './digest.js';

/** Both in one slot. The mark is `epoch/layout worker step`. */
export const ringMarkKey = 'portcullis:{rings}:mark';
export const ringRewriteKey = 'portcullis:{rings}:rewrite';

/** One more with every change of what the keys below hold: versions that share a Redis believe only rings that they can read. */
const layout = 2;
/** How the mark of rings begins that this installation wrote, and in the way that this version reads. */
export const ringMarkStart = (epoch: string): string => `${epoch}/${layout}`;
export const isRingMarkOf = (mark: unknown, epoch: string): boolean =>
  typeof mark === 'string' && mark.startsWith(`${ringMarkStart(epoch)} `);

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

export function storedLead(text: unknown): StoredLead | undefined {
  if (typeof text !== 'string') return undefined;
  const [ringId = '', endsAt = ''] = text.split(' ');
  return { ringId, endsAt: Number(endsAt) };
}

export const aliasText = (into: string): string => `>${into}`;

type StoredRing =
  | { readonly kind: 'alias'; readonly into: string }
  | { readonly kind: 'ring'; readonly figures: RingFigures };

/** Undefined when there is none, or nothing that this version can read. */
export function storedRing(text: unknown): StoredRing | undefined {
  if (typeof text !== 'string') return undefined;
  if (text.startsWith('>')) return { kind: 'alias', into: text.slice(1) };
  const figures: RingFigures = JSON.parse(text);
  return { kind: 'ring', figures };
}
