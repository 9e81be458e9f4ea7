import type { Node } from '../../expression/checked-expression.js';

/** Names of inputs that are there wherever the rule could fire. */
export type Known = ReadonlySet<string>;

/** Names of inputs, at least one, that are all missing. */
export type Missing = readonly [string, ...string[]];

/**
 * Inputs without which a claim about what something is cannot come out false, so that its negation is never true: one part of
 * an OR is enough, of an AND it takes each. Amounts are no such claims: who asks for fewer than three of something that was
 * never counted expects no answer. Undefined where there are none for certain.
 */
export function neverFalseWithout(node: Node, known: Known): Missing | undefined {
  switch (node.kind) {
    case 'predicate':
      return neverFalseWithout(node.expression.ast, known);
    case 'and':
      return all(node.operands.map((operand) => neverFalseWithout(operand, known)));
    case 'or':
      return first(node.operands, (operand) => neverFalseWithout(operand, known));
    case 'compare':
      return node.left.type === 'number' ? undefined : unknownWithout(node, known);
    default:
      return unknownWithout(node, known);
  }
}

/** Inputs without which there is no telling what it is, whatever else is known. */
function unknownWithout(node: Node, known: Known): Missing | undefined {
  const without = (part: Node): Missing | undefined => unknownWithout(part, known);
  switch (node.kind) {
    case 'input':
      return node.info.optional && !known.has(node.info.name) ? [node.info.name] : undefined;
    case 'predicate':
      return without(node.expression.ast);
    case 'and':
    case 'or':
      return all(node.operands.map(without));
    case 'compare':
      return first([node.left, node.right], without);
    case 'in_items':
    case 'in_list':
      return without(node.operand);
    case 'call':
      return ['has', 'default'].includes(node.spec.name) ? undefined : first(node.args, without);
    default:
      return undefined;
  }
}

function first(nodes: readonly Node[], ask: (node: Node) => Missing | undefined): Missing | undefined {
  for (const node of nodes) {
    const found = ask(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

function all(parts: readonly (Missing | undefined)[]): Missing | undefined {
  const [one, ...others] = [...new Set(parts.flatMap((names) => names ?? []))];
  return one === undefined || parts.includes(undefined) ? undefined : [one, ...others];
}
