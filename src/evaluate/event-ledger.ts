/**
 * Port: who is deciding an event right now, so that two who send it at the same time do not both count it. Whether it was
 * decided is for the decision log to say, which is asked beside it for each event: what the ledger has forgotten, or lost,
 * is neither counted nor remembered a second time.
 * A claim runs out by itself (5 s), so that a killed process blocks no retry for long.
 */
export interface EventLedger {
  /** `bodyHash` is the keyed hash of the canonical JSON of the body: kept as long as the claim. */
  claim(eventId: string, bodyHash: string): Promise<LedgerClaim>;
  /** After the commit: that it is decided is kept for a day, and nothing of what it said. Best effort. */
  settle(eventId: string): Promise<void>;
  /** After a refusal or a failure, so that a retry may go on at once. Best effort. */
  abandon(eventId: string): Promise<void>;
}

export type LedgerClaim =
  | { readonly kind: 'new' }
  | { readonly kind: 'in_flight' }
  /** Decided before: the decision log knows how, and whether it was with this body. */
  | { readonly kind: 'decided' }
  /** Somebody is deciding it with another body. */
  | { readonly kind: 'mismatch' }
  /** The ledger could not be asked: go on without the hot store; the decision log decides. */
  | { readonly kind: 'unavailable' };
