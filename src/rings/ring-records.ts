import type { AccessState } from '../model/access.js';
import type { RingReading } from '../model/ring.js';
import type { Instant } from '../model/time.js';

/** open: nothing was found against it. detected: a live ring rule fired. dissolved: its links ran out. */
export const ringStates = ['open', 'detected', 'dissolved'] as const;
export type RingState = (typeof ringStates)[number];

/** What lists of rings are sorted by: the largest first. */
export const ringSort = 'size';

/** A ring as it is kept in the truth. */
export interface RingRecord {
  readonly id: string;
  readonly state: RingState;
  /** Accounts; stops at `ringSizeMost`. */
  readonly size: number;
  readonly firstSeenAt: Instant;
  readonly changedAt: Instant;
  /** As of `changedAt`; none once it is dissolved. */
  readonly reading: RingReading | null;
  readonly detectedAt: Instant | null;
  /** The decision whose rule found it out. */
  readonly decisionId: string | null;
  /** The newest case of the whole ring. */
  readonly caseId: string | null;
}

/** Accounts held together because the ring was found out, or held before and gathered into its case: to be undone as one. */
export interface RingHold {
  readonly batchId: string;
  readonly kind: 'retro_hold' | 'gathering';
  readonly state: string;
  readonly createdAt: Instant;
  readonly undoneAt: Instant | null;
  readonly held: number;
  readonly spared: number;
}

export interface RingMemberRecord {
  readonly accountId: string;
  readonly joinedAt: Instant;
  readonly state: AccessState;
  readonly verified: boolean;
}

/** An account has a link's key; `digest` is what the key is called wherever rings are stored. */
export interface KeyUse {
  readonly accountId: string;
  readonly link: string;
  readonly digest: string;
}

export interface RingFilter {
  readonly state?: RingState | undefined;
  readonly minSize: number;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface RingPage {
  readonly rings: readonly RingRecord[];
  readonly nextCursor: string | null;
}

/** Port: rings for people to look at. Every call takes the id of a ring that went into another for that other's. */
export interface RingRecords {
  /** The largest first. */
  list(filter: RingFilter): Promise<RingPage>;
  get(ringId: string): Promise<RingRecord | undefined>;
  holds(ringId: string): Promise<readonly RingHold[]>;
  /** Oldest first, beyond the one that a page ended with. */
  members(
    ringId: string,
    limit: number,
    after?: Pick<RingMemberRecord, 'joinedAt' | 'accountId'>,
  ): Promise<readonly RingMemberRecord[]>;
  /** Keys of these accounts, each once an account; those that are hubs now are left out. */
  keyUses(accountIds: readonly string[]): Promise<readonly KeyUse[]>;
}
