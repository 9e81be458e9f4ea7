import { asDecimal, toTenths } from '../model/points.js';
import { type InputGroup, outcomeRank, type Policy } from '../model/policy.js';
import type { ReasonInfo } from '../model/reason.js';
import type { Family, Outcome, RuleHit, VerificationMethod } from '../model/rule.js';

/** What the rules found on one event. */
export interface Findings {
  readonly hits: readonly RuleHit[];
  /** Hits of rules that are evaluated and recorded, and change nothing. */
  readonly shadowHits: readonly RuleHit[];
}

export interface DecideContext {
  readonly policy: Policy;
  /** Stages whose input could not be had, and that some rule of this event needed. */
  readonly missing: readonly InputGroup[];
  readonly reasonOf: (code: string) => ReasonInfo | undefined;
}

export interface Decided {
  readonly outcome: Outcome;
  /** 0 to 100. */
  readonly score: number;
  /** Every hit, most points first. */
  readonly hits: readonly RuleHit[];
  readonly verify: readonly VerificationMethod[];
  readonly publicReason: string | null;
  readonly shadow: readonly { readonly rule: string; readonly outcome: Outcome }[];
  /** The rule whose `at_most` took the outcome down. */
  readonly overruledBy?: string;
  /** Under a policy that only reports: what it would have been. */
  readonly reported?: { readonly outcome: Outcome; readonly score: number };
}

/**
 * Turns rule hits into one outcome: points under family caps, two families for a hold, floors, policy when blind, ceilings
 * of allow-lists. Under a policy that only reports, everybody is allowed and the outcome is told beside.
 */
export function decide(findings: Findings, context: DecideContext): Decided {
  const hits = [...findings.hits].sort(byPoints);
  const { outcome, score, overruledBy } = weigh(hits, context);
  const shadow = findings.shadowHits.map((hit) => ({
    rule: hit.rule.id,
    outcome: weigh([...hits, hit], context).outcome,
  }));
  const decided =
    context.policy.level === 'report'
      ? { outcome: 'allow' as const, score, hits, verify: [], publicReason: null, shadow, reported: { outcome, score } }
      : {
          outcome,
          score,
          hits,
          verify: outcome === 'allow' ? [] : verifyToLift(hits, outcome, context),
          publicReason: publicReason(outcome, hits, context),
          shadow,
        };
  return overruledBy === undefined ? decided : { ...decided, overruledBy };
}

const byPoints = (a: RuleHit, b: RuleHit): number => b.points - a.points || (a.rule.id < b.rule.id ? -1 : 1);

/** Points of each family: the sum of its hits, at most its cap. Trust (negative points) is never capped. */
export function familyPoints(hits: readonly RuleHit[], policy: Policy): ReadonlyMap<Family, number> {
  const sums = new Map<Family, number>();
  for (const { rule, points } of hits) sums.set(rule.family, (sums.get(rule.family) ?? 0) + points);
  for (const [family, sum] of sums) sums.set(family, Math.min(asDecimal(sum), policy.familyCaps[family] ?? 100));
  return sums;
}

/** The outcome alone, whatever the policy's level: for asking what it would be with other hits. */
export const outcomeOf = (hits: readonly RuleHit[], context: DecideContext): Outcome => weigh(hits, context).outcome;

interface Weighed {
  readonly outcome: Outcome;
  readonly score: number;
  readonly overruledBy?: string;
}

function weigh(hits: readonly RuleHit[], context: DecideContext): Weighed {
  const families = familyPoints(hits, context.policy);
  let total = 0;
  let evidenceFamilies = 0;
  for (const points of families.values()) {
    total += points;
    if (points > 0) evidenceFamilies++;
  }
  const score = toTenths(Math.min(100, Math.max(0, total)));
  // One link to a known fraudster is enough.
  const mayHold =
    evidenceFamilies >= context.policy.holdNeedsFamilies || hits.some(({ onConfirmedFraud }) => onConfirmedFraud);
  const floors = [...hits.map((hit) => hit.rule.atLeast ?? 'allow'), ...blindFloors(context)];
  return underCeiling({ outcome: floors.reduce(stricter, byThreshold(score, mayHold, context.policy)), score }, hits);
}

/**
 * An allow-list beats points, floors and what policy says when blind. Two things beat the allow-list: a block-list (a rule
 * of the family `list` with `at_least: deny`) and a label of fraud on the very account.
 */
function underCeiling(weighed: Weighed, hits: readonly RuleHit[]): Weighed {
  let ceiling: RuleHit | undefined;
  for (const hit of hits) {
    const { atMost, atLeast, family } = hit.rule;
    if ((atLeast === 'deny' && family === 'list') || hit.onOwnFraud) return weighed;
    if (atMost !== undefined && (ceiling === undefined || ceilingRank(hit) < ceilingRank(ceiling))) ceiling = hit;
  }
  if (ceiling === undefined || ceilingRank(ceiling) >= outcomeRank[weighed.outcome]) return weighed;
  return { outcome: ceiling.rule.atMost ?? 'allow', score: weighed.score, overruledBy: ceiling.rule.id };
}

const ceilingRank = ({ rule }: RuleHit): number => outcomeRank[rule.atMost ?? 'deny'];

function byThreshold(score: number, mayHold: boolean, { thresholds }: Policy): Outcome {
  if (score >= thresholds.hold && mayHold) return 'hold';
  return score >= Math.min(thresholds.limit, thresholds.hold) ? 'limit' : 'allow';
}

const blindFloors = ({ missing, policy }: DecideContext): Outcome[] =>
  missing.map((group) => {
    const floor = policy.unavailable[group];
    return floor === 'ignore' ? 'allow' : floor;
  });

const stricter = (a: Outcome, b: Outcome): Outcome => (outcomeRank[b] > outcomeRank[a] ? b : a);

/**
 * The fewest verifications, weightiest evidence first, after which the rest would no longer amount to this outcome: honest
 * people are asked for as little as possible. A hit is answered by any one of its rule's methods.
 */
function verifyToLift(hits: readonly RuleHit[], outcome: Outcome, context: DecideContext): VerificationMethod[] {
  const asked: VerificationMethod[] = [];
  const isAnswered = ({ rule }: RuleHit): boolean => rule.verify.some((method) => asked.includes(method));
  for (const hit of hits) {
    const rest = hits.filter((other) => !isAnswered(other));
    if (outcomeRank[weigh(rest, context).outcome] < outcomeRank[outcome]) break;
    const [method] = hit.rule.verify;
    if (method !== undefined && !isAnswered(hit)) asked.push(method);
  }
  return asked;
}

function publicReason(outcome: Outcome, hits: readonly RuleHit[], context: DecideContext): string | null {
  if (outcome === 'allow') return null;
  if (outcome === 'deny') return 'access_refused';
  if (outcome === 'limit') return 'usage_limited';
  const weightiest = hits[0];
  const registered = weightiest === undefined ? undefined : context.reasonOf(weightiest.rule.reason);
  return registered?.public ?? 'additional_verification_required';
}
