import { toTenths } from '../model/points.js';
import { outcomeRank } from '../model/policy.js';
import type { Family, Outcome, RuleHit } from '../model/rule.js';
import { type DecideContext, decide, type Findings, familyPoints } from './decide.js';

/** Points of one kind of evidence. */
export interface FamilyShare {
  readonly family: Family;
  /** The sum of its rules' points. */
  readonly points: number;
  /** What of it goes into the score. */
  readonly counted: number;
  readonly cap?: number;
  readonly rules: readonly string[];
}

/** What makes the outcome at least this, whatever the points. */
export interface Floor {
  readonly at_least: Outcome;
  readonly rule?: string;
  /** An input that could not be had, and that policy does not ignore. */
  readonly unavailable?: string;
}

/** What makes the outcome at most this: an allow-list. */
interface Ceiling {
  readonly at_most: Outcome;
  readonly rule: string;
}

/** The smallest set of what could have been otherwise, and what would have come of it. */
export interface OutcomeTurn {
  /** Had these rules not fired … */
  readonly without?: readonly string[];
  /** … had these inputs been there … */
  readonly available?: readonly string[];
  /** … or had these rules fired too. */
  readonly with?: readonly string[];
  readonly outcome: Outcome;
  readonly score: number;
}

/** How an outcome came about. */
export interface OutcomeExplanation {
  readonly outcome: Outcome;
  readonly score: number;
  readonly families: readonly FamilyShare[];
  readonly thresholds: { readonly limit: number; readonly hold: number };
  readonly hold_needs_families: number;
  /** Families with points against the account. */
  readonly evidence_families: number;
  /** Rules that rest on an account known to be fraudulent: one family is enough for a hold then. */
  readonly confirmed_fraud: readonly string[];
  readonly floors: readonly Floor[];
  /** The strictest first; it is the one that counts, whatever points and floors say. */
  readonly ceilings: readonly Ceiling[];
  /** The rule whose `at_most` took the outcome down. */
  readonly overruled_by?: string;
  /** False under a policy that only reports: everybody was allowed, and this is what it would have been. */
  readonly enforced: boolean;
  readonly lower: readonly OutcomeTurn[];
  readonly raise: readonly OutcomeTurn[];
}

/** `others`: hits of rules that did not fire, as they would have been. */
export function explainOutcome(
  findings: Findings,
  given: DecideContext,
  others: readonly RuleHit[] = [],
): OutcomeExplanation {
  const context: DecideContext = { ...given, policy: { ...given.policy, level: 'enforce' } };
  const { outcome, score, hits, overruledBy } = decide(findings, context);
  const families = familyShares(hits, context);
  return {
    outcome,
    score,
    families,
    thresholds: context.policy.thresholds,
    hold_needs_families: context.policy.holdNeedsFamilies,
    evidence_families: families.filter(({ counted }) => counted > 0).length,
    confirmed_fraud: hits.filter(({ onConfirmedFraud }) => onConfirmedFraud).map(({ rule }) => rule.id),
    floors: floorsOf(hits, context),
    ceilings: ceilingsOf(hits),
    ...(overruledBy === undefined ? {} : { overruled_by: overruledBy }),
    enforced: given.policy.level === 'enforce',
    lower: lowerTurns(hits, context, outcome),
    raise: raiseTurns({ hits, others }, context, outcome),
  };
}

function familyShares(hits: readonly RuleHit[], { policy }: DecideContext): FamilyShare[] {
  const shares = [...familyPoints(hits, policy)].map(([family, counted]): FamilyShare => {
    const own = hits.filter(({ rule }) => rule.family === family);
    const cap = policy.familyCaps[family];
    return {
      family,
      points: toTenths(own.reduce((sum, { points }) => sum + points, 0)),
      counted: toTenths(counted),
      ...(cap === undefined ? {} : { cap }),
      rules: own.map(({ rule }) => rule.id),
    };
  });
  return shares.sort((a, b) => b.counted - a.counted);
}

function floorsOf(hits: readonly RuleHit[], { missing, policy }: DecideContext): Floor[] {
  const ofRules = hits.flatMap(({ rule }) =>
    rule.atLeast === undefined ? [] : [{ at_least: rule.atLeast, rule: rule.id }],
  );
  const blind = missing.flatMap((group): Floor[] => {
    const floor = policy.unavailable[group];
    return floor === 'ignore' ? [] : [{ at_least: floor, unavailable: group }];
  });
  return [...ofRules, ...blind].sort((a, b) => outcomeRank[b.at_least] - outcomeRank[a.at_least]);
}

const ceilingsOf = (hits: readonly RuleHit[]): Ceiling[] =>
  hits
    .flatMap(({ rule }) => (rule.atMost === undefined ? [] : [{ at_most: rule.atMost, rule: rule.id }]))
    .sort((a, b) => outcomeRank[a.at_most] - outcomeRank[b.at_most]);

/** More are not worth showing, and the search is over all sets of this size. */
const mostTogether = 3;
const mostConsidered = 12;
const mostTurns = 5;

/** What has to go for a milder outcome: sets of the smallest size that does it, those of fewest points first. */
function lowerTurns(hits: readonly RuleHit[], context: DecideContext, outcome: Outcome): OutcomeTurn[] {
  const against = hits.filter(({ points, rule }) => points > 0 || rule.atLeast !== undefined);
  const items = [
    ...against.slice(0, mostConsidered).map((hit) => ({ hit, group: undefined })),
    ...context.missing
      .filter((group) => context.policy.unavailable[group] !== 'ignore')
      .map((group) => ({ hit: undefined, group })),
  ];
  return smallestSets(items, (chosen) => {
    const gone = new Set(chosen.flatMap(({ hit }) => hit ?? []));
    const there = chosen.flatMap(({ group }) => group ?? []);
    const rest = hits.filter((hit) => !gone.has(hit));
    const missing = context.missing.filter((group) => !there.includes(group));
    const decided = decide({ hits: rest, shadowHits: [] }, { ...context, missing });
    if (outcomeRank[decided.outcome] >= outcomeRank[outcome]) return undefined;
    return {
      ...(gone.size === 0 ? {} : { without: [...gone].map(({ rule }) => rule.id) }),
      ...(there.length === 0 ? {} : { available: there }),
      outcome: decided.outcome,
      score: decided.score,
    };
  });
}

function raiseTurns({ hits, others }: Weighed, context: DecideContext, outcome: Outcome): OutcomeTurn[] {
  return smallestSets(others.slice(0, mostConsidered), (chosen) => {
    const decided = decide({ hits: [...hits, ...chosen], shadowHits: [] }, context);
    if (outcomeRank[decided.outcome] <= outcomeRank[outcome]) return undefined;
    return { with: chosen.map(({ rule }) => rule.id), outcome: decided.outcome, score: decided.score };
  });
}

interface Weighed {
  readonly hits: readonly RuleHit[];
  readonly others: readonly RuleHit[];
}

/** All sets of the smallest size for which there is a turn. */
function smallestSets<T>(
  items: readonly T[],
  turnOf: (chosen: readonly T[]) => OutcomeTurn | undefined,
): OutcomeTurn[] {
  for (let size = 1; size <= mostTogether; size++) {
    const turns = [...subsets(items, size)].flatMap((chosen) => turnOf(chosen) ?? []);
    if (turns.length > 0) return turns.slice(0, mostTurns);
  }
  return [];
}

function* subsets<T>(items: readonly T[], size: number, from = 0): Generator<readonly T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let i = from; i <= items.length - size; i++) {
    const item = items[i];
    if (item !== undefined) for (const rest of subsets(items, size - 1, i + 1)) yield [item, ...rest];
  }
}
