import type { InputInfo } from '../model/expression-scope.js';
import type { ValueType } from '../model/value.js';
import type { Span } from './diagnostic.js';
import type { Node } from './node.js';

/** A boolean part of an expression that holds no `&&`, `||` or `!` of its own: what explain shows and coverage counts. */
export interface Leaf extends Span {
  readonly text: string;
  readonly expression: CheckedExpression;
}

/** An expression that fits its scope. Immutable; shared by everything that refers to it. */
export interface CheckedExpression {
  readonly text: string;
  readonly ast: Node;
  readonly type: ValueType;
  /** Every input it can read, through predicates too, each once. */
  readonly reads: readonly InputInfo[];
  /** Names of the lists it looks into, through predicates too. */
  readonly lists: readonly string[];
  readonly leaves: readonly Leaf[];
  /** Names of the predicates it refers to, through predicates too. */
  readonly predicates: readonly string[];
}
