import type { Node } from '../../expression/checked-expression.js';
import { nodesUnder } from '../../expression/walk-node.js';
import { carriedBy } from '../../model/event-fields.js';
import { type EventType, eventTypes } from '../../model/event-type.js';
import type { InputInfo } from '../../model/expression-scope.js';
import { own } from '../../model/own.js';
import type { RuleDeclaration } from '../rule-declaration.js';
import { isNeverNumber } from './known-number.js';
import type { Lint } from './lint.js';
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

/** Where somebody is now is asked of every event after the signup. */
const movedSinceSignup = 'usage.ip_changed_since_signup';

/** The types of events on which a signal can be there at all; undefined: on all, for an account is remembered by the rest. */
function typesWith(name: string): readonly EventType[] | undefined {
  if (name === movedSinceSignup) return eventTypes.filter((type) => type !== 'signup');
  return own(carriedBy, name.slice(0, name.indexOf('.')));
}

/** Features keep what was counted on other events: only signals are missing for certain. */
const neverThere: Lint = (input, sink) => {
  for (const { rule, expression, place, isCondition } of sitesOf(input)) {
    if (rule === undefined || !isCondition) continue;
    const { on, id } = rule.info;
    const isNeverOn = ({ name }: InputInfo): boolean => typesWith(name)?.some((type) => on.includes(type)) === false;
    const { name } = expression.reads.find(isNeverOn) ?? {};
    const at = name === undefined ? undefined : findReading(expression.ast, name);
    if (name !== undefined && at !== undefined)
      sink.warn('W040', place(at), `'${name}' is never there on ${on.join(' and ')}`, {
        rule: id,
        hint: `on: [${typesWith(name)?.join(', ')}]`,
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
