import type { ScopeList } from '../model/expression-scope.js';
import { parseDurationSeconds } from '../model/time.js';
import type { ValueType } from '../model/value.js';
import type { ArithmeticOperator, Ast, BinaryAst, ComparisonOperator, ListAst, UnaryAst } from './ast.js';
import { besideOf, checkListName, isBareText, isDashedName, isUnknownName } from './check-names.js';
import type { Node } from './checked-expression.js';
import { type Checker, spanOf } from './checker.js';
import type { Span } from './diagnostic.js';
import { didYouMean } from './suggest.js';

const nouns: Readonly<Record<ValueType, string>> = { number: 'a number', string: 'a text', boolean: 'true or false' };

export const noun = (type: ValueType): string => nouns[type];

function conditionHint(type: ValueType): string {
  return type === 'number' ? "compare it, such as '… > 0'" : 'compare it, such as \'… == "…"\'';
}

/** Reports a node that is not of the type; true when it is. */
function expectType(checker: Checker, node: Node, { type, at, of }: { type: ValueType; at: Ast; of: string }): boolean {
  if (node.type === type) return true;
  const hint = type === 'boolean' ? conditionHint(node.type) : undefined;
  checker.sink.error('E110', spanOf(at), `${of} takes ${noun(type)}, this is ${noun(node.type)}`, hint);
  return false;
}

export function checkUnary(checker: Checker, ast: UnaryAst): Node | undefined {
  const operand = checker.check(ast.operand);
  if (operand === undefined) return undefined;
  const type = ast.operator === '!' ? 'boolean' : 'number';
  if (!expectType(checker, operand, { type, at: ast.operand, of: `'${ast.operator}'` })) return undefined;
  const at = spanOf(ast);
  if (ast.operator === '!') return { kind: 'not', operand, type, ...at };
  if (operand.kind === 'literal' && typeof operand.value === 'number') {
    return { kind: 'literal', value: -operand.value, type, ...at };
  }
  return { kind: 'negate', operand, type, ...at };
}

export function checkLogic(checker: Checker, ast: BinaryAst): Node | undefined {
  const kind = ast.operator === '&&' ? 'and' : 'or';
  const operands: Node[] = [];
  let whole = true;
  for (const side of [ast.left, ast.right]) {
    const node = checker.check(side);
    // Two texts that were to be compared with one thing are one mistake.
    const isSaid = ast.isSingle === true || (!whole && node?.kind === 'literal');
    if (
      node === undefined ||
      isSaid ||
      !expectType(checker, node, { type: 'boolean', at: side, of: `'${ast.operator}'` })
    ) {
      whole = false;
    } else if (node.kind === kind) operands.push(...node.operands);
    else operands.push(node);
  }
  return whole ? { kind, operands, type: 'boolean', ...spanOf(ast) } : undefined;
}

/** A text compared with a field that never holds it. */
function checkValue(checker: Checker, { field, other, at }: { field: Node; other: Node; at: Span }): boolean {
  if (field.kind !== 'input' || field.info.values === undefined) return true;
  if (other.kind !== 'literal' || typeof other.value !== 'string') return true;
  const { name, values } = field.info;
  if (values.includes(other.value)) return true;
  const hint = didYouMean(other.value, values) ?? `it is one of ${values.slice(0, 12).join(', ')}`;
  checker.sink.error('E106', at, `${name} is never '${other.value}'`, hint);
  return false;
}

const isComparison = (ast: Ast): boolean =>
  ast.kind === 'binary' && ast.core === undefined && ['==', '!=', '<', '<=', '>', '>=', 'in'].includes(ast.operator);

/** The operand that is more likely the mistake: a literal rather than a field, else the right one. */
function wrongSide(left: Node, right: Node, ast: BinaryAst): Ast {
  return left.kind === 'literal' && right.kind !== 'literal' ? ast.left : ast.right;
}

/** What one side is says what an unknown name on the other was to be. */
function checkSides(checker: Checker, ast: BinaryAst): { left: Node | undefined; right: Node | undefined } {
  const checkBeside = (side: Ast, other: Node | undefined): Node | undefined =>
    isBareText(checker, side, besideOf(other)) ? undefined : checker.check(side);
  if (isUnknownName(checker, ast.left)) {
    const right = checker.check(ast.right);
    return { left: checkBeside(ast.left, right), right };
  }
  const left = checker.check(ast.left);
  return { left, right: checkBeside(ast.right, left) };
}

/** A number, a duration or a truth between quotes. */
function typeHint(kept: Node, wrong: Node): string {
  const text = wrong.kind === 'literal' && typeof wrong.value === 'string' ? wrong.value : '';
  const bare: Readonly<Record<ValueType, boolean>> = {
    number: parseDurationSeconds(text) !== undefined || /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/.test(text),
    boolean: text === 'true' || text === 'false',
    string: false,
  };
  return bare[kept.type]
    ? `did you mean '${text}'? it is written without quotes`
    : `${noun(kept.type)} was expected here`;
}

export function checkComparison(checker: Checker, ast: BinaryAst, operator: ComparisonOperator): Node | undefined {
  const { left, right } = checkSides(checker, ast);
  const { sink } = checker;
  if (isComparison(ast.left) && left?.type === 'boolean' && right?.type !== 'boolean') {
    sink.error('E114', ast.at, 'comparisons do not chain', "join two comparisons with '&&': 1 < x && x < 5");
    return undefined;
  }
  if (left === undefined || right === undefined) return undefined;
  if (left.type !== right.type) {
    const side = wrongSide(left, right, ast);
    const [wrong, kept] = side === ast.left ? [left, right] : [right, left];
    sink.error('E111', spanOf(side), `${noun(kept.type)} is compared with ${noun(wrong.type)}`, typeHint(kept, wrong));
    return undefined;
  }
  if (left.type === 'boolean' && operator !== '==' && operator !== '!=') {
    sink.error('E110', spanOf(ast.left), `'${operator}' takes numbers or texts, this is true or false`);
    return undefined;
  }
  const fits = checkValue(checker, { field: left, other: right, at: spanOf(ast.right) });
  if (!fits || !checkValue(checker, { field: right, other: left, at: spanOf(ast.left) })) return undefined;
  return { kind: 'compare', operator, left, right, type: 'boolean', ...spanOf(ast) };
}

export function checkArithmetic(checker: Checker, ast: BinaryAst, operator: ArithmeticOperator): Node | undefined {
  if (operator === '-' && isDashedName(checker, ast)) return undefined;
  const left = checker.check(ast.left);
  const right = checker.check(ast.right);
  if (left === undefined || right === undefined) return undefined;
  const joins = operator === '+' && left.type === 'string' && right.type === 'string';
  const type = joins ? 'string' : 'number';
  if (operator === '+' && left.type === 'string' && right.type !== 'string') {
    checker.sink.error('E110', spanOf(ast.right), `'+' joins a text with a text, this is ${noun(right.type)}`);
    return undefined;
  }
  if (!joins) {
    const of = `'${operator}'`;
    if (!expectType(checker, left, { type: 'number', at: ast.left, of })) return undefined;
    if (!expectType(checker, right, { type: 'number', at: ast.right, of })) return undefined;
  }
  return { kind: 'arithmetic', operator, left, right, type, ...spanOf(ast) };
}

function checkItems(checker: Checker, operand: Node | undefined, list: ListAst): readonly Node[] | undefined {
  const items: Node[] = [];
  let whole = true;
  const nodes = list.items.map((item) => ({
    item,
    node: isBareText(checker, item, besideOf(operand)) ? undefined : checker.check(item),
  }));
  const noneFits = operand !== undefined && nodes.every(({ node }) => node?.type !== operand.type);
  for (const { item, node } of nodes) {
    const type = operand?.type ?? items[0]?.type;
    if (node === undefined) whole = false;
    else if (type !== undefined && node.type !== type) {
      // A list of another type is one mistake, not one of each entry.
      if (noneFits && !whole) continue;
      whole = false;
      const code = operand === undefined || !noneFits ? 'E113' : 'E111';
      checker.sink.error(code, spanOf(item), `this entry is ${noun(node.type)}`, `${noun(type)} was expected here`);
    } else if (operand !== undefined && !checkValue(checker, { field: operand, other: node, at: spanOf(item) }))
      whole = false;
    else items.push(node);
  }
  return whole ? items : undefined;
}

const listTakes: Readonly<Record<ScopeList['kind'], readonly ValueType[]>> = {
  value: ['string', 'number'],
  cidr: ['string'],
  asn: ['number'],
};

/** `x in […]`, `x in lists.name` and `in_list(x, lists.name)`. */
export function checkIn(
  checker: Checker,
  { operand: of, list: ast, at }: { operand: Ast; list: Ast; at: Span },
): Node | undefined {
  const operand = checker.check(of);
  // `in_list(lists.a, x)`: said once.
  if (operand === undefined && of.kind === 'name' && of.name.startsWith('lists.')) return undefined;
  if (ast.kind === 'list') {
    const items = checkItems(checker, operand, ast);
    if (operand === undefined || items === undefined) return undefined;
    return { kind: 'in_items', operand, items, type: 'boolean', ...at };
  }
  const list = checkListName(checker, ast);
  if (operand === undefined || list === undefined) return undefined;
  const takes = listTakes[list.kind];
  if (!takes.includes(operand.type)) {
    const wants = takes.map(noun).join(' or ');
    checker.sink.error('E110', spanOf(of), `lists.${list.name} holds ${wants}, this is ${noun(operand.type)}`);
    return undefined;
  }
  return { kind: 'in_list', operand, list, type: 'boolean', ...at };
}
