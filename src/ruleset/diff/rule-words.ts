import { outcomeRank, type Policy } from '../../model/policy.js';
import type { RuleInfo, RuleMode } from '../../model/rule.js';
import type { RuleDeclaration } from '../rule-declaration.js';
import type { Effect } from './change.js';
import { asIs } from './comparison.js';
import { type ConditionForm, conditionForm } from './condition-form.js';
import type { PointsRange } from './points-range.js';
import { counted, numberText, percentText } from './words.js';

export const openedForm = ({ when }: RuleDeclaration, rename = asIs): ConditionForm =>
  conditionForm(when, { opened: true, rename });

/** Suspicion makes it stricter to fire more; trust and allow-lists make it looser, where they have no floor beside. */
export function towards({ atLeast, atMost }: RuleInfo, { low, high }: PointsRange): Effect {
  if (atMost === undefined && low >= 0) return 'stricter';
  return high <= 0 && atLeast === undefined ? 'looser' : 'either';
}

export const counts = (mode: RuleMode): boolean => shareOf(mode) > 0;

export const shareOf = (mode: RuleMode): number => {
  if (typeof mode === 'object') return mode.rollout;
  return mode === 'live' ? 1 : 0;
};

export const modeText = (mode: RuleMode): string =>
  typeof mode === 'object' ? `live for ${percentText(mode.rollout)}` : mode;

export const pointsText = ({ info }: RuleDeclaration, { high }: PointsRange): string => {
  if (Number.isFinite(Number(info.points))) return counted(Number(info.points), 'point');
  return `\`${info.points.trim()}\` points, at most ${numberText(high)}`;
};

/** What the rule can do to somebody by itself, as a number to sort by. */
export function reach(info: RuleInfo, { low, high }: PointsRange, { thresholds, holdNeedsFamilies }: Policy): number {
  const points = Math.max(Math.abs(low), Math.abs(high), 0);
  const byPoints =
    points >= thresholds.hold && holdNeedsFamilies <= 1
      ? outcomeRank.hold
      : points >= thresholds.limit
        ? outcomeRank.limit
        : 0;
  return 1000 * Math.max(outcomeRank[info.atLeast ?? 'allow'], byPoints) + points;
}
