import type { CompareNode, InputNode, Node } from '../../expression/checked-expression.js';
import { constantRight, opposite } from '../../expression/compile-comparison.js';
import type { InputInfo } from '../../model/expression-scope.js';
import type { Value } from '../../model/value.js';
import { boundRoom, noneOfRoom, oneOfRoom, type Room } from './room.js';

/** A statement about one input: it has a value, and one within the room. */
interface RoomClaim {
  readonly kind: 'room';
  readonly input: InputInfo;
  readonly room: Room;
}

/** A statement that is compared by its text only. */
interface TextClaim {
  readonly kind: 'text';
  readonly text: string;
  readonly wanted: boolean;
}

/** `has(x)`, or its opposite: x is absent. */
interface KnownClaim {
  readonly kind: 'known';
  readonly input: InputInfo;
  readonly wanted: boolean;
}

export interface JoinedClaim {
  readonly kind: 'all' | 'any';
  readonly parts: readonly Claim[];
}

export type SingleClaim = RoomClaim | TextClaim | KnownClaim;
export type Claim = JoinedClaim | SingleClaim;

/** What is said by a condition being true (or false), with `!` pushed down to where nothing is left to push. */
export function claimOf(node: Node, wanted: boolean): Claim {
  switch (node.kind) {
    case 'literal':
      return { kind: node.value === wanted ? 'all' : 'any', parts: [] };
    case 'input':
      return { kind: 'room', input: node.info, room: oneOfRoom([wanted]) };
    case 'predicate':
      return claimOf(node.expression.ast, wanted);
    case 'not':
      return claimOf(node.operand, !wanted);
    case 'and':
    case 'or':
      return joined((node.kind === 'and') === wanted ? 'all' : 'any', node.operands, wanted);
    case 'compare':
      return ofComparison(node, wanted);
    case 'in_items':
      return ofItems(node, wanted) ?? ofText(node, wanted);
    default:
      return ofHas(node, wanted) ?? ofText(node, wanted);
  }
}

/** `x == "a" || x == "b"` is one room. */
function joined(kind: 'all' | 'any', operands: readonly Node[], wanted: boolean): Claim {
  const parts = operands.map((operand) => claimOf(operand, wanted));
  if (kind === 'all') return { kind, parts };
  const values = new Map<InputInfo, Value[]>();
  const others = parts.filter((part) => {
    if (part.kind !== 'room' || part.room.only === undefined) return true;
    values.set(part.input, [...(values.get(part.input) ?? []), ...part.room.only]);
    return false;
  });
  const rooms = [...values].map(([input, only]): Claim => ({ kind: 'room', input, room: oneOfRoom(only) }));
  return { kind, parts: [...rooms, ...others] };
}

function ofComparison(node: CompareNode, wanted: boolean): Claim {
  const { operator, left, right } = constantRight(node);
  const effective = wanted ? operator : opposite[operator];
  if (left.kind !== 'input' || right.kind !== 'literal') return ofText(node, wanted);
  const room = roomOf(effective, right.value);
  return room === undefined ? ofText(node, wanted) : { kind: 'room', input: left.info, room };
}

function roomOf(operator: CompareNode['operator'], value: Value): Room | undefined {
  if (operator === '==') return oneOfRoom([value]);
  if (operator === '!=') return noneOfRoom([value]);
  return typeof value === 'number' ? boundRoom(operator, value) : undefined;
}

function ofItems(node: Node & { readonly kind: 'in_items' }, wanted: boolean): Claim | undefined {
  const values = node.items.flatMap((item) => (item.kind === 'literal' ? [item.value] : []));
  if (node.operand.kind !== 'input' || values.length < node.items.length) return undefined;
  return { kind: 'room', input: node.operand.info, room: wanted ? oneOfRoom(values) : noneOfRoom(values) };
}

const isInput = (node: Node | undefined): node is InputNode => node?.kind === 'input';

function ofHas(node: Node, wanted: boolean): Claim | undefined {
  if (node.kind !== 'call' || node.spec.name !== 'has') return undefined;
  const [input] = node.args;
  return isInput(input) ? { kind: 'known', input: input.info, wanted } : undefined;
}

const ofText = (node: Node, wanted: boolean): Claim => ({ kind: 'text', text: canonical(node), wanted });

/** One text for all spellings of the same. */
export function canonical(node: Node): string {
  switch (node.kind) {
    case 'literal':
      return JSON.stringify(node.value);
    case 'input':
      return node.info.name;
    case 'predicate':
      return canonical(node.expression.ast);
    case 'not':
      return `!(${canonical(node.operand)})`;
    case 'negate':
      return `-(${canonical(node.operand)})`;
    case 'and':
    case 'or':
      return `${node.kind}(${node.operands.map(canonical).sort().join()})`;
    case 'compare':
    case 'arithmetic':
      return `(${canonical(node.left)} ${node.operator} ${canonical(node.right)})`;
    case 'in_items':
      return `(${canonical(node.operand)} in ${node.items.map(canonical).sort().join()})`;
    case 'in_list':
      return `(${canonical(node.operand)} in lists.${node.list.name})`;
    case 'call':
      return `${node.spec.name}(${node.args.map(canonical).join()})`;
  }
}
