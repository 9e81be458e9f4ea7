import { err, ok, type Result } from '../model/result.js';
import type { Ast } from './ast.js';
import { checkCall } from './check-call.js';
import { checkName, isTruthForNumber } from './check-names.js';
import { checkArithmetic, checkComparison, checkIn, checkLogic, checkUnary, noun } from './check-operators.js';
import type { CheckedExpression, Node } from './checked-expression.js';
import { type Checker, spanOf } from './checker.js';
import { describeNode } from './describe-node.js';
import { type Diagnostic, DiagnosticSink } from './diagnostic.js';
import { parseExpression } from './parse-expression.js';
import type { Scope } from './scope.js';

function literalType(value: number | string | boolean): 'number' | 'string' | 'boolean' {
  if (typeof value === 'number') return 'number';
  return typeof value === 'string' ? 'string' : 'boolean';
}

function checkAst(checker: Checker, ast: Ast): Node | undefined {
  switch (ast.kind) {
    case 'broken':
      return undefined;
    case 'literal':
      return { kind: 'literal', value: ast.value, type: literalType(ast.value), ...spanOf(ast) };
    case 'name':
      return checkName(checker, ast);
    case 'list':
      for (const item of ast.items) checker.check(item);
      checker.sink.error('E115', ast, 'a list stands only after in', 'write: x in [1, 2]');
      return undefined;
    case 'unary':
      return checkUnary(checker, ast);
    case 'call':
      return checkCall(checker, ast);
    case 'binary':
      break;
  }
  const { operator } = ast;
  if (operator === '&&' || operator === '||') return checkLogic(checker, ast);
  if (operator === 'in') return checkIn(checker, { operand: ast.left, list: ast.right, at: spanOf(ast) });
  if (operator === '+' || operator === '-' || operator === '*' || operator === '/') {
    return checkArithmetic(checker, ast, operator);
  }
  return checkComparison(checker, ast, operator);
}

function createChecker(text: string, scope: Scope, sink: DiagnosticSink): Checker {
  const checker: Checker = { text, scope, sink, check: (ast) => checkAst(checker, ast) };
  return checker;
}

/**
 * Reads and type-checks one expression. On failure every mistake that can be told apart, in the order of the text.
 * Never throws, whatever the text.
 */
export function checkExpression(
  text: string,
  scope: Scope,
  want: 'boolean' | 'number' | 'any',
): Result<CheckedExpression, readonly Diagnostic[]> {
  const sink = new DiagnosticSink();
  const ast = parseExpression(text, sink);
  const readable = sink.found.length === 0;
  const checker = createChecker(text, scope, sink);
  const node = want === 'number' && isTruthForNumber(checker, ast) ? undefined : checker.check(ast);
  if (readable && node !== undefined && want !== 'any' && node.type !== want) {
    const hint = want === 'boolean' ? 'compare it with something' : undefined;
    sink.error('E112', spanOf(ast), `${noun(want)} was expected, this is ${noun(node.type)}`, hint);
  }
  if (node === undefined || sink.found.length > 0) return err(sink.sorted());
  return ok(describeNode(node, text));
}
