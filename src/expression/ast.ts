import type { Span } from './diagnostic.js';

const comparisonOperators = ['==', '!=', '<', '<=', '>', '>='] as const;
export type ComparisonOperator = (typeof comparisonOperators)[number];
export type ArithmeticOperator = '+' | '-' | '*' | '/';
export type BinaryOperator = '&&' | '||' | 'in' | ComparisonOperator | ArithmeticOperator;

interface AstBase extends Span {
  /** Parentheses, unary operators, calls and list literals on the longest way down. */
  readonly height: number;
  /** Without parentheses around it, when there are any. */
  readonly core?: Span;
}

interface LiteralAst extends AstBase {
  readonly kind: 'literal';
  readonly value: number | string | boolean;
}

/** A dotted name, not yet resolved. */
export interface NameAst extends AstBase {
  readonly kind: 'name';
  readonly name: string;
}

export interface ListAst extends AstBase {
  readonly kind: 'list';
  readonly items: readonly Ast[];
}

export interface UnaryAst extends AstBase {
  readonly kind: 'unary';
  readonly operator: '!' | '-';
  readonly operand: Ast;
}

export interface BinaryAst extends AstBase {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly at: Span;
  /** A single `&` or `|` stood here, which is reported: of bits, perhaps, and its sides are no further mistakes. */
  readonly isSingle?: true;
  readonly left: Ast;
  readonly right: Ast;
}

export interface CallAst extends AstBase {
  readonly kind: 'call';
  readonly name: string;
  readonly nameAt: Span;
  /** A method's receiver. */
  readonly target?: Ast;
  readonly args: readonly Ast[];
}

/** What could not be read; already reported. */
interface BrokenAst extends AstBase {
  readonly kind: 'broken';
}

/** The expression as written. */
export type Ast = LiteralAst | NameAst | ListAst | UnaryAst | BinaryAst | CallAst | BrokenAst;
