import type { InputNode, Node } from '../../expression/checked-expression.js';
import { childrenOf } from '../../expression/walk-node.js';
import type { InputInfo } from '../../model/expression-scope.js';
import { featureInputs } from '../../model/feature.js';
import { childNodes } from '../child-nodes.js';
import { isOff } from './is-live.js';
import type { Lint, LintInput } from './lint.js';
import { type Known, type Missing, neverFalseWithout } from './never-false.js';
import { sitesOf } from './sites.js';

/** A negated input that is missing makes the rule unknown, not true: authors often mean "is not, or is not there". */
export const negatedOptional: Lint = (input, sink) => {
  const keys = keysOf(input);
  for (const { rule, expression, place, isCondition } of sitesOf(input)) {
    if (rule === undefined || !isCondition || isOff(rule)) continue;
    const reads = needed(expression.ast).map(({ name }) => name);
    const known = new Set([...guards(expression.ast), ...reads, ...reads.flatMap((name) => keys.get(name) ?? [])]);
    for (const node of nodesBesidePairs(expression.ast)) {
      const found = negationAt(node, known);
      if (found === undefined) continue;
      sink.warn('W001', place(node), messageOf(found), { rule: rule.info.id, hint: hintOf(found) });
      break;
    }
  }
};

/** A feature is absent where a part of its key is: who has the one has the other. */
const keysOf = ({ ruleSet }: LintInput): ReadonlyMap<string, readonly string[]> =>
  new Map(ruleSet.features.flatMap((spec) => featureInputs(spec).map((name) => [name, spec.by] as const)));

interface Negation {
  /** With all of them missing it is never true. */
  readonly missing: Missing;
  /** The input is negated by itself. */
  readonly isBare: boolean;
}

function messageOf({ missing: [first, ...more], isBare }: Negation): string {
  const named = [first, ...more].map((name) => `'${name}'`).join(' and ');
  return isBare
    ? `'!${first}' is unknown, not true, when ${named} is missing`
    : `the negation is never true when ${named} ${more.length === 0 ? 'is' : 'are'} missing`;
}

const hintOf = ({ missing: [first], isBare }: Negation): string =>
  isBare
    ? `default(${first}, false) reads missing as false`
    : `say which is meant: has(${first}) && …, or !has(${first}) || …`;

/** What is negated here, or in the predicate that stands here. */
function negationAt(node: Node, known: Known): Negation | undefined {
  if (node.kind === 'not') {
    const missing = neverFalseWithout(node.operand, known);
    return missing === undefined ? undefined : { missing, isBare: node.operand.kind === 'input' };
  }
  if (node.kind !== 'predicate') return undefined;
  return nodesBesidePairs(node.expression.ast)
    .map((part) => negationAt(part, known))
    .find((found) => found !== undefined);
}

/** As `nodesUnder`, without negations of negations: two say nothing. */
function nodesBesidePairs(root: Node): readonly Node[] {
  const nodes: Node[] = [root];
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined) continue;
    const pair = node.kind === 'not' && node.operand.kind === 'not' ? node.operand : undefined;
    nodes.push(...(pair === undefined ? childrenOf(node) : [pair.operand]));
  }
  return nodes;
}

const isInput = (node: Node | undefined): node is InputNode => node?.kind === 'input';

/** Inputs that the condition asks for with has(). */
function guards(node: Node): Set<string> {
  const found = new Set<string>();
  const [argument] = node.kind === 'call' && node.spec.name === 'has' ? node.args : [];
  if (isInput(argument)) found.add(argument.info.name);
  for (const child of childNodes(node)) for (const name of guards(child)) found.add(name);
  return found;
}

/** Inputs that another part of the condition needs as well: without them the rule would not fire whatever the negation says. */
function needed(node: Node): readonly InputInfo[] {
  if (node.kind === 'predicate') return needed(node.expression.ast);
  if (node.kind === 'and') return node.operands.flatMap(needed);
  if (node.kind === 'or' || node.kind === 'not') return [];
  if (node.kind === 'call' && ['has', 'default'].includes(node.spec.name)) return [];
  return node.kind === 'input' ? [node.info] : childNodes(node).flatMap(needed);
}
