import type { Node } from '../expression/checked-expression.js';
import { constantRight } from '../expression/compile-comparison.js';
import type { Value } from '../model/value.js';

/** A condition that one input is, or is not, one of these values. */
export interface Equality {
  readonly values: readonly Value[];
  readonly isNegated: boolean;
}

/** Undefined for any other condition. */
export function equalityOf(node: Node): Equality | undefined {
  if (node.kind === 'input') return node.type === 'boolean' ? { values: [true], isNegated: false } : undefined;
  if (node.kind === 'in_items') {
    const values = node.items.flatMap((item) => (item.kind === 'literal' ? [item.value] : []));
    const isPlain = node.operand.kind === 'input' && values.length === node.items.length;
    return isPlain ? { values: [...new Set(values)], isNegated: false } : undefined;
  }
  if (node.kind !== 'compare') return undefined;
  const { operator, left, right } = constantRight(node);
  if (left.kind !== 'input' || right.kind !== 'literal') return undefined;
  if (operator !== '==' && operator !== '!=') return undefined;
  return { values: [right.value], isNegated: operator === '!=' };
}
