import type { Node } from '../expression/checked-expression.js';

/** The operands of a node, a predicate's condition included. */
export function childNodes(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'not':
    case 'negate':
      return [node.operand];
    case 'and':
    case 'or':
      return node.operands;
    case 'compare':
    case 'arithmetic':
      return [node.left, node.right];
    case 'in_items':
      return [node.operand, ...node.items];
    case 'in_list':
      return [node.operand];
    case 'call':
      return node.args;
    case 'predicate':
      return [node.expression.ast];
    default:
      return [];
  }
}
