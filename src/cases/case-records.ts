import type { AuditMessage } from '../audit/audit-trail.js';
import type { AccessCause, AccessState } from '../model/access.js';
import type { Case } from '../model/case.js';
import type { AccountLabel, Label } from '../model/label.js';
import type { VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import type { OutboxMessage } from '../outbox/outbox.js';
import type { AccessBatch, BatchAccount, BatchResult, RingDetection } from './access-batch.js';
import type { Picker } from './fair-lane.js';
import type { CaseEntry, CaseFilter, CasePage } from './review-queue.js';

/** An account as people and verifications change it. */
export interface AccountRecord {
  readonly accountId: string;
  readonly state: AccessState;
  readonly version: number;
  readonly cause: AccessCause;
  readonly requestsPerDay: number | null;
  readonly verified: boolean;
  readonly clearedRules: readonly string[];
  readonly label: Label | null;
  readonly changedAt: Instant;
  /** Limited only because it is new. */
  readonly probation: boolean;
  readonly firstSeenAt: Instant;
  /** First payment method. */
  readonly firstPaymentAt: Instant | null;
}

export interface CaseRecord extends Omit<Case, 'asksFor'> {
  /** Rules that held the account: what an approval clears. */
  readonly rules: readonly string[];
  /** Rises with every claim: what a token fences with. */
  readonly claimNumber: number;
  /** When the decision reached the account; null until then. */
  readonly appliedAt: Instant | null;
  /** The case's version when a machine step was last asked for; part of the job id and of request ids. */
  readonly jobVersion: number;
  /** Who may not decide it: an appeal is for another person than who held or denied the account. */
  readonly barredActor: string | null;
  /** When its being late was told; null until then. */
  readonly breachedAt: Instant | null;
  /** Of a ring: what was decided, or undone, has not reached all its members yet. */
  readonly settling: boolean;
  /** Of a ring: the label that the decision gives to its members. */
  readonly memberLabel: Label | null;
  /** Its priority has what a fraud label adds, of whichever of its accounts: no second one adds it again. */
  readonly fraudLabelled: boolean;
}

/** An account in the case of its ring. */
export interface CaseMember {
  readonly caseId: string;
  readonly accountId: string;
  readonly joinedAt: Instant;
  /** Settled for itself: verified, released, approved, taken back. */
  readonly leftAt: Instant | null;
  /** The access version that a rejection of the whole ring gave it. */
  readonly deniedVersion: number | null;
}

export interface VerificationRecord {
  readonly id: string;
  readonly accountId: string;
  readonly caseId: string | null;
  readonly method: VerificationMethod;
  readonly state: 'requested' | 'passed' | 'failed' | 'expired';
  readonly evidence: Readonly<Record<string, string>>;
  readonly requestedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly actor: string;
  /** Whoever checks it said `passed`, but so many others had shown the same: it counts as failed, and as evidence. */
  readonly sharedBy?: number | undefined;
}

export interface LabelRecord extends AccountLabel {
  readonly recordedAt: Instant;
  readonly actor: string;
}

/** A decision that limits an account: what it asked for, and the rules that fired. */
export interface LimitingDecision {
  readonly verify: readonly VerificationMethod[];
  readonly rules: readonly string[];
}

/** What a case takes over from its account's newest decision. */
export interface LastDecision {
  readonly id: string;
  /** The ring that it saw the account in. */
  readonly ringId: string | null;
}

/** Everything one step writes, all or nothing. */
export interface CaseChanges {
  readonly accounts: readonly AccountRecord[];
  readonly cases: readonly CaseRecord[];
  readonly members: readonly CaseMember[];
  readonly batchAccounts: readonly BatchAccount[];
  readonly entries: readonly (CaseEntry & { readonly caseId: string })[];
  readonly verifications: readonly VerificationRecord[];
  readonly labels: readonly LabelRecord[];
  /** Labels to be taken back, with their undelivered outbox messages. */
  readonly withdrawnLabels: readonly { readonly accountId: string; readonly source: string }[];
  /** What is to follow for earlier members of rings; a ring that had its batch gets no other. */
  readonly batches: readonly RingDetection[];
  readonly outbox: readonly OutboxMessage[];
  readonly audit: readonly AuditMessage[];
}

/** What a step sees: locked until it has written. */
export interface Loaded {
  readonly account: AccountRecord | undefined;
  /**
   * By case: that case. By account: its undecided case, its own or its ring's, else one whose approval has not been
   * applied yet.
   */
  readonly case: CaseRecord | undefined;
  /** Where that case is a ring's, and the account is in it. */
  readonly member?: CaseMember | undefined;
  /** No other account is in that ring's case. */
  readonly isLastMember?: boolean | undefined;
  /** By case: another case of the account, or of the ring, is undecided. */
  readonly hasOtherUndecided: boolean;
  /** The account's verifications, oldest first. */
  readonly verifications: readonly VerificationRecord[];
  /** The asked `verificationId` is that of a verification of another account. */
  readonly isIdOfAnother?: boolean | undefined;
  /** The account's labels, oldest first. */
  readonly labels: readonly LabelRecord[];
  /**
   * Rules that fired for the account from the opening of the case to its decision, or ever where there is no case:
   * what whoever admits the account has seen, and what would limit or hold it again at its next event.
   */
  readonly hitRules: readonly string[];
  /** By account: its newest decision, which a case that no decision opens shows; undefined where none is kept. */
  readonly lastDecision?: LastDecision | undefined;
  /**
   * The decisions since the account was limited that say so, where one of them limited it; empty where it is limited for
   * another reason, or because an input could not be had: it is judged again then.
   */
  readonly limits: readonly LimitingDecision[];
}

export interface Planned<T> {
  readonly answer: T;
  readonly changes?: CaseChanges | undefined;
}

/** Several accounts, and what belongs to one ring, locked together. */
export interface ManySubject {
  readonly accountIds: readonly string[];
  /** The ring's case by its id, or the undecided one of a ring. */
  readonly ringCase: { readonly caseId: string } | { readonly ringId: string } | undefined;
  readonly batch?: { readonly batchId: string } | { readonly ringId: string } | undefined;
  /**
   * Asks how many accounts batches have held after this. Whoever asks at the same time is answered when this has been
   * written, so that all together keep to one budget.
   */
  readonly heldSince?: Instant | undefined;
}

/** Of an account that is not there, or of none. */
export const nothingLoaded: Loaded = {
  account: undefined,
  case: undefined,
  hasOtherUndecided: false,
  verifications: [],
  labels: [],
  hitRules: [],
  limits: [],
};

/** What a step on several cases sees of each. */
export type LoadedCase = Pick<Loaded, 'account' | 'verifications' | 'labels'> & { readonly case: CaseRecord };

export interface LoadedMany {
  readonly ringCase: CaseRecord | undefined;
  /** Accounts beside the asked ones are in that case. */
  readonly hasOtherMembers: boolean;
  readonly batch: AccessBatch | undefined;
  /** What the batch has noted of the asked accounts; null for those not looked at. */
  readonly results: ReadonlyMap<string, BatchResult | null>;
  /** In order of ids; an account that is gone is left out. */
  readonly accounts: readonly LoadedOne[];
  /** Undefined where it was not asked. */
  readonly heldSince: number | undefined;
}

export interface LoadedOne {
  readonly account: AccountRecord;
  /** Its undecided case, its own or a ring's, else one of its own whose approval has not been applied yet. */
  readonly case: CaseRecord | undefined;
  /** The case of its own that the given batch has closed. */
  readonly closed: CaseRecord | undefined;
  /** Its place in the given case, where it is in it now. */
  readonly member: CaseMember | undefined;
  readonly labels: readonly LabelRecord[];
  /** Rules that ever fired for it, as far as the latest decisions tell. */
  readonly hitRules: readonly string[];
}

/** Which members of a ring's case are still to be told: of an approval, a rejection, an undone rejection. */
export type MembersLeft = 'current' | 'not_denied' | 'denied';

export interface NextPick extends Picker {
  readonly now: Instant;
}

/** `verificationId`: what is about to be recorded under it, for nobody else at the same time. */
export type AccountSubject = { readonly accountId: string; readonly verificationId?: string | undefined };
export type Subject = { readonly caseId: string } | AccountSubject;

/**
 * Port beneath the queue and all that changes accounts: rows, locks and one transaction a step. Locks are taken on the id of a
 * verification first, then on the account, then on its case, so that two steps never wait for each other in a circle.
 */
export interface CaseRecords {
  list(filter: CaseFilter): Promise<CasePage>;
  get(caseId: string): Promise<{ case: Case; timeline: readonly CaseEntry[] } | undefined>;
  /** Loads and locks, lets `plan` decide, writes what it says. `plan` is pure and may run again. */
  change<T>(subject: Subject, plan: (loaded: Loaded) => Planned<T>): Promise<T>;
  /** As `change`, for the next claimable case that no one else has locked; the account is not loaded. */
  changeNext<T>(pick: NextPick, plan: (found: CaseRecord) => Planned<T>): Promise<T | undefined>;
  /** As `change`, for a page of accounts; locks are taken on the budget, the batch, the accounts in order, then the ring's case. */
  changeMany<T>(subject: ManySubject, plan: (loaded: LoadedMany) => Planned<T>): Promise<T>;
  /**
   * As `change`, for several cases by their ids in one step, by which they are asked for; one that is not there is left out.
   * Locks are taken on the accounts in order, then on the cases in order.
   */
  changeCases<T>(caseIds: readonly string[], plan: (loaded: ReadonlyMap<string, LoadedCase>) => Planned<T>): Promise<T>;
  /** Undecided, late, and not told to be; the longest late first. */
  unbreached(now: Instant, limit: number): Promise<readonly string[]>;
  /** In order of ids; `after` is the last one of the page before. */
  membersLeft(
    caseId: string,
    which: MembersLeft,
    page: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<readonly string[]>;
  /**
   * Approvals whose `effectiveAt` has come and that have not been applied, and cases of rings whose members have not all
   * been told; oldest first.
   */
  dueApprovals(now: Instant, limit: number): Promise<readonly string[]>;
}
