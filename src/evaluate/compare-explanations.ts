import { toTenths } from '../model/points.js';
import type { RuleExplanation } from '../ruleset/explain-rules.js';
import type { RuleDeclaration } from '../ruleset/rule-declaration.js';
import type { RuleSet } from '../ruleset/rule-set.js';

/** What one rule came to, or that there was none of that id. */
export interface RuleOutcome {
  readonly result: RuleExplanation['result'] | 'absent';
  readonly effect: RuleExplanation['effect'];
  readonly points: number;
}

export interface RuleDifference {
  readonly id: string;
  readonly was: RuleOutcome;
  readonly is: RuleOutcome;
  /** What is different in the rule, or in what it read; in words. */
  readonly because: readonly string[];
}

interface Explained {
  readonly rules: readonly RuleExplanation[];
  /** Undefined where only the results are at hand. */
  readonly ruleSet?: RuleSet | undefined;
}

/** The rules that came to something else, with what differs in them. */
export function compareExplanations(then: Explained, now: Explained): readonly RuleDifference[] {
  const [before, after] = [byId(then.rules), byId(now.rules)];
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  return ids.flatMap((id) => {
    const [was, is] = [before.get(id), after.get(id)];
    const [thenCame, nowComes] = [cameTo(was), cameTo(is)];
    if (isSame(thenCame, nowComes)) return [];
    const rules = { was: declared(then.ruleSet, id), is: declared(now.ruleSet, id) };
    return { id, was: thenCame, is: nowComes, because: because({ was, is }, rules) };
  });
}

const byId = (rules: readonly RuleExplanation[]): ReadonlyMap<string, RuleExplanation> =>
  new Map(rules.map((rule) => [rule.id, rule]));

const cameTo = (rule: RuleExplanation | undefined): RuleOutcome =>
  rule === undefined
    ? { result: 'absent', effect: 'none', points: 0 }
    : { result: rule.result, effect: rule.effect, points: toTenths(rule.points) };

/** A rule that is not there and one that does not fire come to the same. */
const isSame = (a: RuleOutcome, b: RuleOutcome): boolean =>
  a.effect === b.effect && a.points === b.points && (a.result === b.result || isQuiet(a) === isQuiet(b));

const isQuiet = ({ result }: RuleOutcome): boolean => result !== 'fires';

const declared = (ruleSet: RuleSet | undefined, id: string): RuleDeclaration | undefined =>
  ruleSet?.declarations.find(({ info }) => info.id === id);

interface Pair<T> {
  readonly was: T | undefined;
  readonly is: T | undefined;
}

function because(explained: Pair<RuleExplanation>, rules: Pair<RuleDeclaration>): string[] {
  const { was, is } = explained;
  if (was === undefined) return ['the rule was not there'];
  if (is === undefined) return ['the rule is gone'];
  return [...changesOf(rules), ...readDifferently(was, is)];
}

const told = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function changesOf({ was, is }: Pair<RuleDeclaration>): string[] {
  if (was === undefined || is === undefined) return [];
  const parts: readonly (readonly [string, unknown, unknown])[] = [
    ['condition', was.info.when, is.info.when],
    ['points', was.info.points, is.info.points],
    ['points_max', was.info.pointsMax, is.info.pointsMax],
    ['mode', was.info.mode, is.info.mode],
    ['exceptions', exceptionTexts(was), exceptionTexts(is)],
    ['at_least', was.info.atLeast ?? 'none', is.info.atLeast ?? 'none'],
  ];
  return parts.flatMap(([name, before, after]) =>
    told(before) === told(after) ? [] : [`${name}: ${told(before)} → ${told(after)}`],
  );
}

const exceptionTexts = ({ exceptions }: RuleDeclaration): string =>
  exceptions.length === 0 ? 'none' : exceptions.map(({ when }) => when.text).join('; ');

/** Leaves with the same text that came out otherwise: a list, a predicate, or an input that was not recorded. */
function readDifferently(was: RuleExplanation, is: RuleExplanation): string[] {
  const before = new Map(was.leaves.map((leaf) => [leaf.text, leaf.result]));
  return is.leaves.flatMap(({ text, result, missing }) => {
    const earlier = before.get(text);
    if (earlier === undefined || earlier === result) return [];
    const why = Object.entries(missing ?? {}).map(([name, reason]) => ` (${name}: ${reason})`);
    return [`${text}: ${earlier ?? 'unknown'} → ${result ?? 'unknown'}${why.join('')}`];
  });
}
