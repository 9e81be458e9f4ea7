import type { ArithmeticNode } from './checked-expression.js';
import type { Closure, NodeCompiler } from './functions/function-spec.js';
import { finite, unknownOfTwo } from './functions/strict.js';

/** One closure for each operator, so that calculating is no further call. */
const numbers: Readonly<Record<ArithmeticNode['operator'], (one: Closure, two: Closure) => Closure>> = {
  '+': (one, two) => (slots) => {
    const left = one(slots);
    const right = two(slots);
    return typeof left === 'number' && typeof right === 'number' ? finite(left + right) : unknownOfTwo(left, right);
  },
  '-': (one, two) => (slots) => {
    const left = one(slots);
    const right = two(slots);
    return typeof left === 'number' && typeof right === 'number' ? finite(left - right) : unknownOfTwo(left, right);
  },
  '*': (one, two) => (slots) => {
    const left = one(slots);
    const right = two(slots);
    return typeof left === 'number' && typeof right === 'number' ? finite(left * right) : unknownOfTwo(left, right);
  },
  '/': (one, two) => (slots) => {
    const left = one(slots);
    const right = two(slots);
    return typeof left === 'number' && typeof right === 'number' ? finite(left / right) : unknownOfTwo(left, right);
  },
};

function joined(one: Closure, two: Closure): Closure {
  return (slots) => {
    const left = one(slots);
    const right = two(slots);
    return typeof left === 'string' && typeof right === 'string' ? left + right : unknownOfTwo(left, right);
  };
}

/** Sums, differences, products, quotients; two texts are joined. A result that is not finite is unknown. */
export function compileArithmetic({ operator, left, right, type }: ArithmeticNode, compiler: NodeCompiler): Closure {
  const compile = type === 'string' ? joined : numbers[operator];
  return compile(compiler.closure(left), compiler.closure(right));
}
