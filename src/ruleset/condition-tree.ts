import type { CheckedExpression, Leaf, Node } from '../expression/checked-expression.js';
import { type CompiledExpression, compileExpression } from '../expression/compile-expression.js';
import type { InputInfo } from '../model/expression-scope.js';
import type { Slots } from '../model/value.js';

/** Kleene's three values; undefined is unknown. */
export type Truth = boolean | undefined;

interface ConditionLeaf {
  readonly text: string;
  readonly reads: readonly InputInfo[];
  readonly ast: Node;
  readonly compiled: CompiledExpression;
}

type Branch =
  | { readonly kind: 'leaf'; readonly index: number }
  | { readonly kind: 'not'; readonly child: Branch }
  | { readonly kind: 'and' | 'or'; readonly children: readonly Branch[] };

/** A condition taken apart, predicates opened: what explain shows and coverage turns. */
export class ConditionTree {
  readonly leaves: readonly ConditionLeaf[];
  readonly #root: Branch;

  constructor(expression: CheckedExpression) {
    const leaves: ConditionLeaf[] = [];
    this.#root = branchOf(expression.ast, expression, leaves);
    this.leaves = leaves;
  }

  truths(slots: Slots): Truth[] {
    return this.leaves.map(({ compiled }) => truthOf(compiled, slots));
  }

  /** The condition's result if its leaves came out like this. */
  result(truths: readonly Truth[]): Truth {
    return resultOf(this.#root, truths);
  }

  /** How many leaves have to come out otherwise, at least, for the condition to come out like this. */
  distance(truths: readonly Truth[], wanted: boolean): number {
    return distanceOf(this.#root, truths, wanted);
  }
}

export function truthOf(compiled: CompiledExpression, slots: Slots): Truth {
  const reading = compiled.evaluate(slots);
  return typeof reading === 'boolean' ? reading : undefined;
}

function branchOf(node: Node, within: CheckedExpression, leaves: ConditionLeaf[]): Branch {
  if (node.kind === 'and' || node.kind === 'or')
    return { kind: node.kind, children: node.operands.map((operand) => branchOf(operand, within, leaves)) };
  if (node.kind === 'not') return { kind: 'not', child: branchOf(node.operand, within, leaves) };
  if (node.kind === 'predicate') return branchOf(node.expression.ast, node.expression, leaves);
  const leaf = within.leaves.find(({ start, end }) => start === node.start && end === node.end) ?? whole(within);
  leaves.push({
    text: leaf.text,
    reads: leaf.expression.reads,
    ast: leaf.expression.ast,
    compiled: compileExpression(leaf.expression),
  });
  return { kind: 'leaf', index: leaves.length - 1 };
}

/** A condition without any operator is its own leaf. */
const whole = (expression: CheckedExpression): Leaf => ({
  text: expression.text,
  start: 0,
  end: expression.text.length,
  expression,
});

function resultOf(branch: Branch, truths: readonly Truth[]): Truth {
  if (branch.kind === 'leaf') return truths[branch.index];
  if (branch.kind === 'not') return negate(resultOf(branch.child, truths));
  const settles = branch.kind === 'or';
  let result: Truth = !settles;
  for (const child of branch.children) {
    const truth = resultOf(child, truths);
    if (truth === settles) return settles;
    if (truth === undefined) result = undefined;
  }
  return result;
}

function distanceOf(branch: Branch, truths: readonly Truth[], wanted: boolean): number {
  if (branch.kind === 'leaf') return truths[branch.index] === wanted ? 0 : 1;
  if (branch.kind === 'not') return distanceOf(branch.child, truths, !wanted);
  const distances = branch.children.map((child) => distanceOf(child, truths, wanted));
  const needsAll = (branch.kind === 'and') === wanted;
  return needsAll ? distances.reduce((sum, one) => sum + one, 0) : Math.min(...distances);
}

const negate = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);
