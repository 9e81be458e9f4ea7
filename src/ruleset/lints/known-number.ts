import type { ArithmeticNode, CallNode, Node } from '../../expression/checked-expression.js';
import type { Claim } from './claim.js';
import { implies, type RoomOf } from './prove.js';
import { boundRoom, noneOfRoom, type Room } from './room.js';

/** What a part comes to whatever the inputs are: a number, or that it is unknown; undefined where neither is shown. */
type Constant = number | 'unknown' | undefined;

const operators: Readonly<Record<ArithmeticNode['operator'], (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

const functions: ReadonlyMap<string, (numbers: readonly number[]) => number> = new Map([
  ['min', (numbers) => Math.min(...numbers)],
  ['max', (numbers) => Math.max(...numbers)],
  ['log2', ([number = 0]) => Math.log2(number)],
]);

/** Is there never a number, as in `10 / 0`? False says nothing. */
export const isNeverNumber = (node: Node): boolean => constantOf(node) === 'unknown';

function constantOf(node: Node): Constant {
  if (node.kind === 'literal') return typeof node.value === 'number' ? node.value : undefined;
  if (node.kind === 'negate') return strict([constantOf(node.operand)], ([number = 0]) => -number);
  if (node.kind === 'arithmetic') return ofArithmetic(node);
  return node.kind === 'call' ? ofCall(node) : undefined;
}

function ofArithmetic({ operator, left, right }: ArithmeticNode): Constant {
  const divisor = constantOf(right);
  if (operator === '/' && divisor === 0) return 'unknown';
  return strict([constantOf(left), divisor], ([one = 0, two = 0]) => operators[operator](one, two));
}

function ofCall({ spec, args }: CallNode): Constant {
  const constants = args.map(constantOf);
  if (spec.name === 'default') return constants[0] === 'unknown' ? constants[1] : constants[0];
  const calculate = functions.get(spec.name);
  return calculate && strict(constants, calculate);
}

/** Unknown where a part is; a result that is not finite is unknown, too. */
function strict(parts: readonly Constant[], calculate: (numbers: readonly number[]) => number): Constant {
  if (parts.includes('unknown')) return 'unknown';
  const numbers = parts.filter((part) => typeof part === 'number');
  if (numbers.length < parts.length) return undefined;
  const result = calculate(numbers);
  return Number.isFinite(result) ? result : 'unknown';
}

/** What is true somewhere, and what inputs can be at all. */
interface Where {
  readonly claim: Claim;
  readonly roomOf: RoomOf;
}

/** Is there a value wherever the claim is true? False says nothing. */
export function isAlwaysKnown(node: Node, where: Where): boolean {
  const areKnown = (parts: readonly Node[]): boolean => parts.every((part) => isAlwaysKnown(part, where));
  switch (node.kind) {
    case 'literal':
      return true;
    case 'input':
      return implies(where.claim, { kind: 'known', input: node.info, wanted: true }, where.roomOf);
    case 'negate':
      return areKnown([node.operand]);
    case 'arithmetic':
      return areKnown([node.left, node.right]) && (node.operator !== '/' || isNeverZero(node.right, where));
    case 'call':
      return isCallKnown(node, where);
    default:
      return false;
  }
}

function isCallKnown({ spec, args }: CallNode, where: Where): boolean {
  const [first] = args;
  if (first === undefined) return false;
  // What could not be looked up stays unknown, whatever stands behind it.
  if (spec.name === 'default') return isAlwaysKnown(first, where);
  if (spec.name === 'log2') return isAlwaysKnown(first, where) && isAlways('>', first, where);
  return total.has(spec.name) && args.every((one) => isAlwaysKnown(one, where));
}

/** Functions that have a value wherever their arguments have one. */
const total: ReadonlySet<string> = new Set(['min', 'max', 'size', 'lower']);

function isNeverZero(node: Node, where: Where): boolean {
  const constant = constantOf(node);
  if (typeof constant === 'number') return constant !== 0;
  return isAlways('>', node, where) || isInRoom(node, noneOfRoom([0]), where);
}

/** Is the number above zero, or not below it, for certain? */
function isAlways(sign: '>' | '>=', node: Node, where: Where): boolean {
  const constant = constantOf(node);
  if (typeof constant === 'number') return sign === '>' ? constant > 0 : constant >= 0;
  if (node.kind === 'arithmetic' && node.operator === '+') {
    const [left, right] = [node.left, node.right];
    return (
      (isAlways(sign, left, where) && isAlways('>=', right, where)) ||
      (isAlways('>=', left, where) && isAlways(sign, right, where))
    );
  }
  const isSo = (part: Node): boolean => isAlways(sign, part, where);
  if (node.kind === 'call' && node.spec.name === 'max') return node.args.some(isSo);
  if (node.kind === 'call' && node.spec.name === 'min') return node.args.every(isSo);
  return isInRoom(node, boundRoom(sign, 0), where);
}

const isInRoom = (node: Node, room: Room, { claim, roomOf }: Where): boolean =>
  node.kind === 'input' && implies(claim, { kind: 'room', input: node.info, room }, roomOf);
