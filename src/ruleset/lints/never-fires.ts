import type { Node } from '../../expression/checked-expression.js';
import type { Value } from '../../model/value.js';
import type { Lint } from './lint.js';

/** What one input may still be after some comparisons that all have to hold. */
interface Room {
  low: number;
  high: number;
  /** The bound itself is excluded. */
  lowOpen: boolean;
  highOpen: boolean;
  equal: Value | undefined;
  contradicts: boolean;
}

/**
 * Comparisons of one input with constants, joined by &&, that exclude each other: `a >= 5 && a < 3`. Only these are looked
 * at, so that every warning is right; other conditions that are never true go unnoticed.
 */
export const neverFires: Lint = ({ ruleSet }, sink) => {
  for (const { info, when, whenAt } of ruleSet.declarations) {
    const rooms = new Map<string, Room>();
    for (const node of conjuncts(when.ast)) narrow(node, rooms);
    for (const [name, room] of rooms)
      if (isEmpty(room))
        sink.warn('W018', whenAt, `the rule can never fire: its comparisons of '${name}' exclude each other`, {
          rule: info.id,
        });
  }
};

function conjuncts(node: Node): readonly Node[] {
  if (node.kind === 'and') return node.operands.flatMap(conjuncts);
  return node.kind === 'predicate' ? conjuncts(node.expression.ast) : [node];
}

const turned: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function narrow(node: Node, rooms: Map<string, Room>): void {
  if (node.kind !== 'compare') return;
  const isTurned = node.left.kind === 'literal';
  const [input, literal] = isTurned ? [node.right, node.left] : [node.left, node.right];
  if (input.kind !== 'input' || literal.kind !== 'literal') return;
  const { name } = input.info;
  const room = rooms.get(name) ?? anything();
  rooms.set(name, room);
  const operator = isTurned ? (turned[node.operator] ?? node.operator) : node.operator;
  if (operator === '==') demand(room, literal.value);
  else if (typeof literal.value === 'number') bound(room, operator, literal.value);
}

const anything = (): Room => ({
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  lowOpen: false,
  highOpen: false,
  equal: undefined,
  contradicts: false,
});

function demand(room: Room, value: Value): void {
  room.contradicts ||= room.equal !== undefined && room.equal !== value;
  room.equal = value;
  if (typeof value !== 'number') return;
  bound(room, '>=', value);
  bound(room, '<=', value);
}

function bound(room: Room, operator: string, value: number): void {
  const open = operator === '>' || operator === '<';
  if (operator === '>' || operator === '>=') {
    if (value === room.low) room.lowOpen ||= open;
    else if (value > room.low) [room.low, room.lowOpen] = [value, open];
  } else if (operator === '<' || operator === '<=') {
    if (value === room.high) room.highOpen ||= open;
    else if (value < room.high) [room.high, room.highOpen] = [value, open];
  }
}

const isEmpty = ({ low, high, lowOpen, highOpen, contradicts }: Room): boolean =>
  contradicts || low > high || (low === high && (lowOpen || highOpen));
