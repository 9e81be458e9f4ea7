import type { ScopeList } from '../model/expression-scope.js';
import type { Ast, NameAst } from './ast.js';
import type { Node } from './checked-expression.js';
import { type Checker, spanOf } from './checker.js';
import { functionsByName } from './functions/registry.js';
import { didYouMean } from './suggest.js';

const prefix = 'lists.';

const isListName = (name: string): boolean => name.startsWith(prefix);

function hintForName({ scope }: Checker, name: string): string | undefined {
  if (functionsByName.has(name)) return `'${name}' is a function: ${functionsByName.get(name)?.example}`;
  if (scope.list(name) !== undefined) return `a list is written '${prefix}${name}'`;
  const members = [...scope.names()].filter((known) => known.startsWith(`${name}.`));
  if (members.length > 0) return `'${name}' has the members ${members.slice(0, 8).join(', ')}`;
  return didYouMean(name, scope.names());
}

/** A field, feature or predicate. */
export function checkName(checker: Checker, ast: NameAst): Node | undefined {
  const at = spanOf(ast);
  if (isListName(ast.name)) {
    checker.sink.error('E115', ast, `'${ast.name}' is a list`, `write: x in ${ast.name}`);
    return undefined;
  }
  const info = checker.scope.input(ast.name);
  if (info !== undefined) return { kind: 'input', info, type: info.type, ...at };
  const expression = checker.scope.predicate(ast.name);
  if (expression !== undefined) return { kind: 'predicate', name: ast.name, expression, type: expression.type, ...at };
  checker.sink.error('E101', at, `unknown field '${ast.name}'`, hintForName(checker, ast.name));
  return undefined;
}

/** What stands after `in` when it is no list literal. */
export function checkListName({ scope, sink }: Checker, ast: Ast): ScopeList | undefined {
  if (ast.kind === 'broken') return undefined;
  if (ast.kind !== 'name' || !isListName(ast.name)) {
    const known = ast.kind === 'name' && scope.list(ast.name) !== undefined;
    const hint = known ? `did you mean '${prefix}${ast.name}'?` : "a list is written ['a', 'b'] or lists.name";
    sink.error('E115', ast, 'a list was expected here', hint);
    return undefined;
  }
  const name = ast.name.slice(prefix.length);
  const list = scope.list(name);
  if (list !== undefined) return list;
  const hint = didYouMean(
    ast.name,
    [...scope.listNames()].map((known) => prefix + known),
  );
  sink.error(
    'E102',
    spanOf(ast),
    `unknown list '${name}'`,
    hint ?? `a list is a file lists/${name}.txt beside the rules`,
  );
  return undefined;
}
