import type { AccessCause, AccessState } from '../model/access.js';
import type { Decision } from '../model/decision.js';

/** What was decided for one event (contract, section 5). */
export interface DecisionLine {
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
export interface AccessChangedLine {
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
