import type { InputNode, Node } from '../../expression/checked-expression.js';
import { childrenOf } from '../../expression/walk-node.js';
import type { InputInfo } from '../../model/expression-scope.js';
import { featureInputs } from '../../model/feature.js';
import { childNodes } from '../child-nodes.js';
import { isOff } from './is-live.js';
import type { Lint, LintInput } from './lint.js';
import { sitesOf } from './sites.js';

/** Names of inputs that are there wherever the rule could fire. */
type Known = ReadonlySet<string>;

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
  /** That may be missing. */
  readonly input: InputInfo;
  /** The input is negated by itself. */
  readonly isBare: boolean;
}

const messageOf = ({ input: { name }, isBare }: Negation): string =>
  `${isBare ? `'!${name}'` : 'the negation'} is unknown, not true, when '${name}' is missing`;

const hintOf = ({ input: { name }, isBare }: Negation): string =>
  isBare
    ? `default(${name}, false) reads missing as false`
    : `say which is meant: has(${name}) && …, or !has(${name}) || …`;

/** What is negated here, or in the predicate that stands here. */
function negationAt(node: Node, known: Known): Negation | undefined {
  if (node.kind === 'not') {
    const input = missable(node.operand, known);
    return input === undefined ? undefined : { input, isBare: node.operand.kind === 'input' };
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

/**
 * The input without which a claim about what something is cannot be answered. Amounts are no such claims: who asks for fewer
 * than three of something that was never counted expects no answer.
 */
function missable(node: Node, known: Known): InputInfo | undefined {
  switch (node.kind) {
    case 'input':
      return node.info.optional && !known.has(node.info.name) ? node.info : undefined;
    case 'predicate':
      return missable(node.expression.ast, known);
    case 'and':
    case 'or':
      return firstOf(node.operands, known);
    case 'compare':
      return node.left.type === 'number' ? undefined : firstOf([node.left, node.right], known);
    case 'in_items':
    case 'in_list':
      return missable(node.operand, known);
    case 'call':
      return ['has', 'default'].includes(node.spec.name) ? undefined : firstOf(node.args, known);
    default:
      return undefined;
  }
}

function firstOf(nodes: readonly Node[], known: Known): InputInfo | undefined {
  for (const node of nodes) {
    const found = missable(node, known);
    if (found !== undefined) return found;
  }
  return undefined;
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
