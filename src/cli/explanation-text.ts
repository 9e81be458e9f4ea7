import type { FamilyShare, Floor, OutcomeExplanation, OutcomeTurn } from '../decisions/explain-outcome.js';
import { own } from '../model/own.js';
import { toTenths } from '../model/points.js';
import type { Value } from '../model/value.js';
import type { ExplainedLeaf, RuleExplanation } from '../ruleset/explain-rules.js';
import { type Flip, flipDistance } from '../ruleset/find-flip.js';
import type { RuleEffect } from '../ruleset/rule-effect.js';

const marks = { fires: '✓', quiet: '✗', unknown: '?' } as const;

/** Behind the points of a rule that fires: what kept it from counting. */
const effectWords: Readonly<Record<RuleEffect, string>> = {
  counts: '',
  none: '',
  excepted: '',
  shadow: ', recorded only: the rule is in shadow',
  rollout: ', recorded only: the account is outside its roll-out',
  fuse: ', recorded only: its fuse was blown',
  cleared: ', without effect: it has been cleared for this account',
  off: ', without effect: the rule is off',
};

const shown = (value: Value | null): string => (value === null ? 'none' : JSON.stringify(value));

/** One rule: how it came out, each part of its condition with what it read, and what would have turned it. */
export function ruleText(rule: RuleExplanation): string {
  const { id, result, points, leaves, flip, effect, exception, would_be, unknown_points } = rule;
  const otherwise = would_be === undefined ? '' : `; it would be ${would_be}`;
  const what = result === 'fires' ? `${toTenths(points)} points${effectWords[effect]}${otherwise}` : '';
  const head = `${marks[result]} ${result.padEnd(8)}${id}${what === '' ? '' : `: ${what}`}`;
  const excepted =
    exception === undefined
      ? []
      : [
          `    excepted until ${exception.until.slice(0, 10)} (${exception.owner}: ${exception.why}): ${exception.when}`,
        ];
  const turns =
    flip === undefined ? [] : [`    ${result === 'fires' ? 'would not fire' : 'would fire'} with ${flipText(flip)}`];
  const unknown = unknown_points === undefined ? [] : [`    its points are unknown: ${partText(unknown_points)}`];
  return [head, ...leafLines(leaves), ...unknown, ...excepted, ...turns].join('\n');
}

/** Parts of a condition, one under the other. */
export function leafLines(leaves: readonly ExplainedLeaf[]): string[] {
  const width = Math.min(60, Math.max(0, ...leaves.map(({ text }) => text.length)));
  return leaves.map((leaf) => leafText(leaf, width));
}

const leafMarks = new Map<boolean | null, string>([
  [true, '✓ true   '],
  [false, '✗ false  '],
  [null, '? unknown'],
]);

function leafText(leaf: ExplainedLeaf, width: number): string {
  const read = readText(leaf);
  const line = `    ${leafMarks.get(leaf.result)} ${leaf.text}`;
  return read === '' ? line : `${line.padEnd(width + 14)}  ${read}`;
}

/** What it read, in parentheses; empty where it read nothing. */
function readText({ values, missing = {} }: ExplainedLeaf): string {
  const read = Object.entries(values).map(([name, value]) => {
    const reason = own(missing, name);
    return reason === undefined ? `${name} = ${shown(value)}` : `${name}: ${reason}`;
  });
  return read.length === 0 ? '' : `(${read.join(', ')})`;
}

const partText = (leaf: ExplainedLeaf): string => `${leaf.text}  ${readText(leaf)}`.trimEnd();

const flipText = (flip: readonly Flip[]): string =>
  flip.map(({ name, from, to }) => `${name}: ${shown(from)} → ${shown(to)}`).join(' and ');

/** How the outcome came about: the points by family, what else speaks, and what would have made another of it. */
export function outcomeText(outcome: OutcomeExplanation): string[] {
  const { families, floors, lower, raise, overruled_by } = outcome;
  const sum = families.map(({ family, counted }) => `${family} ${counted}`).join(' + ');
  return [
    `${outcome.outcome}, score ${outcome.score}${sum === '' ? '' : ` = ${sum.replaceAll('+ -', '- ').replace(/- (\w+) -/g, '- $1 ')}`}`,
    ...families.map(familyText),
    ...thresholdText(outcome),
    ...floors.map(floorText),
    ...(overruled_by === undefined ? [] : [`  at most ${outcome.outcome}, says ${overruled_by}`]),
    ...(outcome.enforced ? [] : ['  the policy only reports: everybody is allowed']),
    ...lower.map((turn) => `  ${turnText(turn)}`),
    ...raise.map((turn) => `  ${turnText(turn)}`),
  ];
}

function familyText({ family, points, counted, cap, rules }: FamilyShare): string {
  const capped = points > counted ? ` of ${points}, the cap of the family${cap === undefined ? '' : ` is ${cap}`}` : '';
  return `  ${family}: ${counted}${capped} (${rules.join(', ')})`;
}

function thresholdText({ thresholds, score, hold_needs_families: needed, ...outcome }: OutcomeExplanation): string[] {
  const { hold, limit } = thresholds;
  if (score < Math.min(limit, hold)) return [`  limit begins at ${Math.min(limit, hold)} points`];
  const enough = outcome.evidence_families >= needed || outcome.confirmed_fraud.length > 0;
  if (score >= hold && !enough)
    return [
      `  ${hold} points would hold, but evidence of ${needed} families is needed, and this is of ${outcome.evidence_families}`,
    ];
  if (score < hold) return [`  hold begins at ${hold} points`];
  const confirmed =
    outcome.evidence_families < needed
      ? `, or an account known to be fraudulent (${outcome.confirmed_fraud.join(', ')})`
      : '';
  return [
    `  hold begins at ${hold} points, with evidence of ${needed} families: here ${outcome.evidence_families}${confirmed}`,
  ];
}

const floorText = ({ at_least, rule, unavailable }: Floor): string =>
  rule === undefined
    ? `  at least ${at_least} because ${unavailable} could not be had`
    : `  at least ${at_least}, says ${rule}`;

function turnText({ without = [], available = [], with: more = [], outcome, score }: OutcomeTurn): string {
  const parts = [
    ...(without.length === 0 ? [] : [`without ${without.join(' and ')}`]),
    ...(available.length === 0 ? [] : [`had ${available.join(' and ')} been there`]),
    ...(more.length === 0 ? [] : [`had ${more.join(' and ')} fired too`]),
  ];
  return `${parts.join(' and ')} it would be ${outcome}, score ${score}`;
}

/** Rules that did not fire and that a small change would have made fire, nearest first. */
export const nearMisses = (rules: readonly RuleExplanation[]): RuleExplanation[] =>
  rules
    .filter(({ result, flip }) => result !== 'fires' && flip !== undefined)
    .sort((a, b) => flipDistance(a.flip) - flipDistance(b.flip));

/** Those that fired first, each kind in the order of the rule set. */
export const firedFirst = (rules: readonly RuleExplanation[]): RuleExplanation[] => [
  ...rules.filter(({ result }) => result === 'fires'),
  ...rules.filter(({ result }) => result !== 'fires'),
];
