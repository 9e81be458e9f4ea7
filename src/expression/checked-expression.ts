import type { InputInfo, ScopeList } from '../model/expression-scope.js';
import type { Value, ValueType } from '../model/value.js';
import type { ArithmeticOperator, ComparisonOperator } from './ast.js';
import type { Span } from './diagnostic.js';
import type { FunctionSignature } from './functions/function-signature.js';

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

interface NodeBase extends Span {
  readonly type: ValueType;
}

interface LiteralNode extends NodeBase {
  readonly kind: 'literal';
  readonly value: Value;
}
export interface InputNode extends NodeBase {
  readonly kind: 'input';
  readonly info: InputInfo;
}
export interface PredicateNode extends NodeBase {
  readonly kind: 'predicate';
  readonly name: string;
  readonly expression: CheckedExpression;
}
export interface NotNode extends NodeBase {
  readonly kind: 'not';
  readonly operand: Node;
}
interface NegateNode extends NodeBase {
  readonly kind: 'negate';
  readonly operand: Node;
}
/** A flat chain of one logical operator, at least two operands. */
export interface LogicNode extends NodeBase {
  readonly kind: 'and' | 'or';
  readonly operands: readonly Node[];
}
export interface CompareNode extends NodeBase {
  readonly kind: 'compare';
  readonly operator: ComparisonOperator;
  readonly left: Node;
  readonly right: Node;
}
export interface ArithmeticNode extends NodeBase {
  readonly kind: 'arithmetic';
  readonly operator: ArithmeticOperator;
  readonly left: Node;
  readonly right: Node;
}
export interface InItemsNode extends NodeBase {
  readonly kind: 'in_items';
  readonly operand: Node;
  readonly items: readonly Node[];
}
export interface InListNode extends NodeBase {
  readonly kind: 'in_list';
  readonly operand: Node;
  readonly list: ScopeList;
}
/** A function, or a method whose receiver is the first argument. */
export interface CallNode extends NodeBase {
  readonly kind: 'call';
  readonly spec: FunctionSignature;
  readonly args: readonly Node[];
}

/** The expression with names resolved and types known. */
export type Node =
  | LiteralNode
  | InputNode
  | PredicateNode
  | NotNode
  | NegateNode
  | LogicNode
  | CompareNode
  | ArithmeticNode
  | InItemsNode
  | InListNode
  | CallNode;
