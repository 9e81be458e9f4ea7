import type { AccessCause, AccessState } from '../model/access.js';
import type { Decision } from '../model/decision.js';

/** The case in which somebody has to look at an account. */
export interface CaseOfAccount {
  readonly account_id: string;
  /** Null: none is open any more. */
  readonly case_id: string | null;
  /** It is the case of a whole ring. */
  readonly whole_ring: boolean;
}

interface AnyLine {
  /** Accounts that are in another case than the lines before have told; left out where there are none. */
  readonly cases?: readonly CaseOfAccount[];
}

/** What was decided for one event (contract, section 5). */
export interface DecisionLine extends AnyLine {
  readonly kind: 'decision';
  readonly at: string;
  readonly event_id: string;
  readonly type: Decision['type'];
  readonly account_id: string;
  readonly outcome: Decision['outcome'];
  readonly score: number;
  readonly state: AccessState;
  /** Rules that fired, most points first. */
  readonly rules: readonly string[];
  /** Their reason codes, each once. */
  readonly reasons: readonly string[];
  readonly ring_id: string | null;
}

/** A later change of an account's access. */
export interface AccessChangedLine extends AnyLine {
  readonly kind: 'access_changed';
  readonly at: string;
  readonly account_id: string;
  readonly from: AccessState;
  readonly to: AccessState;
  readonly cause: AccessCause;
  readonly ring_id: string | null;
}

export type ReplayLine = DecisionLine | AccessChangedLine;

export const decisionLine = (decision: Decision): DecisionLine => ({
  kind: 'decision',
  // The clock of a replay stands where the event happened.
  at: decision.decided_at,
  event_id: decision.event_id,
  type: decision.type,
  account_id: decision.account_id,
  outcome: decision.outcome,
  score: decision.score,
  state: decision.access.state,
  rules: decision.reasons.map(({ rule }) => rule),
  reasons: [...new Set(decision.reasons.map(({ code }) => code))],
  ring_id: decision.ring?.id ?? null,
});
