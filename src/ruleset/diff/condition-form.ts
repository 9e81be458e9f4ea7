import type { ComparisonOperator } from '../../expression/ast.js';
import type { CheckedExpression, Node } from '../../expression/checked-expression.js';
import type { Value } from '../../model/value.js';

/** A condition without `!` above its leaves, flat, and the same whatever the order or the spelling it was written in. */
export type ConditionForm = LeafForm | GroupForm;

interface FormBase {
  /** Equal keys mean the same, whatever the text. */
  readonly key: string;
  readonly text: string;
}

export interface LeafForm extends FormBase {
  readonly kind: 'leaf';
  readonly test: LeafTest;
}

export interface GroupForm extends FormBase {
  readonly kind: 'and' | 'or';
  readonly children: readonly ConditionForm[];
}

/** What is known of a leaf besides its key: enough to tell whether one follows from another. */
export type LeafTest =
  | { readonly kind: 'compare'; readonly of: string; readonly operator: ComparisonOperator; readonly value: Value }
  | { readonly kind: 'among'; readonly of: string; readonly values: readonly Value[]; readonly negated: boolean }
  | { readonly kind: 'text'; readonly of: string; readonly method: string; readonly value: string }
  | { readonly kind: 'has'; readonly of: string }
  | { readonly kind: 'other'; readonly of: string | undefined };

interface FormOptions {
  /** Predicates are replaced by their conditions; else they are leaves. */
  readonly opened: boolean;
  /** Names of features as they are called on the other side. */
  readonly rename: (name: string) => string;
}

interface Reading extends FormOptions {
  /** What the spans of the nodes refer to. */
  readonly source: string;
}

export const conditionForm = (expression: CheckedExpression, options: FormOptions): ConditionForm =>
  formOf(expression.ast, false, { ...options, source: expression.text });

function formOf(node: Node, negated: boolean, reading: Reading): ConditionForm {
  if (node.kind === 'not') return formOf(node.operand, !negated, reading);
  if (node.kind === 'and' || node.kind === 'or') {
    const kind = negated === (node.kind === 'and') ? 'or' : 'and';
    return groupOf(
      kind,
      node.operands.map((operand) => formOf(operand, negated, reading)),
    );
  }
  if (node.kind === 'predicate' && reading.opened)
    return formOf(node.expression.ast, negated, { ...reading, source: node.expression.text });
  return leafOf(node, negated, reading);
}

function groupOf(kind: 'and' | 'or', operands: readonly ConditionForm[]): ConditionForm {
  const flat = operands.flatMap((operand) => (operand.kind === kind ? operand.children : [operand]));
  const children = [...new Map(flat.map((child) => [child.key, child])).values()];
  const [only] = children;
  if (only !== undefined && children.length === 1) return only;
  const key = `${kind}(${children
    .map((child) => child.key)
    .sort()
    .join()})`;
  const text = children.map(inParentheses).join(kind === 'and' ? ' && ' : ' || ');
  return { kind, key, text, children };
}

const inParentheses = ({ kind, text }: ConditionForm): string => (kind === 'leaf' ? text : `(${text})`);

const opposite: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};
const turned: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '>=': '<=',
  '>': '<',
  '<=': '>=',
};

function leafOf(node: Node, negated: boolean, reading: Reading): LeafForm {
  if (node.kind === 'compare') return comparison(node, negated, reading);
  const key = keyOf(node, reading);
  const text = textOf(node, reading);
  const test = testOf(node, negated, reading);
  return { kind: 'leaf', key: negated ? `!${key}` : key, text: negated ? negation(node, text) : text, test };
}

const negation = (node: Node, text: string): string =>
  node.kind === 'input' || node.kind === 'predicate' || node.kind === 'call' ? `!${text}` : `!(${text})`;

function comparison(node: Extract<Node, { kind: 'compare' }>, negated: boolean, reading: Reading): LeafForm {
  const isTurned = node.left.kind === 'literal' && node.right.kind !== 'literal';
  const [left, right] = isTurned ? [node.right, node.left] : [node.left, node.right];
  const straight = isTurned ? turned[node.operator] : node.operator;
  const operator = negated ? opposite[straight] : straight;
  const of = keyOf(left, reading);
  const text = `${textOf(left, reading)} ${operator} ${textOf(right, reading)}`;
  if (right.kind !== 'literal')
    return { kind: 'leaf', key: `${of} ${operator} ${keyOf(right, reading)}`, text, test: { kind: 'other', of } };
  // `x == true` is `x`, and `x != true` is `!x`.
  if (typeof right.value === 'boolean' && (operator === '==' || operator === '!=')) {
    const isTrue = right.value === (operator === '==');
    return {
      kind: 'leaf',
      key: isTrue ? of : `!${of}`,
      text: isTrue ? textOf(left, reading) : text,
      test: { kind: 'other', of },
    };
  }
  const test: LeafTest = { kind: 'compare', of, operator, value: right.value };
  return { kind: 'leaf', key: `${of} ${operator} ${JSON.stringify(right.value)}`, text, test };
}

const textMethods: ReadonlySet<string> = new Set(['startsWith', 'endsWith', 'contains']);

function testOf(node: Node, negated: boolean, reading: Reading): LeafTest {
  if (node.kind === 'in_items') {
    const values = node.items.flatMap((item) => (item.kind === 'literal' ? [item.value] : []));
    const of = keyOf(node.operand, reading);
    return values.length === node.items.length ? { kind: 'among', of, values, negated } : { kind: 'other', of };
  }
  const [target, argument] = node.kind === 'call' ? node.args : [];
  if (node.kind !== 'call' || target === undefined || negated) return { kind: 'other', of: undefined };
  if (node.spec.name === 'has') return { kind: 'has', of: keyOf(target, reading) };
  if (textMethods.has(node.spec.name) && argument?.kind === 'literal' && typeof argument.value === 'string')
    return { kind: 'text', of: keyOf(target, reading), method: node.spec.name, value: argument.value };
  return { kind: 'other', of: undefined };
}

/** One spelling of what a node means. */
export function keyOf(node: Node, reading: FormOptions): string {
  const key = (child: Node): string => keyOf(child, reading);
  switch (node.kind) {
    case 'literal':
      return JSON.stringify(node.value);
    case 'input':
      return reading.rename(node.info.name);
    case 'predicate':
      return reading.opened ? key(node.expression.ast) : `predicate ${node.name}`;
    case 'not':
      return `!${key(node.operand)}`;
    case 'negate':
      return `-${key(node.operand)}`;
    case 'and':
    case 'or':
      return `${node.kind}(${node.operands.map(key).sort().join()})`;
    case 'compare':
    case 'arithmetic':
      return `(${key(node.left)} ${node.operator} ${key(node.right)})`;
    case 'in_items':
      return `${key(node.operand)} in [${[...new Set(node.items.map(key))].sort().join()}]`;
    case 'in_list':
      return `in_list(${key(node.operand)},${node.list.name})`;
    case 'call':
      return `${node.spec.name}(${node.args.map(key).join()})`;
  }
}

/** As the author wrote it, on one line. */
const textOf = ({ start, end }: Node, { source }: Reading): string =>
  source.slice(start, end).replace(/\s+/g, ' ').trim();
