import type { CallNode, Node } from '../../expression/checked-expression.js';
import { constantRight } from '../../expression/compile-comparison.js';
import { comparedTexts, type Look } from './look.js';
import { betweenRoom, boundRoom, isEmpty, isWithin, meet, noneOfRoom, oneOfRoom, type Room } from './room.js';

const isCall = (node: Node, name: string): node is CallNode => node.kind === 'call' && node.spec.name === name;

/** `lower()` gives no capitals. */
const capitalsOfLowered: Look = (node) => {
  const found = comparedTexts(node).find((one) => isCall(one.with, 'lower') && one.text !== one.text.toLowerCase());
  if (found === undefined) return undefined;
  const message = `lower() never gives '${found.text}': it has small letters only`;
  return { code: 'W032', at: found.at, message, hint: `did you mean '${found.text.toLowerCase()}'?` };
};

const sizes = betweenRoom(0, Number.POSITIVE_INFINITY, true);

const sizeAtTheEnd: Look = (node) => {
  if (node.kind !== 'compare') return undefined;
  const { left, operator, right } = constantRight(node);
  if (!isCall(left, 'size') || right.kind !== 'literal' || typeof right.value !== 'number') return undefined;
  const asked = roomOf(operator, right.value);
  if (isEmpty(meet(sizes, asked)))
    return { code: 'W043', at: node, message: 'a size is a whole number from 0: this is never true' };
  return isWithin(sizes, asked)
    ? { code: 'W033', at: node, message: 'a size is a whole number from 0: this is always true' }
    : undefined;
};

function roomOf(operator: ReturnType<typeof constantRight>['operator'], value: number): Room {
  if (operator === '==') return oneOfRoom([value]);
  return operator === '!=' ? noneOfRoom([value]) : boundRoom(operator, value);
}

/** Slips with what methods give. */
export const methodLooks: readonly Look[] = [capitalsOfLowered, sizeAtTheEnd];
