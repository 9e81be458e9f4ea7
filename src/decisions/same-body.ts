import type { EventType } from '../model/event.js';
import type { DecisionRecord, StoredDecision } from './decision-log.js';

/** What an erasure leaves of the hash of an event's body. */
export const erasedBodyHash = 'erased';

/** An event that comes under an id that is taken. */
export interface SentBody {
  readonly accountId: string;
  readonly type: EventType;
  readonly bodyHash: string;
  /** As decisions kept it before hashes of bodies had a key; asked for only where they have to be compared. */
  readonly formerBodyHash: () => string | undefined;
}

/**
 * Whether the event that was decided has been sent again. Of an erased one nothing is left to compare but whose it was: its
 * account gets the decision of then, nobody else gets anything.
 */
export function isSameBody({ decision, bodyHash }: Pick<StoredDecision, 'decision' | 'bodyHash'>, sent: SentBody) {
  if (bodyHash === erasedBodyHash) return decision.account_id === sent.accountId && decision.type === sent.type;
  return bodyHash === sent.bodyHash || bodyHash === sent.formerBodyHash();
}

export const sentBodyOf = (record: DecisionRecord): SentBody => ({
  accountId: record.draft.account_id,
  type: record.draft.type,
  bodyHash: record.bodyHash,
  formerBodyHash: () => record.formerBodyHash,
});
