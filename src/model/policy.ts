import type { Family, Outcome } from './rule.js';

/** Which stage's input could not be had. */
export type InputGroup = 'velocity' | 'ring' | 'ip_intel';

/** `report`: everything is judged, counted and recorded, and everybody is admitted. */
export const policyLevels = ['enforce', 'report'] as const;
export type PolicyLevel = (typeof policyLevels)[number];

/** rules/policy.yml, checked; durations are milliseconds, shares are fractions of one. */
export interface Policy {
  readonly level: PolicyLevel;
  readonly thresholds: { readonly limit: number; readonly hold: number };
  readonly familyCaps: Readonly<Partial<Record<Family, number>>>;
  readonly holdNeedsFamilies: number;
  readonly limit: {
    readonly requestsPerDay: number;
    /** What the limited members of one ring may do together; undefined: each has its own quota only. */
    readonly ringRequestsPerDay?: number | undefined;
  };
  readonly probation: 'off' | { readonly forMs: number; readonly requestsPerDay: number };
  /** What a decision is at least when that input could not be had. */
  readonly unavailable: Readonly<Record<InputGroup, 'ignore' | 'limit' | 'hold'>>;
  /** What is answered when stores are away. */
  readonly fail: {
    readonly storeDown: 'reject';
    readonly gateUnknown: 'deny' | 'allow';
    readonly gateMaxStalenessMs: number;
  };
  readonly rescoreMs: readonly number[];
  /** Which earlier members are held when a ring is found out. */
  readonly retroHold: {
    /** Over all rings. */
    readonly maxAccountsPerHour: number;
    /** Who is left alone: `verified`, `paid_30d`. */
    readonly spare: readonly string[];
    /** Older accounts are left alone. */
    readonly youngerThanMs: number;
  };
  /** How long a case may wait for its decision, by the code of its first reason. */
  readonly sla: { readonly defaultMs?: number | undefined; readonly reasonMs: Readonly<Record<string, number>> };
  /** Points of priority that an account's plan adds to its case. */
  readonly cost: { readonly plan: Readonly<Record<string, number>> };
  readonly verification: {
    /** Failures of one method in 30 days after which the account is not asked for it again. */
    readonly attempts: number;
    /** Unanswered for so long, the case goes back to a person. */
    readonly expireAfterMs: number;
    /** Most accounts that one phone, document or payment method may verify. */
    readonly accountsPerIdentifier: number;
  };
  /** Accounts of a ring above which one person alone is not enough to release it. */
  readonly fourEyes: { readonly ringRelease: number };
  /** Share of the accounts of that time which may be held before somebody is told. */
  readonly budget: { readonly heldShare: number; readonly overMs: number };
}

export const outcomeRank: Readonly<Record<Outcome, number>> = { allow: 0, limit: 1, hold: 2, deny: 3 };
