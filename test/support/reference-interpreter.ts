import type { Node } from '../../src/expression/checked-expression.js';
import type { Reading, Slots } from '../../src/model/value.js';
import { Unavailable } from '../../src/model/value.js';

/** The language once more, as slowly and plainly as it can be said: what the compiler is held against. */
export function interpret(node: Node, slots: Slots): Reading {
  const of = (child: Node): Reading => interpret(child, slots);
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'input':
      return slots[node.info.slot];
    case 'predicate':
      return of(node.expression.ast);
    case 'not':
      return strict([of(node.operand)], ([value]) => value !== true);
    case 'negate':
      return strict([of(node.operand)], ([value]) => -Number(value));
    case 'and':
      return kleene(node.operands.map(of), false);
    case 'or':
      return kleene(node.operands.map(of), true);
    case 'compare':
      return strict([of(node.left), of(node.right)], ([left, right]) => compared(node.operator, left, right));
    case 'arithmetic':
      return strict([of(node.left), of(node.right)], ([left, right]) => calculated(node.operator, left, right));
    case 'in_items': {
      const operand = of(node.operand);
      if (operand === undefined || operand instanceof Unavailable) return operand;
      return kleene(
        node.items.map((item) => strict([operand, of(item)], ([one, two]) => one === two)),
        true,
      );
    }
    case 'in_list':
      return strict([of(node.operand)], ([value]) => value !== undefined && node.list.has(value));
    case 'call':
      return called(node.spec.name, node.args.map(of));
  }
}

type Values = readonly (number | string | boolean)[];

function strict(readings: readonly Reading[], apply: (values: Values) => Reading): Reading {
  const unavailable = readings.find((reading) => reading instanceof Unavailable);
  if (unavailable !== undefined) return unavailable;
  const values = readings.filter((reading) => reading !== undefined && !(reading instanceof Unavailable));
  if (values.length < readings.length) return undefined;
  const result = apply(values);
  return typeof result === 'number' && !Number.isFinite(result) ? undefined : result;
}

function kleene(readings: readonly Reading[], decides: boolean): Reading {
  if (readings.includes(decides)) return decides;
  const unavailable = readings.find((reading) => reading instanceof Unavailable);
  return unavailable ?? (readings.includes(undefined) ? undefined : !decides);
}

function order(left: Values[number], right: Values[number]): number {
  if (typeof left === 'number') return Math.sign(left - Number(right));
  const [one, two] = [[...String(left)], [...String(right)]];
  for (let at = 0; at < Math.min(one.length, two.length); at++) {
    const difference = (one[at]?.codePointAt(0) ?? 0) - (two[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return Math.sign(one.length - two.length);
}

function compared(operator: string, left: Values[number] = 0, right: Values[number] = 0): boolean {
  const signs: Record<string, readonly number[]> = { '<': [-1], '<=': [-1, 0], '>': [1], '>=': [0, 1] };
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  return signs[operator]?.includes(order(left, right)) === true;
}

function calculated(operator: string, left: Values[number] = 0, right: Values[number] = 0): Reading {
  if (typeof left === 'string') return left + String(right);
  const [one, two] = [Number(left), Number(right)];
  if (operator === '+') return one + two;
  if (operator === '-') return one - two;
  return operator === '*' ? one * two : one / two;
}

function called(name: string, args: readonly Reading[]): Reading {
  const [first, second] = args;
  if (name === 'has') return first instanceof Unavailable ? first : first !== undefined;
  if (name === 'default') return first === undefined ? second : first;
  return strict(args, ([one = '', two = '']) => {
    if (name === 'startsWith') return String(one).indexOf(String(two)) === 0;
    if (name === 'endsWith')
      return [...String(one)].slice(-[...String(two)].length || Number.POSITIVE_INFINITY).join('') === String(two);
    if (name === 'contains') return String(one).indexOf(String(two)) >= 0;
    if (name === 'lower') return String(one).toLowerCase();
    if (name === 'size') return [...String(one)].length;
    if (name === 'min') return Number(one) < Number(two) ? one : two;
    if (name === 'max') return Number(one) > Number(two) ? one : two;
    if (name === 'log2') return Number(one) <= 0 ? undefined : Math.log2(Number(one));
    throw new Error(`the reference does not know ${name}`);
  });
}
