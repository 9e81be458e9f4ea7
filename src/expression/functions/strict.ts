import { type Reading, Unavailable } from '../../model/value.js';
import type { Node } from '../checked-expression.js';
import type { Closure, NodeCompiler } from './function-spec.js';

/** Unknown, from something that was no usable value: stays unavailable if it was. */
export const unknownFrom = (reading: Reading): Reading => (reading instanceof Unavailable ? reading : undefined);

/** Unknown from two operands: unavailable wins, because only a true absence may be replaced by `default`. */
export const unknownOfTwo = (left: Reading, right: Reading): Reading =>
  left instanceof Unavailable ? left : unknownFrom(right);

/** A finite number, or unknown. */
export const finite = (value: number): Reading => (Number.isFinite(value) ? value : undefined);

/** A function of one text that is unknown when the text is. */
export function onText(apply: (text: string) => Reading) {
  return ([node]: readonly Node[], compiler: NodeCompiler): Closure => {
    const closure = argument(node, compiler);
    return (slots) => {
      const text = closure(slots);
      return typeof text === 'string' ? apply(text) : unknownFrom(text);
    };
  };
}

function withLiteral(left: Closure, apply: (text: string, other: string) => boolean, literal: string): Closure {
  return (slots) => {
    const text = left(slots);
    return typeof text === 'string' ? apply(text, literal) : unknownFrom(text);
  };
}

/** A function of two texts that is unknown when one of them is. The second is nearly always written out. */
export function onTexts(apply: (text: string, other: string) => boolean) {
  return ([first, second]: readonly Node[], compiler: NodeCompiler): Closure => {
    const left = argument(first, compiler);
    if (second?.kind === 'literal' && typeof second.value === 'string') return withLiteral(left, apply, second.value);
    const right = argument(second, compiler);
    return (slots) => {
      const text = left(slots);
      const other = right(slots);
      return typeof text === 'string' && typeof other === 'string' ? apply(text, other) : unknownOfTwo(text, other);
    };
  };
}

/** A function of two numbers that is unknown when one of them is, or when the result is not finite. */
export function onNumbers(apply: (first: number, second: number) => number) {
  return ([first, second]: readonly Node[], compiler: NodeCompiler): Closure => {
    const left = argument(first, compiler);
    const right = argument(second, compiler);
    return (slots) => {
      const one = left(slots);
      const two = right(slots);
      return typeof one === 'number' && typeof two === 'number' ? finite(apply(one, two)) : unknownOfTwo(one, two);
    };
  };
}

/** The checker counts arguments, so a missing one is a bug. */
export function argument(node: Node | undefined, compiler: NodeCompiler): Closure {
  return compiler.closure(required(node));
}

export function required(node: Node | undefined): Node {
  if (node === undefined) throw new Error('the check let a call through that lacks an argument');
  return node;
}

/** The text of an argument that the checker has made sure is a literal. */
export function literalText(node: Node | undefined): string {
  const literal = required(node);
  if (literal.kind !== 'literal' || typeof literal.value !== 'string')
    throw new Error('the check let an argument through that is no text literal');
  return literal.value;
}
