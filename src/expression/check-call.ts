import { parseIpRange } from '../model/ip-address.js';
import type { Ast, CallAst } from './ast.js';
import { bounds } from './bounds.js';
import { isBareText } from './check-names.js';
import { checkIn, noun } from './check-operators.js';
import type { Node } from './checked-expression.js';
import { type Checker, spanOf } from './checker.js';
import { codePointCount } from './code-points.js';
import type { FunctionSignature, Parameter } from './functions/function-signature.js';
import { readPattern } from './functions/matches.js';
import { functionsByName, methodsByName } from './functions/registry.js';
import { wordsOf } from './name-words.js';
import { patternSize } from './pattern-size.js';
import { didYouMean } from './suggest.js';
import { macros } from './teach.js';

/** Names of other languages and dialects, and what stands for them here. */
const elsewhere: Readonly<Record<string, string>> = {
  lowerascii: 'lower',
  tolowercase: 'lower',
  tolower: 'lower',
  length: 'size',
  len: 'size',
  includes: 'contains',
  beginswith: 'startsWith',
  startwith: 'startsWith',
  endwith: 'endsWith',
  indexof: 'contains',
  has: 'contains',
  include: 'contains',
  containing: 'contains',
  substring: 'contains',
  like: 'contains',
  regex: 'matches',
  test: 'matches',
  match: 'matches',
  coalesce: 'default',
  exists: 'has',
  isset: 'has',
  isnull: 'has',
  isdefined: 'has',
  defined: 'has',
  present: 'has',
  ifnull: 'default',
  maximum: 'max',
  minimum: 'min',
  log: 'log2',
  log10: 'log2',
  ln: 'log2',
};

type Specs = ReadonlyMap<string, FunctionSignature>;

/** The same words, whatever their capitals and what stands between them. */
function sameWords(name: string, known: Specs): FunctionSignature | undefined {
  const word = wordsOf(name).join('');
  return [...known.values()].find((spec) => wordsOf(spec.name).join('') === word);
}

const ownHint = ({ name }: FunctionSignature): string => `did you mean '${name}'?`;

/** What was probably to be called. */
function callHint({ scope }: Checker, { name, target }: CallAst): string {
  const isMethod = target !== undefined;
  const [known, others]: readonly [Specs, Specs] = isMethod
    ? [methodsByName, functionsByName]
    : [functionsByName, methodsByName];
  if (!isMethod && scope.predicate(name) !== undefined) return `'${name}' is a predicate: it takes nothing`;
  const [same, other] = [sameWords(name, known), sameWords(name, others)];
  if (same !== undefined) return ownHint(same);
  if (other !== undefined) return `'${other.name}' is a ${other.form}: ${other.example}`;
  const word = wordsOf(name).join('');
  const alias = Object.hasOwn(elsewhere, word) ? (elsewhere[word] ?? '') : '';
  const meant = known.get(alias);
  if (meant !== undefined) return ownHint(meant);
  if (!isMethod && methodsByName.has(alias)) return `it is a method: x.${alias}(…)`;
  return didYouMean(name, known.keys()) ?? `there are ${[...known.keys()].join(', ')}`;
}

function reportUnknown(checker: Checker, ast: CallAst): undefined {
  const { sink } = checker;
  const isMethod = ast.target !== undefined;
  if (!isMethod && macros.includes(ast.name) && ast.args.length !== 1) {
    const hint = 'there are no loops; count over history with a feature';
    sink.error('E141', ast.nameAt, `there is no '${ast.name}'`, hint);
    return undefined;
  }
  const what = isMethod ? 'method' : 'function';
  sink.error(isMethod ? 'E103' : 'E104', ast.nameAt, `unknown ${what} '${ast.name}'`, callHint(checker, ast));
  return undefined;
}

function checkLiteralForm({ sink }: Checker, { form }: Parameter, { ast, node }: { ast: Ast; node: Node }): boolean {
  const at = spanOf(ast);
  const what = form === 'pattern' ? 'pattern' : 'address range';
  if (node.kind !== 'literal' || typeof node.value !== 'string') {
    sink.error('E107', at, `the ${what} is written out in quotes`, 'it is read once, when the rules are loaded');
    return false;
  }
  if (form === 'range') {
    if (parseIpRange(node.value) !== undefined) return true;
    sink.error('E124', at, `'${node.value}' is no address range`, 'such as "10.0.0.0/8" or "2001:db8::/32"');
    return false;
  }
  if (codePointCount(node.value) > bounds.patternCharacters) {
    sink.error(
      'E134',
      at,
      `a pattern has at most ${bounds.patternCharacters} characters`,
      'several short patterns are faster, too',
    );
    return false;
  }
  const size = patternSize(node.value);
  if (size > bounds.patternSize) {
    sink.error(
      'E135',
      at,
      `with its repeats written out the pattern is ${size} long, at most ${bounds.patternSize} are allowed`,
      'smaller counts, or fewer repeats within each other: "[a-z]{30,}" finds what "[a-z]{30,900}" finds',
    );
    return false;
  }
  const pattern = readPattern(node.value);
  if (!('reason' in pattern)) return true;
  sink.error('E125', at, pattern.reason, 'patterns are RE2: no look-around, no back-references');
  return false;
}

function checkArgument(
  checker: Checker,
  parameter: Parameter,
  given: { ast: Ast; node: Node; first: Node; name: string },
): boolean {
  const { ast, node, first, name } = given;
  const takes = parameter.takes === 'first' ? first.type : parameter.takes;
  if (parameter.form === 'input' && node.kind !== 'input') {
    checker.sink.error(
      'E107',
      spanOf(ast),
      `${name} takes a field or feature`,
      'a calculation or a predicate has no value of its own to ask for',
    );
    return false;
  }
  if (takes !== 'any' && node.type !== takes) {
    checker.sink.error('E110', spanOf(ast), `${name} takes ${noun(takes)} here, this is ${noun(node.type)}`);
    return false;
  }
  if (parameter.form !== 'pattern' && parameter.form !== 'range') return true;
  return checkLiteralForm(checker, parameter, { ast, node });
}

function checkArity({ sink }: Checker, ast: CallAst, spec: FunctionSignature): boolean {
  const wanted = spec.parameters.length - (spec.form === 'method' ? 1 : 0);
  // A comma too many is told already, and is no argument.
  if (ast.args.length === wanted || ast.args.some(({ kind }) => kind === 'broken')) return ast.args.length === wanted;
  const takes = wanted === 0 ? 'no arguments' : wanted === 1 ? 'one argument' : `${wanted} arguments`;
  sink.error(
    'E105',
    { start: ast.nameAt.start, end: spanOf(ast).end },
    `${spec.name} takes ${takes}, not ${ast.args.length}`,
    spec.example,
  );
  return false;
}

/** `template_burst.z()`: a field with parentheses behind it. */
function isField({ scope, sink }: Checker, { target, name, nameAt, end }: CallAst): boolean {
  const field = target?.kind === 'name' ? `${target.name}.${name}` : '';
  if (scope.input(field) === undefined) return false;
  sink.error('E103', { start: nameAt.start, end }, `'${field}' is a field, no method`, `did you mean '${field}'?`);
  return true;
}

/** Behind the first, which says what is asked of what, a text is written out more often than not. */
function checkArguments(
  checker: Checker,
  spec: FunctionSignature,
  given: readonly Ast[],
): readonly (Node | undefined)[] {
  const args: (Node | undefined)[] = [];
  for (const [index, ast] of given.entries()) {
    const takes = spec.parameters[index]?.takes;
    const type = takes === 'first' ? args[0]?.type : takes;
    const isText = index > 0 && type === 'string' && isBareText(checker, ast, { type });
    args.push(isText ? undefined : checker.check(ast));
  }
  return args;
}

/** A function or method call. */
export function checkCall(checker: Checker, ast: CallAst): Node | undefined {
  if (isField(checker, ast)) return undefined;
  const spec = (ast.target === undefined ? functionsByName : methodsByName).get(ast.name);
  const given = ast.target === undefined ? ast.args : [ast.target, ...ast.args];
  const fits = spec !== undefined && checkArity(checker, ast, spec);
  const [operand, list] = given;
  if (fits && spec.compile === 'in' && operand !== undefined && list !== undefined) {
    return checkIn(checker, { operand, list, at: spanOf(ast) });
  }
  if (spec === undefined) {
    // The unknown function may be one that takes a list.
    // What is given to something unknown may be of a kind of its own.
    if (ast.target !== undefined) checker.check(ast.target);
    return reportUnknown(checker, ast);
  }
  const args = checkArguments(checker, spec, given);
  const first = args[0];
  if (!fits || first === undefined) return undefined;
  const checked: Node[] = [];
  for (const [index, parameter] of spec.parameters.entries()) {
    const [argAst, node] = [given[index], args[index]];
    if (argAst === undefined || node === undefined) continue;
    if (!checkArgument(checker, parameter, { ast: argAst, node, first, name: spec.name })) return undefined;
    checked.push(node);
  }
  if (checked.length < given.length) return undefined;
  const type = spec.returns === 'first' ? first.type : spec.returns;
  return { kind: 'call', spec, args: checked, type, ...spanOf(ast) };
}
