import {
  type BinarySign,
  type CallName,
  type Facts,
  type Given,
  lists,
  type Tree,
  type TreeValue,
} from './expression-tree.js';
import { foundIn } from './pattern-tree.js';
import { addressIsIn } from './reference-address.js';

/** What came of it, and what was met on the way that other languages see differently. */
export interface Interpretation {
  readonly result: Given;
  /** Somewhere in the tree something was unknown. */
  readonly unknown: boolean;
  /** Texts were ordered or matched where UTF-16 and Unicode differ, or matched beyond their first 512 characters. */
  readonly unicode: boolean;
}

/** The language once more, as slowly and plainly as it can be said: every operand first, then the operator. */
export function interpret(tree: Tree, facts: Facts): Interpretation {
  const met = { unknown: false, unicode: false };
  const of = (part: Tree): Given => {
    const result = meaning(part);
    if (typeof result !== 'object' || !('value' in result)) met.unknown = true;
    return result;
  };
  const texts = (...values: readonly TreeValue[]): void => {
    if (values.some((value) => typeof value === 'string' && /[\u{10000}-\u{10FFFF}]/u.test(value))) met.unicode = true;
  };
  const meaning = (part: Tree): Given => {
    switch (part.is) {
      case 'constant':
        return { value: part.value };
      case 'field':
        return given(facts, part.name);
      case 'predicate':
        return of(part.meaning);
      case 'not':
        return strict([of(part.of)], ([value]) => value !== true);
      case 'minus':
        return strict([of(part.of)], ([value]) => -Number(value));
      case 'binary': {
        const sides = [of(part.left), of(part.right)];
        if (part.sign === '||' || part.sign === '&&') return kleene(sides, part.sign === '||');
        return strict(sides, ([left, right]) => {
          if (!['==', '!=', '+'].includes(part.sign)) texts(left, right);
          return binary(part.sign, left, right);
        });
      }
      case 'among': {
        const items = part.items.map(of);
        const operand = of(part.of);
        if (operand === 'absent' || 'unavailable' in operand) return operand;
        return kleene(
          items.map((item) => strict([item], ([value]) => value === operand.value)),
          true,
        );
      }
      case 'listed':
        return strict([of(part.of)], ([value]) => lists[part.list]?.holds.includes(value) === true);
      case 'matches':
        return strict([of(part.of)], ([value]) => {
          const chars = [...String(value)];
          texts(value, JSON.stringify(part.pattern));
          if (chars.length > 512) met.unicode = true;
          return foundIn(part.pattern, chars.slice(0, 512));
        });
      case 'inside':
        return strict([of({ is: 'field', name: part.field })], ([value]) => addressIsIn(String(value), part.range));
      case 'call':
        return call(part.name, part.args.map(of));
    }
  };
  return { result: of(tree), ...met };
}

/** A number that is no finite one is no value. */
function given(facts: Facts, name: string): Given {
  const found = facts.get(name) ?? 'absent';
  return typeof found === 'object' && 'value' in found ? finite(found.value) : found;
}

const finite = (value: TreeValue | undefined): Given =>
  value === undefined || (typeof value === 'number' && !Number.isFinite(value)) ? 'absent' : { value };

type Two = readonly [TreeValue, TreeValue];

/** Needs every operand: the first that was unavailable says why there is no result. */
function strict(operands: readonly Given[], apply: (values: Two) => TreeValue | undefined): Given {
  const unavailable = operands.find((operand) => typeof operand === 'object' && 'unavailable' in operand);
  if (unavailable !== undefined) return unavailable;
  const values = operands.flatMap((operand) =>
    typeof operand === 'object' && 'value' in operand ? [operand.value] : [],
  );
  if (values.length < operands.length) return 'absent';
  return finite(apply([values[0] ?? '', values[1] ?? '']));
}

function kleene(operands: readonly Given[], decides: boolean): Given {
  const holds = (value: boolean) => (operand: Given) =>
    typeof operand === 'object' && 'value' in operand && operand.value === value;
  if (operands.some(holds(decides))) return { value: decides };
  if (operands.every(holds(!decides))) return { value: !decides };
  return operands.find((operand) => typeof operand === 'object' && 'unavailable' in operand) ?? 'absent';
}

/** Below 0, 0 or above 0; texts by code point. */
function order(left: TreeValue, right: TreeValue): number {
  if (typeof left === 'number') return left - Number(right);
  const [one, two] = [left, right].map((text) => [...String(text)].map((char) => char.codePointAt(0) ?? 0));
  for (let at = 0; ; at++) {
    const [a, b] = [one?.[at], two?.[at]];
    if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
    if (a !== b) return a - b;
  }
}

function binary(sign: BinarySign, left: TreeValue, right: TreeValue): TreeValue {
  if (sign === '==') return left === right;
  if (sign === '!=') return left !== right;
  if (sign === '<') return order(left, right) < 0;
  if (sign === '<=') return order(left, right) <= 0;
  if (sign === '>') return order(left, right) > 0;
  if (sign === '>=') return order(left, right) >= 0;
  if (sign === '+') return typeof left === 'string' ? left + String(right) : Number(left) + Number(right);
  if (sign === '-') return Number(left) - Number(right);
  return sign === '*' ? Number(left) * Number(right) : Number(left) / Number(right);
}

/** The letters that the generator uses and that have a small form. */
const capitals = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZÉ\u{10400}'];
const smalls = [...'abcdefghijklmnopqrstuvwxyzé\u{10428}'];

const partAt = (text: readonly string[], part: readonly string[], at: number): boolean =>
  at >= 0 && part.every((char, index) => text[at + index] === char);

function call(name: CallName, args: readonly Given[]): Given {
  const [first = 'absent', second = 'absent'] = args;
  if (name === 'has') return first === 'absent' ? { value: false } : 'value' in first ? { value: true } : first;
  if (name === 'default') return first === 'absent' ? second : first;
  return strict(args, ([one, two]) => {
    const [text, part] = [[...String(one)], [...String(two)]];
    if (name === 'startsWith') return partAt(text, part, 0);
    if (name === 'endsWith') return partAt(text, part, text.length - part.length);
    if (name === 'contains') return text.some((_, at) => partAt(text, part, at)) || part.length === 0;
    if (name === 'lower') return text.map((char) => smalls[capitals.indexOf(char)] ?? char).join('');
    if (name === 'size') return text.length;
    if (name === 'min') return Number(one) < Number(two) ? one : two;
    if (name === 'max') return Number(one) > Number(two) ? one : two;
    return Number(one) > 0 ? Math.log2(Number(one)) : undefined;
  });
}
