/**
 * Port: who is deciding an event right now. A fast path only; the decision log's unique event id is the truth.
 * A claim runs out by itself (5 s), so that a killed process blocks no retry for long.
 */
export interface EventLedger {
  /** `bodyHash` is the hash of the canonical JSON of the body. */
  claim(eventId: string, bodyHash: string): Promise<LedgerClaim>;
  /** After the commit: kept for a day. Best effort. */
  settle(eventId: string, bodyHash: string): Promise<void>;
  /** After a refusal or a failure, so that a retry may go on at once. Best effort. */
  abandon(eventId: string): Promise<void>;
}

export type LedgerClaim =
  | { readonly kind: 'new' }
  | { readonly kind: 'in_flight' }
  /** Decided before with this body: fetch it from the decision log. */
  | { readonly kind: 'decided' }
  | { readonly kind: 'mismatch' }
  /** The ledger could not be asked: go on, the decision log decides. */
  | { readonly kind: 'unavailable' };
