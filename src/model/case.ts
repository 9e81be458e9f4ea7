import type { VerificationMethod } from './rule.js';
import type { Instant } from './time.js';

export const caseStates = ['open', 'claimed', 'snoozed', 'decided'] as const;
export type CaseState = (typeof caseStates)[number];

export const caseDecisions = ['approve', 'reject', 'request_verification'] as const;
export type CaseDecision = (typeof caseDecisions)[number];

/** Reason codes of cases that no rule opens. */
export const caseReasons = [
  'history.fraud_label',
  'manual.hold',
  'manual.appeal',
  'ring.retro_hold',
  'policy.unavailable',
] as const;

/** Those of cases that people and labels open: they have words of their own, whatever the account's decisions said. */
export const peoplesReasons: ReadonlySet<string> = new Set([
  'history.fraud_label',
  'manual.hold',
  'manual.appeal',
] satisfies (typeof caseReasons)[number][]);

/** A held account, or the held accounts of a ring, waiting for verification. */
export interface Case {
  readonly id: string;
  readonly accountId: string;
  readonly ringId: string | null;
  /** All held accounts of the ring share this case; `accountId` is the first of them. */
  readonly wholeRing: boolean;
  /** The decision that opened it, else the account's newest when it was opened; null where none is kept. */
  readonly decisionId: string | null;
  readonly state: CaseState;
  /** Higher is more urgent; waiting adds to it (`caseUrgency`). */
  readonly priority: number;
  readonly score: number;
  /** Reason code with most points. */
  readonly reason: string;
  /** What its rules named. */
  readonly verify: readonly VerificationMethod[];
  /** What lifts the hold once all of it has passed: `verify`, else e-mail; none where a person is to decide. */
  readonly asksFor: readonly VerificationMethod[];
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly claimedBy: string | null;
  /** The key that is to decide it; `next` gives it to no other. */
  readonly assignedTo: string | null;
  /** Since when it waits for a senior. */
  readonly escalatedAt: Instant | null;
  readonly leaseUntil: Instant | null;
  readonly snoozedUntil: Instant | null;
  readonly decision: 'approve' | 'reject' | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
  /** When the decision reaches the gate: the end of the undo window. */
  readonly effectiveAt: Instant | null;
  /** When its account asked for another look; of a ring, the latest of its accounts. */
  readonly appealedAt: Instant | null;
  /** Rises with every change; part of the job id. */
  readonly version: number;
}
