import type { ScopeList } from '../model/expression-scope.js';
import { own } from '../model/own.js';
import type { ValueType } from '../model/value.js';
import type { Ast, NameAst } from './ast.js';
import type { Node } from './checked-expression.js';
import { type Checker, spanOf } from './checker.js';
import type { Span } from './diagnostic.js';
import { functionsByName, methodsByName } from './functions/registry.js';
import { wordsOf } from './name-words.js';
import type { Scope } from './scope.js';
import { didYouMean, didYouMeanName, nearest, showMembers } from './suggest.js';

const prefix = 'lists.';

const isListName = (name: string): boolean => name.startsWith(prefix);

const truths: Readonly<Record<string, string>> = {
  true: 'true',
  yes: 'true',
  y: 'true',
  on: 'true',
  false: 'false',
  no: 'false',
  n: 'false',
  off: 'false',
};

/** `email.domain.length`: a method of a text, without its parentheses. */
function methodHint(scope: Scope, name: string): string | undefined {
  const dot = name.lastIndexOf('.');
  const [owner, last] = [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)];
  const method = last === 'length' ? 'size' : last;
  if (scope.input(owner)?.type !== 'string' || !methodsByName.has(method)) return undefined;
  return `did you mean '${owner}.${method}()'?`;
}

/** What a value is compared with, or given to. */
interface Beside {
  readonly type: ValueType;
  /** Closed set of values, where there is one. */
  readonly values?: readonly string[] | undefined;
}

export const besideOf = (node: Node | undefined): Beside | undefined =>
  node?.kind === 'input' ? { type: node.type, values: node.info.values } : node;

/** A name that the scope does not have, and that names no list. */
export const isUnknownName = ({ scope }: Checker, ast: Ast): ast is NameAst =>
  ast.kind === 'name' &&
  !isListName(ast.name) &&
  scope.input(ast.name) === undefined &&
  scope.predicate(ast.name) === undefined;

/** An unknown name beside a text: probably a text without its quotes. */
export function isBareText(checker: Checker, ast: Ast, beside: Beside | undefined): boolean {
  if (beside?.type !== 'string' || !isUnknownName(checker, ast)) return false;
  const near = beside.values?.includes(ast.name) === true ? undefined : hintForName(checker, ast.name);
  checker.sink.error('E101', spanOf(ast), `unknown field '${ast.name}'`, near ?? textHint(ast.name));
  return true;
}

/** `yes` where a number belongs: no word for true or false was meant. */
export function isTruthForNumber(checker: Checker, ast: Ast): boolean {
  if (!isUnknownName(checker, ast) || own(truths, ast.name.toLowerCase()) === undefined) return false;
  checker.sink.error('E101', spanOf(ast), `unknown field '${ast.name}'`, 'a number was expected, such as 20');
  return true;
}

const textHint = (name: string): string => `a text stands in quotes: "${name}"`;

function hintForName({ scope }: Checker, name: string): string | undefined {
  const truth = own(truths, name.toLowerCase());
  if (truth !== undefined) return `did you mean '${truth}'?`;
  if (functionsByName.has(name)) return `'${name}' is a function: ${functionsByName.get(name)?.example}`;
  if (scope.list(name) !== undefined) return `a list is written '${prefix}${name}'`;
  const called = methodHint(scope, name);
  if (called !== undefined) return called;
  const asn = /^as(\d{1,10})$/i.exec(name)?.[1];
  if (asn !== undefined) return `did you mean '${asn}'?`;
  const names = [...scope.names()];
  const members = names.filter((known) => known.startsWith(`${name}.`));
  return showMembers(name, members) ?? didYouMeanName(name, names);
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
export function checkListName(checker: Checker, ast: Ast): ScopeList | undefined {
  const { scope, sink } = checker;
  if (ast.kind === 'broken') return undefined;
  if (ast.kind !== 'name' || !isListName(ast.name)) {
    const dashed = ast.kind === 'binary' ? dashedName(checker, ast) : undefined;
    if (dashed !== undefined && isListName(dashed.name)) return complainOfList(checker, dashed.name, dashed);
    const hint = ast.kind === 'name' ? suggestList(scope, ast.name) : undefined;
    sink.error('E115', ast, 'a list was expected here', hint ?? "a list is written ['a', 'b'] or lists.name");
    return undefined;
  }
  return scope.list(ast.name.slice(prefix.length)) ?? complainOfList(checker, ast.name, spanOf(ast));
}

/** The lists near to what was written, with or without the prefix. */
function suggestList(scope: Scope, written: string): string | undefined {
  const bare = written.slice(written.indexOf('.') + 1);
  return didYouMean(
    prefix + bare,
    [...scope.listNames()].map((known) => prefix + known),
  );
}

function complainOfList({ scope, sink }: Checker, written: string, at: Span): undefined {
  const name = written.slice(prefix.length);
  const hint = suggestList(scope, written) ?? `a list is a file lists/${name}.txt beside the rules`;
  sink.error('E102', at, `unknown list '${name}'`, hint);
}

const dashes = /[A-Za-z_][\w.]*(?:-\w[\w.]*)+/y;

/** A name written with dashes, which reads as a subtraction. */
function dashedName({ text }: Checker, { start, end }: Span): (Span & { readonly name: string }) | undefined {
  dashes.lastIndex = start;
  const name = dashes.exec(text)?.[0];
  return name === undefined || start + name.length < end ? undefined : { name, start, end: start + name.length };
}

/** Reports a subtraction that was meant as a name; true when it was. */
export function isDashedName(checker: Checker, ast: Ast): boolean {
  const dashed = dashedName(checker, ast);
  if (dashed === undefined) return false;
  const { scope, sink } = checker;
  const [meant] = nearest(dashed.name, scope.names());
  if (meant === undefined || wordsOf(meant).join() !== wordsOf(dashed.name).join()) return false;
  sink.error('E101', dashed, `unknown field '${dashed.name}'`, `did you mean '${meant}'?`);
  return true;
}
