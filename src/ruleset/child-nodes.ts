import type { Node } from '../expression/checked-expression.js';
import { childrenOf } from '../expression/walk-node.js';

/** The operands of a node, a predicate's condition included. */
export const childNodes = (node: Node): readonly Node[] =>
  node.kind === 'predicate' ? [node.expression.ast] : childrenOf(node);
