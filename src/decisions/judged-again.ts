import type { AccessState } from '../model/access.js';
import type { Policy } from '../model/policy.js';
import type { Outcome, VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';

/** What every second judging of an account's event comes to. */
interface Judged {
  readonly accountId: string;
  /** Access version it was planned on: any change since then makes it void. */
  readonly version: number;
  readonly state: AccessState;
  readonly score: number;
  readonly reason: string;
  readonly rules: readonly string[];
  readonly verify: readonly VerificationMethod[];
  /** Points of priority for what the account's plan would cost, should a case be opened. */
  readonly cost: number;
  /** How long such a case may wait. */
  readonly sla: Policy['sla'];
  readonly now: Instant;
}

/** What one event amounts to with the inputs that its decision had missed. */
export interface FoundAgain {
  readonly eventId: string;
  readonly outcome: Outcome;
  readonly score: number;
  /** Codes, most points first. */
  readonly reasons: readonly string[];
  readonly rules: readonly string[];
}

/** What provisional decisions amount to now that their inputs are back; access may loosen again. */
export interface Rescored extends Judged {
  /** The one of them that speaks against the account most. */
  readonly eventId: string;
  /** Null unless limited. */
  readonly requestsPerDay: number | null;
  /** Limited only because the account is new. */
  readonly probation: boolean;
  /** Each of them by itself; access may be stricter by what else the account did. */
  readonly found: readonly FoundAgain[];
}

/** What an account amounts to when it is judged again on schedule: access only tightens; `admitted` ends a probation. */
export interface JudgedAgain extends Judged {
  /** Undefined once it was erased: then only a probation ends. */
  readonly eventId: string | undefined;
  readonly decisionId: string;
  /** Quota of a limited account. */
  readonly requestsPerDay: number;
  readonly ring: { readonly id: string; readonly size: number } | null;
  /** Held through a ring rule. */
  readonly detectsRing: boolean;
  /** Then: what it amounts to without rules about rings. Undefined where access stays as it is then. */
  readonly apartFromRings?: Pick<Judged, 'state' | 'score' | 'reason' | 'rules' | 'verify'> | undefined;
  /** It was let in, and what it was verified with is in doubt. */
  readonly doubted?: boolean;
}
