import type { InputInfo, ScopeList } from '../model/expression-scope.js';
import type { CheckedExpression } from './checked-expression.js';

/** What the names in an expression mean. */
export interface Scope {
  input(name: string): InputInfo | undefined;
  predicate(name: string): CheckedExpression | undefined;
  /** Without the `lists.` before it. */
  list(name: string): ScopeList | undefined;
  /** Every input and predicate name, for suggestions. */
  names(): Iterable<string>;
  listNames(): Iterable<string>;
}
