import type { EventType } from './event-type.js';
import type { Value } from './value.js';

export const families = [
  'network',
  'device',
  'email',
  'phone',
  'payment',
  'velocity',
  'ring',
  'identity',
  'usage',
  'history',
  'list',
] as const;
export type Family = (typeof families)[number];

export const outcomes = ['allow', 'limit', 'hold', 'deny'] as const;
/** Ordered: allow < limit < hold < deny. */
export type Outcome = (typeof outcomes)[number];

export const verificationMethods = ['email', 'payment', 'phone', 'document', 'business'] as const;
export type VerificationMethod = (typeof verificationMethods)[number];

export type RuleMode = 'live' | 'shadow' | 'off' | { readonly rollout: number };

/** What the engine and the API know of a rule besides its compiled condition. */
export interface RuleInfo {
  readonly id: string;
  readonly family: Family;
  readonly on: readonly EventType[];
  readonly when: string;
  /** Source text of the points: a number or a graded expression. */
  readonly points: string;
  readonly pointsMax: number;
  readonly atLeast?: Exclude<Outcome, 'allow'>;
  /** Ceiling of the outcome: an allow-list. */
  readonly atMost?: 'allow' | 'limit';
  readonly verify: readonly VerificationMethod[];
  readonly reason: string;
  readonly title: string;
  readonly owner: string;
  readonly mode: RuleMode;
  readonly file: string;
  readonly line: number;
}

/** A rule that fired, with its evidence. */
export interface RuleHit {
  readonly rule: RuleInfo;
  readonly points: number;
  /** Every input the condition, the points and the title read, that had a value. */
  readonly evidence: Readonly<Record<string, Value>>;
  /** `{name}` places filled in. */
  readonly title: string;
  /** Speaks against the account only because, or more because, someone it shares a strong link with is a known fraudster. */
  readonly onConfirmedFraud: boolean;
  /** The same of a label of fraud on this very account. */
  readonly onOwnFraud: boolean;
}
