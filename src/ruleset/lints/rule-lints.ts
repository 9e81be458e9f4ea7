import type { Node } from '../../expression/checked-expression.js';
import { featureInputs } from '../../model/feature.js';
import type { RuleInfo } from '../../model/rule.js';
import { childNodes } from '../child-nodes.js';
import type { RuleDeclaration } from '../rule-declaration.js';
import { crowdSignals } from './crowd-signals.js';
import type { Lint } from './lint.js';

const isLive = ({ info }: RuleDeclaration): boolean => info.mode !== 'off' && info.mode !== 'shadow';

const untested: Lint = ({ ruleSet }, sink) => {
  for (const { info, tests, at } of ruleSet.declarations.filter(isLive)) {
    const fires = tests.some(({ expect }) => expect === 'fires');
    const other = tests.some(({ expect }) => expect !== 'fires');
    if (fires && other) continue;
    const lacking = fires
      ? 'one that does not fire'
      : other
        ? 'one that fires'
        : 'one that fires and one that does not';
    sink.warn('W009', at, `the live rule has no test: ${lacking}`, { rule: info.id });
  }
};

const weakAlone: Lint = ({ ruleSet }, sink) => {
  for (const { info, at } of ruleSet.declarations.filter(isLive)) {
    if (info.family !== 'network' && info.family !== 'email') continue;
    if (reachesHoldAlone(info, ruleSet.policy.thresholds.hold, ruleSet.policy))
      sink.warn('W005', at, `a rule of the family '${info.family}' alone reaches hold`, {
        rule: info.id,
        hint: 'networks and mailboxes are shared by honest people: fewer points, or limit',
      });
  }
};

function reachesHoldAlone(
  info: RuleInfo,
  hold: number,
  policy: { familyCaps: Readonly<Partial<Record<string, number>>>; holdNeedsFamilies: number },
): boolean {
  if (info.atLeast === 'hold' || info.atLeast === 'deny') return true;
  const points = Number(info.points);
  return (
    policy.holdNeedsFamilies <= 1 &&
    Number.isFinite(points) &&
    Math.min(points, policy.familyCaps[info.family] ?? 100) >= hold
  );
}

/** A campus, an office or a carrier's translator shares the key: one bad account would hold them all. */
const crowdHold: Lint = ({ ruleSet }, sink) => {
  const crowded = new Map(
    ruleSet.features
      .filter(({ by }) => by.length > 0 && by.every((name) => crowdSignals.has(name)))
      .flatMap((spec) => featureInputs(spec).map((name) => [name, spec.by] as const)),
  );
  for (const { info, when, at } of ruleSet.declarations.filter(isLive)) {
    if (info.atLeast !== 'hold' && info.atLeast !== 'deny') continue;
    if (when.reads.some(({ name }) => !crowded.has(name) && !crowdSignals.has(name))) continue;
    const key = when.reads.flatMap(({ name }) => crowded.get(name) ?? [])[0];
    if (key !== undefined)
      sink.warn('W006', at, `'${key}' is shared by crowds, and the rule holds by it alone`, {
        rule: info.id,
        hint: 'at_least: limit, or a second kind of evidence in the condition',
      });
  }
};

/** Two rules with the same condition count the same evidence twice. */
const duplicates: Lint = ({ ruleSet }, sink) => {
  const first = new Map<string, RuleDeclaration>();
  for (const rule of ruleSet.declarations) {
    if (rule.info.mode === 'off') continue;
    const text = `${[...rule.info.on].sort().join()} ${rule.when.text.replace(/\s+/g, ' ').trim()}`;
    const before = first.get(text);
    if (before === undefined) first.set(text, rule);
    else sink.warn('W008', rule.whenAt, `the same condition as the rule '${before.info.id}'`, { rule: rule.info.id });
  }
};

const exceptionWithoutEffect: Lint = ({ ruleSet }, sink) => {
  for (const { info, when, exceptions } of ruleSet.declarations)
    for (const { when: except, at } of exceptions) {
      const same = except.text.trim() === when.text.trim();
      if (same) sink.warn('W010', at, 'the exception is the rule itself: it never fires', { rule: info.id });
      else if (except.reads.length === 0) sink.warn('W010', at, 'the exception reads nothing', { rule: info.id });
    }
};

const constant: Lint = ({ ruleSet }, sink) => {
  for (const { info, when, whenAt } of ruleSet.declarations)
    if (when.reads.length === 0)
      sink.warn('W016', whenAt, 'the condition reads nothing: it is the same for every event', { rule: info.id });
};

const givenUnread: Lint = ({ ruleSet }, sink) => {
  for (const { info, when, points, tests } of ruleSet.declarations) {
    const read = new Set([...when.reads, ...points.reads].map(({ name }) => name));
    for (const { given, at } of tests)
      for (const name of given.keys())
        if (!read.has(name))
          sink.warn('W014', at, `the test gives '${name}', which the rule does not read`, { rule: info.id });
  }
};

/** A negated input that is missing makes the rule unknown, not true: authors often mean "is not, or is not there". */
const negatedOptional: Lint = ({ ruleSet }, sink) => {
  for (const { info, when, whenAt } of ruleSet.declarations.filter(isLive)) {
    const name = negatedInput(when.ast);
    if (name !== undefined && !guards(when.ast).has(name))
      sink.warn('W001', whenAt, `'!${name}' is unknown, not true, when '${name}' is missing`, {
        rule: info.id,
        hint: `default(${name}, false) reads missing as false`,
      });
  }
};

function negatedInput(node: Node): string | undefined {
  if (node.kind === 'not' && node.operand.kind === 'input' && node.operand.info.optional) return node.operand.info.name;
  for (const child of childNodes(node)) {
    const found = negatedInput(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Inputs that the condition asks for with has(). */
function guards(node: Node): Set<string> {
  const found = new Set<string>();
  const [argument] = node.kind === 'call' && node.spec.name === 'has' ? node.args : [];
  if (argument?.kind === 'input') found.add(argument.info.name);
  for (const child of childNodes(node)) for (const name of guards(child)) found.add(name);
  return found;
}

/** Distinct values saturate at `exact_to`: a threshold above it is never reached. */
const unreachable: Lint = ({ ruleSet }, sink) => {
  const cap = new Map(ruleSet.features.filter(({ kind }) => kind !== 'age').map((spec) => [spec.name, spec.exactTo]));
  for (const { info, when, whenAt } of ruleSet.declarations)
    for (const { name, least } of thresholds(when.ast)) {
      const most = cap.get(name);
      if (most !== undefined && least > most)
        sink.warn('W007', whenAt, `'${name}' counts to ${most} and never reaches ${least}`, {
          rule: info.id,
          hint: `exact_to: ${least} in the feature`,
        });
    }
};

/** Comparisons `feature >= n` and `feature > n`, written either way round: the least value that satisfies them. */
function thresholds(node: Node): { name: string; least: number }[] {
  const inside = childNodes(node).flatMap(thresholds);
  if (node.kind !== 'compare') return inside;
  const turned = node.left.kind === 'literal';
  const [input, literal] = turned ? [node.right, node.left] : [node.left, node.right];
  if (input.kind !== 'input' || literal.kind !== 'literal' || typeof literal.value !== 'number') return inside;
  const operator = turned ? ({ '<': '>', '<=': '>=' } as Record<string, string>)[node.operator] : node.operator;
  if (operator === '>=' || node.operator === '==')
    return [...inside, { name: input.info.name, least: Math.ceil(literal.value) }];
  return operator === '>' ? [...inside, { name: input.info.name, least: Math.floor(literal.value) + 1 }] : inside;
}

export const ruleLints: readonly Lint[] = [
  untested,
  weakAlone,
  crowdHold,
  duplicates,
  exceptionWithoutEffect,
  constant,
  givenUnread,
  negatedOptional,
  unreachable,
];
