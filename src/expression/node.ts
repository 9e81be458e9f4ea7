import type { InputInfo, ScopeList } from '../model/expression-scope.js';
import type { Value, ValueType } from '../model/value.js';
import type { ArithmeticOperator, ComparisonOperator } from './ast.js';
import type { CheckedExpression } from './checked-expression.js';
import type { Span } from './diagnostic.js';
import type { FunctionSpec } from './functions/function-spec.js';

interface NodeBase extends Span {
  readonly type: ValueType;
}

export interface LiteralNode extends NodeBase {
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
export interface NegateNode extends NodeBase {
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
  readonly spec: FunctionSpec;
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
