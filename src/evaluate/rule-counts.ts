import type { Instant } from '../model/time.js';

/** What is counted of a rule; the words are explained in docs/rollout.md. */
export const countNames = [
  'evaluated',
  'live',
  'shadow',
  'outside',
  'blown',
  'excepted',
  'cleared',
  'unknown',
  'sampled',
  'nanoseconds',
  'allowed',
  'limited',
  'held',
  'denied',
  'wouldAllow',
  'wouldLimit',
  'wouldHold',
  'wouldDeny',
  'wouldChange',
] as const;
export type CountName = (typeof countNames)[number];

export interface RuleCounts extends Record<CountName, number> {
  /** Null: it has not fired. */
  lastFiredAt: Instant | null;
}

/** Of one rule, in one version of its definition, in one hour. */
export interface CountedRule {
  readonly rule: string;
  readonly definition: string;
  /** Beginning of the hour, epoch milliseconds. */
  readonly hour: Instant;
  readonly counts: Readonly<RuleCounts>;
}

/** How often one exception of a rule applied. */
export interface CountedException {
  readonly rule: string;
  readonly definition: string;
  readonly exception: number;
  readonly uses: number;
  readonly lastUsedAt: Instant;
}

export const hourMs = 3_600_000;

export const noCounts = (): RuleCounts => ({
  evaluated: 0,
  live: 0,
  shadow: 0,
  outside: 0,
  blown: 0,
  excepted: 0,
  cleared: 0,
  unknown: 0,
  sampled: 0,
  nanoseconds: 0,
  allowed: 0,
  limited: 0,
  held: 0,
  denied: 0,
  wouldAllow: 0,
  wouldLimit: 0,
  wouldHold: 0,
  wouldDeny: 0,
  wouldChange: 0,
  lastFiredAt: null,
});

export function addCounts(to: RuleCounts, more: Readonly<RuleCounts>): void {
  for (const name of countNames) to[name] += more[name];
  if (more.lastFiredAt !== null) to.lastFiredAt = Math.max(to.lastFiredAt ?? more.lastFiredAt, more.lastFiredAt);
}

/** Its condition was true and neither an exception nor a clearance applied. */
export const firedOf = ({ live, shadow, outside, blown }: Readonly<RuleCounts>): number =>
  live + shadow + outside + blown;
