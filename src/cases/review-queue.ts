import type { Access } from '../model/access.js';
import type { Case, CaseDecision, CaseState } from '../model/case.js';
import type { Label } from '../model/label.js';
import type { Problem } from '../model/problem.js';
import type { Result } from '../model/result.js';
import type { Clock, Instant } from '../model/time.js';

/** Saved views of the queue; what they show is in `queue-views.ts`. */
export const queueViews = ['mine', 'unclaimed', 'due', 'rings', 'appeals', 'snoozed', 'escalated'] as const;
export type QueueView = (typeof queueViews)[number];

export interface CaseFilter {
  readonly view?: QueueView | undefined;
  /** Whose `mine` is. */
  readonly actor?: string | undefined;
  /** Leases and snoozes that are over by then count as over, and `due` counts from it. Without it, as it was written. */
  readonly now?: Instant | undefined;
  /** How the account's id begins; of a ring's case any of its members (the first `membersSearched` that begin so). */
  readonly q?: string | undefined;
  /** Of the address that the decision saw, else of the signup's. */
  readonly country?: string | undefined;
  readonly minScore?: number | undefined;
  readonly state?: CaseState | undefined;
  readonly reason?: string | undefined;
  readonly ring?: string | undefined;
  readonly accountId?: string | undefined;
  /** `priority`: with what waiting has added. */
  readonly sort: 'priority' | 'opened_at' | 'due_at';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A case with what its row shows of the decision and the ring behind it; null where it is not known. */
export interface ListedCase extends Case {
  readonly seen: CaseSeen;
}

export interface CaseSeen {
  readonly title: string | null;
  readonly country: string | null;
  /** `AS` and its number. */
  readonly network: string | null;
  readonly emailDomain: string | null;
  /** Of a ring's case: accounts in the ring now. */
  readonly ringSize: number | null;
}

export interface CasePage {
  readonly cases: readonly ListedCase[];
  readonly nextCursor: string | null;
}

/** A lease with its fencing token: an older token can no longer write, and this one writes for who claimed the case only. */
export interface Claim {
  readonly case: Case;
  readonly claimToken: string;
  readonly leaseUntil: Instant;
}

/** How a case is claimed. */
export interface Claiming {
  /** May have what is escalated. */
  readonly isSenior?: boolean | undefined;
  /** Five minutes by default; a program that is quick is followed sooner, should it die, when it asks for less. */
  readonly leaseMs?: number | undefined;
}

/** Who takes a decision back. */
export type Undoing = Pick<Claiming, 'isSenior'>;

export interface CaseEntry {
  readonly at: Instant;
  readonly actor: string;
  readonly kind: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface DecideCase {
  readonly caseId: string;
  readonly claimToken: string;
  readonly actor: string;
  /** May release or deny a whole ring by its case. */
  readonly isSenior?: boolean | undefined;
  readonly decision: CaseDecision;
  readonly label?: Label | undefined;
  readonly reason?: string | undefined;
  readonly note?: string | undefined;
  readonly now: Instant;
}

/** Several cases with one reason. */
export interface DecideMany extends Pick<DecideCase, 'decision' | 'label' | 'note' | 'actor'> {
  readonly caseIds: readonly string[];
  readonly reason: string;
  readonly isSenior: boolean;
  /** Asked when all of them are at hand: what went before takes nothing of the time to undo. */
  readonly clock: Clock;
}

/** What became of one of several. */
export interface Ended {
  readonly caseId: string;
  readonly result: Result<CaseChange, Problem>;
}

export interface CaseChange {
  readonly case: Case | null;
  readonly access: Access | null;
}

interface Escalation {
  readonly caseId: string;
  readonly reason: string;
  readonly actor: string;
  readonly now: Instant;
}

interface Assignment {
  readonly caseId: string;
  /** The id of a key; null takes the assignment back. */
  readonly to: string | null;
  /** That key may have what is escalated. */
  readonly toSenior?: boolean | undefined;
  readonly actor: string;
  readonly now: Instant;
}

/** Port: the queue as reviewers work with it; each call is one transaction that also writes outbox and audit. */
export interface ReviewQueue {
  list(filter: CaseFilter): Promise<CasePage>;
  get(caseId: string): Promise<{ case: Case; timeline: readonly CaseEntry[] } | undefined>;
  /**
   * The most urgent open case, or one whose lease or snooze has run out; every fourth time the one of the lane that has
   * waited longest. What is assigned to others is passed over, and what is escalated for whoever is no senior.
   * `undefined` = there is nothing for the caller.
   */
  claimNext(actor: string, now: Instant, as?: Claiming): Promise<Claim | undefined>;
  claim(caseId: string, actor: string, now: Instant, as?: Claiming): Promise<Result<Claim, Problem>>;
  /** Waits for a senior from now on; ends the caller's claim. */
  escalate(escalation: Escalation): Promise<Result<Case, Problem>>;
  assign(assignment: Assignment): Promise<Result<Case, Problem>>;
  heartbeat(
    caseId: string,
    claimToken: string,
    actor: string,
    now: Instant,
    leaseMs?: number,
  ): Promise<Result<Claim, Problem>>;
  unclaim(caseId: string, claimToken: string, actor: string, now: Instant): Promise<Result<Case, Problem>>;
  snooze(
    caseId: string,
    claimToken: string,
    until: Instant,
    actor: string,
    now: Instant,
  ): Promise<Result<Case, Problem>>;
  note(caseId: string, text: string, actor: string, now: Instant): Promise<Result<CaseEntry, Problem>>;
  /**
   * approve: reaches the gate at `effectiveAt`, after the undo window, and takes a fraud label back then unless it says a label
   * itself; reject: denied at once.
   */
  decide(decision: DecideCase): Promise<Result<CaseChange, Problem>>;
  /**
   * Several in one transaction, without claims of the caller's own, each for itself: what somebody else works on is left to
   * them, and told. All are decided at one time, so that they can be undone together. In the order of the ids, each once.
   */
  decideMany(decision: DecideMany): Promise<readonly Ended[]>;
  /**
   * Only within the undo window, and while nothing else has changed the account's access since; by whoever might have decided
   * it so: a senior for a ring or what was escalated, and nobody whom its appeal is closed to.
   */
  undo(caseId: string, actor: string, now: Instant, as?: Undoing): Promise<Result<CaseChange, Problem>>;
}
