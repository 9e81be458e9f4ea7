import type { Node } from '../../expression/checked-expression.js';
import { nodesUnder } from '../../expression/walk-node.js';
import { featureInputs } from '../../model/feature.js';
import type { RuleDeclaration } from '../rule-declaration.js';
import { areNeverOn, eventsWith } from './carried-signals.js';
import { neverCounts } from './feature-lints.js';
import { isNeverNumber } from './known-number.js';
import type { Lint, LintInput } from './lint.js';
import { placesOf, sitesOf } from './sites.js';

/** The number that constant points are. */
function constantPoints({ points }: RuleDeclaration): number | undefined {
  return points.ast.kind === 'literal' && typeof points.ast.value === 'number' ? points.ast.value : undefined;
}

const withoutPoints: Lint = (input, sink) => {
  const place = placesOf(input, 'points');
  for (const rule of input.ruleSet.declarations) {
    const { info } = rule;
    const says =
      info.atLeast !== undefined || info.atMost !== undefined || ['shadow', 'off'].some((mode) => mode === info.mode);
    if (constantPoints(rule) === 0 && !says)
      sink.warn('W038', place(rule), 'the rule gives no points and no floor: it changes nothing', {
        rule: info.id,
        hint: 'mode: shadow, where it is only to be watched',
      });
  }
};

const neverPoints: Lint = (input, sink) => {
  const place = placesOf(input, 'points');
  for (const rule of input.ruleSet.declarations)
    if (isNeverNumber(rule.points.ast))
      sink.warn('W018', place(rule), 'the rule can never fire: its points are always unknown', {
        rule: rule.info.id,
        hint: 'division by zero, and log2 of 0 or less, are unknown',
      });
};

const cutPoints: Lint = (input, sink) => {
  const place = placesOf(input, 'points');
  for (const rule of input.ruleSet.declarations) {
    const points = constantPoints(rule);
    const { pointsMax, id } = rule.info;
    if (points !== undefined && points > pointsMax)
      sink.warn('W039', place(rule), `${points} points are always cut to ${pointsMax}`, { rule: id });
  }
};

/**
 * The signals that an input needs on the event itself: of a feature those of its key, whatever was counted on other events.
 * Of one that never counts there is a warning already.
 */
function needsOf({ features }: LintInput): (name: string) => readonly string[] {
  const keys = new Map(
    features.flatMap(({ spec }) =>
      featureInputs(spec).map((name) => [name, neverCounts(spec) ? [] : spec.by] as const),
    ),
  );
  return (name) => keys.get(name) ?? [name];
}

const neverThere: Lint = (input, sink) => {
  const needs = needsOf(input);
  for (const { rule, expression, place, isCondition } of sitesOf(input)) {
    if (rule === undefined || !isCondition) continue;
    const { on, id } = rule.info;
    const { name } = expression.reads.find((read) => areNeverOn(needs(read.name), on)) ?? {};
    const at = name === undefined ? undefined : findReading(expression.ast, name);
    if (name === undefined || at === undefined) continue;
    const missing = needs(name).filter((signal) => signal !== name);
    const because = missing.length === 0 ? '' : `: it is told by '${missing.join(', ')}'`;
    sink.warn('W040', place(at), `'${name}' is never there on ${on.join(' and ')}${because}`, {
      rule: id,
      hint: `on: [${eventsWith(needs(name)).join(', ')}]`,
    });
  }
};

/** The part that reads this input; of a predicate that does, its name. */
function findReading(root: Node, name: string): Node | undefined {
  return nodesUnder(root).find(
    (node) =>
      (node.kind === 'input' && node.info.name === name) ||
      (node.kind === 'predicate' && node.expression.reads.some((info) => info.name === name)),
  );
}

const unusedReason: Lint = ({ ruleSet, reasons }, sink) => {
  const given = new Set(ruleSet.declarations.map(({ info }) => info.reason));
  for (const { key } of reasons)
    if (!given.has(key.text)) sink.warn('W041', key, `no rule gives the reason '${key.text}'`);
};

const sameFeature: Lint = ({ features }, sink) => {
  const first = new Map<string, string>();
  for (const { spec, name } of features) {
    const before = first.get(spec.id);
    if (before === undefined) first.set(spec.id, spec.name);
    else sink.warn('W042', name, `'${spec.name}' counts the same as '${before}'`, { hint: 'one of them is enough' });
  }
};

const unusedPredicate: Lint = (input, sink) => {
  const { ruleSet, links, predicates } = input;
  const used = new Set(
    [
      ...ruleSet.declarations.flatMap(({ when, points, exceptions }) => [
        when,
        points,
        ...exceptions.map((one) => one.when),
      ]),
      ...links.flatMap(({ when }) => when ?? []),
    ].flatMap((expression) => expression.predicates),
  );
  for (const { key } of predicates)
    if (!used.has(key.text)) sink.warn('W011', key, `no rule uses the predicate '${key.text}'`);
};

export const effectLints: readonly Lint[] = [
  withoutPoints,
  neverPoints,
  cutPoints,
  neverThere,
  unusedReason,
  sameFeature,
  unusedPredicate,
];
