import type { Access, AccessState } from '../model/access.js';
import type { Instant } from '../model/time.js';

/** What the gate is asked; at least one of the two. */
export interface GateQuestion {
  readonly accountId?: string | undefined;
  readonly apiKeyId?: string | undefined;
}

/** A record the projection holds, or why there is none. */
export type GateRecord =
  | {
      readonly kind: 'known';
      readonly access: Access;
      /** Limited accounts: requests today, this one included. */
      readonly usedToday: number;
    }
  /** Not in the projection, or not confirmed for too long. */
  | { readonly kind: 'missing' }
  /** Both ids were given and the key was announced for another account. */
  | { readonly kind: 'key_of_another_account' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Port: the projection the gate reads (Redis). Records live about ten minutes and are refreshed from the truth. */
export interface GateProjection {
  /**
   * Reads and, for a limited account, counts this request against today's (UTC) quota, atomically. A record that the truth
   * last confirmed before `confirmedSince` is missing, and counts nothing.
   */
  check(question: GateQuestion, now: Instant, confirmedSince?: Instant): Promise<GateRecord>;
  /** Compare-and-set by version: an older one never replaces a newer one. */
  publish(records: readonly GateEntry[]): Promise<void>;
}

export interface GateEntry {
  readonly access: Access;
  /** Keys announced for this account. */
  readonly apiKeyIds: readonly string[];
}

/** Port: the truth, read when the projection misses. */
export interface AccessTruth {
  /** Undefined when it knows no such account or key, or when the key was announced for another account. */
  entryOf(question: GateQuestion): Promise<GateEntry | undefined>;
}

/** Port: requests of the limited members of a ring, all together. */
export interface RingRequests {
  /**
   * Counts this request of the account against today (UTC) of its ring: how many there are now, this one included.
   * Undefined where it is in no ring; rejects where that cannot be found out.
   */
  count(accountId: string, now: Instant): Promise<number | undefined>;
}

type GateState = AccessState | 'unknown';

export interface GateAnswer {
  readonly allowed: boolean;
  readonly state: GateState;
  /** 200, 403 or 429 at the edge. */
  readonly refusal?: 'not_admitted' | 'quota_spent';
  readonly requestsPerDay?: number | undefined;
  readonly remainingToday?: number | undefined;
  readonly degraded: boolean;
}
