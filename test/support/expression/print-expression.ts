import { type BinarySign, isMethod, type Tree, type TreeValue } from './expression-tree.js';
import { printPattern } from './pattern-tree.js';
import type { RandomSource } from './random-source.js';

const strength: Readonly<Record<BinarySign, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
};
const unary = 6;
const postfix = 7;

/** How tightly the parts of a tree hold together when it is written without parentheses around it. */
function strengthOf(tree: Tree): number {
  if (tree.is === 'binary') return strength[tree.sign];
  if (tree.is === 'among') return 3;
  if (tree.is === 'listed') return tree.asCall ? postfix : 3;
  if (tree.is === 'not' || tree.is === 'minus') return unary;
  if (tree.is === 'constant' && typeof tree.value === 'number') return tree.value < 0 ? unary : postfix;
  return postfix;
}

/** One of the ways to write the same text: either quote, raw, and any escape. */
function printText(text: string, random: RandomSource): string {
  const quote = random.pick(['"', "'"]);
  if (random.once(6) && !/["'\n\r]/.test(text)) return `r${quote}${text}${quote}`;
  const chars = [...text].map((char) => {
    const code = char.codePointAt(0) ?? 0;
    if (char === quote || char === '\\') return `\\${char}`;
    if (char === '\n') return '\\n';
    if (!random.once(12)) return char;
    if (code > 0xffff) return `\\U${code.toString(16).padStart(8, '0')}`;
    if (code < 0x80 && random.once(2)) return `\\x${code.toString(16).padStart(2, '0')}`;
    if (code < 0x80 && random.once(2)) return `\\${code.toString(8).padStart(3, '0')}`;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return quote + chars.join('') + quote;
}

function printNumber(value: number, random: RandomSource): string {
  if (value < 0) return `-${printNumber(-value, random)}`;
  if (value > 0 && value < 1 && random.once(3)) return String(value).replace(/^0\./, '.');
  if (random.once(12)) return value.toExponential();
  return Number.isSafeInteger(value) && random.once(8) ? `${value}.0` : String(value);
}

function printConstant(value: TreeValue, random: RandomSource): string {
  if (typeof value === 'string') return printText(value, random);
  return typeof value === 'number' ? printNumber(value, random) : String(value);
}

/** The text of an expression, written in one of its many ways: few parentheses or many, any blanks. */
export function printExpression(tree: Tree, random: RandomSource): string {
  const blank = (): string => (random.once(12) ? random.pick(['', '  ', '\n', '\t ', ' \n ']) : ' ');
  const within = (part: Tree, least: number): string => {
    const text = print(part);
    return strengthOf(part) < least || random.once(15) ? `(${text})` : text;
  };
  const all = (parts: readonly Tree[]): string => parts.map((part) => within(part, 0)).join(random.pick([', ', ',']));
  const print = (part: Tree): string => {
    switch (part.is) {
      case 'constant':
        return part.written ?? printConstant(part.value, random);
      case 'field':
      case 'predicate':
        return part.name;
      case 'not':
        return `!${within(part.of, unary)}`;
      case 'minus':
        return `-${within(part.of, unary)}`;
      case 'binary': {
        const least = strength[part.sign];
        return `${within(part.left, least)}${blank()}${part.sign}${blank()}${within(part.right, least + 1)}`;
      }
      case 'among':
        return `${within(part.of, 3)} in [${all(part.items)}]`;
      case 'listed':
        return part.asCall
          ? `in_list(${within(part.of, 0)}, lists.${part.list})`
          : `${within(part.of, 3)} in lists.${part.list}`;
      case 'matches':
        return `${within(part.of, postfix)}.matches(${printText(printPattern(part.pattern), random)})`;
      case 'inside':
        return `in_cidr(${part.field}, ${printText(part.range, random)})`;
      case 'call': {
        const [receiver, ...rest] = part.args;
        if (receiver === undefined || !isMethod(part.name))
          return `${part.name}(${part.name === 'has' ? part.args.map(print) : all(part.args)})`;
        return `${within(receiver, postfix)}.${part.name}(${all(rest)})`;
      }
    }
  };
  return print(tree);
}
