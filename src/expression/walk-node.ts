import type { Node } from './checked-expression.js';

/** The nodes directly under a node; what a predicate stands for is not among them. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'input':
    case 'predicate':
      return [];
    case 'not':
    case 'negate':
    case 'in_list':
      return [node.operand];
    case 'and':
    case 'or':
      return node.operands;
    case 'compare':
    case 'arithmetic':
      return [node.left, node.right];
    case 'in_items':
      return [node.operand, ...node.items];
    case 'call':
      return node.args;
  }
}

/** Every node, itself first. At most some hundred: an expression is bounded. */
export function nodesUnder(root: Node): readonly Node[] {
  const nodes: Node[] = [root];
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    if (node !== undefined) nodes.push(...childrenOf(node));
  }
  return nodes;
}
