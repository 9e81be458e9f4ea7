import type { Ast } from './ast.js';
import type { Node } from './checked-expression.js';
import type { DiagnosticSink } from './diagnostic.js';
import type { Scope } from './scope.js';

/** What the checking functions share. `check` gives undefined for what is wrong, after reporting it. */
export interface Checker {
  readonly text: string;
  readonly scope: Scope;
  readonly sink: DiagnosticSink;
  check(ast: Ast): Node | undefined;
}

/** Where a node stands, without parentheses around it. */
export const spanOf = (ast: Ast): { start: number; end: number } =>
  ast.core === undefined ? { start: ast.start, end: ast.end } : { start: ast.core.start, end: ast.core.end };
