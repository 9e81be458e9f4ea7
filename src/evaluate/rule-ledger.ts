import type { Instant } from '../model/time.js';
import type { AccountSketch } from './account-sketch.js';
import type { CountedException, CountedRule, RuleCounts } from './rule-counts.js';

/** What one instance has counted since its last batch. */
export interface CountBatch {
  /** The instance, by a name of its own since it started. */
  readonly writer: string;
  /** Rises with each batch; the same again is not counted again. */
  readonly batch: number;
  readonly rules: readonly CountedRule[];
  readonly exceptions: readonly CountedException[];
  /** Of this writer, since it started, for each hour that is still being counted in. */
  readonly accounts: readonly { readonly hour: Instant; readonly sketch: AccountSketch }[];
}

export interface RuleTotal {
  readonly rule: string;
  readonly definition: string;
  readonly counts: Readonly<RuleCounts>;
}

/** Since when a rule says what it says, and has its mode. */
export interface RuleState {
  readonly rule: string;
  readonly definition: string;
  /** `live`, `shadow`, `off` or `rollout 0.2`. */
  readonly mode: string;
}

export interface RuleStateSince extends RuleState {
  readonly definedAt: Instant;
  readonly modeSince: Instant;
}

/** A fuse that has blown. */
export interface RecordedFuse {
  readonly rule: string;
  readonly definition: string;
  readonly at: Instant;
  readonly hits: number;
  readonly events: number;
  readonly instance: string;
}

/** Port: what rules did, shared by all instances and kept across restarts. */
export interface RuleLedger {
  add(batch: CountBatch): Promise<void>;
  /** Sums from the hour of that instant on; null: since each version of a rule was first seen. */
  totals(since: Instant | null): Promise<readonly RuleTotal[]>;
  exceptionUses(): Promise<readonly CountedException[]>;
  /** About how many different accounts were evaluated from the hour of that instant on, whatever the instance. */
  evaluatedAccounts(since: Instant): Promise<number>;
  /** The rules that came into use; times stay where neither definition nor mode changed. */
  announce(states: readonly RuleState[], at: Instant): Promise<void>;
  states(): Promise<readonly RuleStateSince[]>;
  /** Records it, and tells outbox and audit, once: false when it was known already. */
  blow(fuse: RecordedFuse): Promise<boolean>;
  blownFuses(): Promise<readonly RecordedFuse[]>;
  /** Every version of the rule. False: none was blown. */
  resetFuse(rule: string, actor: string, at: Instant): Promise<boolean>;
  /** Forgets what was counted before that; sums stay while they are written to. */
  forget(before: Instant): Promise<void>;
}
