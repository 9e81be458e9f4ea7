import { createHash } from 'node:crypto';
import type { CheckedExpression } from '../expression/checked-expression.js';
import { featureInputs } from '../model/feature.js';
import type { RuleDeclaration } from './rule-declaration.js';
import type { RuleSet } from './rule-set.js';

/**
 * A hash of what a rule says: its condition with predicates and features spelt out, points, floor, ceiling, exceptions and
 * fuse. How it is written, where it stands, its mode, owner, title and tests do not matter.
 */
export function ruleDefinition(declaration: RuleDeclaration, featureIds: ReadonlyMap<string, string>): string {
  const { info, when, points, exceptions, fuse } = declaration;
  const meaning = (expression: CheckedExpression): string => canonical(expression, featureIds);
  const said = [
    info.family,
    [...info.on].sort(),
    meaning(when),
    meaning(points),
    info.pointsMax,
    info.atLeast ?? null,
    info.atMost ?? null,
    exceptions.map((exception) => [meaning(exception.when), exception.lastDay]),
    fuse === undefined ? null : [fuse.share, fuse.min, fuse.overMs],
  ];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
}

/** By the name that expressions read it by: an edited feature makes another rule of whoever reads it. */
export const featureIdsOf = ({ features }: Pick<RuleSet, 'features'>): ReadonlyMap<string, string> =>
  new Map(features.flatMap((spec) => featureInputs(spec).map((name) => [name, `${spec.id} ${spec.exactTo}`] as const)));

/** Its nodes without their places. */
function canonical({ ast }: CheckedExpression, featureIds: ReadonlyMap<string, string>): string {
  return JSON.stringify(ast, (key, value: unknown) => {
    if (key === 'start' || key === 'end') return undefined;
    if (key === 'expression') return isObject(value) && 'ast' in value ? value.ast : undefined;
    if (key === 'list' || key === 'spec') return nameOf(value);
    if (key !== 'info') return value;
    const name = nameOf(value);
    const id = featureIds.get(name);
    return id === undefined ? name : `${id} ${name.includes('.') ? name.split('.').at(-1) : ''}`;
  });
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const nameOf = (value: unknown): string => (isObject(value) && 'name' in value ? String(value.name) : '');
