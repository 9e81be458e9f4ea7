import { type BinarySign, fields, lists, type Tree, type TreeType } from './expression-tree.js';
import { randomPattern } from './random-pattern.js';
import type { RandomSource } from './random-source.js';
import { randomValue, ranges } from './random-values.js';

export interface Predicate {
  readonly type: TreeType;
  readonly tree: Tree & { readonly is: 'predicate' };
}

/** Grows one expression of a wanted type; `depth` is how much further it may grow. */
type Grow = (type: TreeType, depth: number) => Tree;

const ordered: readonly BinarySign[] = ['==', '!=', '<', '<=', '>', '>='];
const types: readonly TreeType[] = ['number', 'number', 'string', 'string', 'boolean'];
const durations: readonly (readonly [string, number])[] = [
  ['10m', 600],
  ['1h', 3600],
  ['2d', 172800],
  ['3s', 3],
  ['1w', 604800],
];

function constant(type: TreeType, random: RandomSource): Tree {
  if (type !== 'number' || !random.once(10)) return { is: 'constant', value: randomValue(type, random) };
  const [written, value] = random.pick(durations);
  return { is: 'constant', value, written };
}

/** Fields with a closed set of values are left out: most texts may not be compared with them. */
function openField(type: TreeType, random: RandomSource): Tree {
  const open = fields.filter((field) => field.type === type && field.values === undefined);
  return { is: 'field', name: random.pick(open).name };
}

function leaf(type: TreeType, { random, predicates }: Growing): Tree {
  const fitting = predicates.filter((predicate) => predicate.type === type);
  if (fitting.length > 0 && random.once(5)) return random.pick(fitting).tree;
  return random.once(3) ? constant(type, random) : openField(type, random);
}

interface Growing {
  readonly random: RandomSource;
  readonly predicates: readonly Predicate[];
  readonly grow: Grow;
}

function number({ random, grow }: Growing, depth: number): Tree {
  const one = (): Tree => grow('number', depth - 1);
  const roll = random.below(9);
  if (roll < 4) return { is: 'binary', sign: random.pick(['+', '-', '*', '/']), left: one(), right: one() };
  if (roll === 4) return { is: 'minus', of: one() };
  if (roll === 5) return { is: 'call', name: 'log2', args: [one()] };
  if (roll === 6) return { is: 'call', name: 'default', args: [one(), one()] };
  if (roll === 7) return { is: 'call', name: 'size', args: [grow('string', depth - 1)] };
  return { is: 'call', name: random.pick(['min', 'max']), args: [one(), one()] };
}

function text({ random, grow }: Growing, depth: number): Tree {
  const one = (): Tree => grow('string', depth - 1);
  const roll = random.below(4);
  if (roll === 0) return { is: 'binary', sign: '+', left: one(), right: one() };
  if (roll === 1) return { is: 'call', name: 'default', args: [one(), one()] };
  if (roll === 2) return { is: 'call', name: 'lower', args: [one()] };
  return { is: 'call', name: 'lower', args: [{ is: 'field', name: 'ip.kind' }] };
}

function compared({ random, grow }: Growing, depth: number): Tree {
  const type = random.pick(types);
  const sign = random.pick(type === 'boolean' ? (['==', '!='] as const) : ordered);
  return { is: 'binary', sign, left: grow(type, depth - 1), right: grow(type, depth - 1) };
}

/** What most rules are made of, and what an index can look up. */
function plain({ random }: Growing): Tree {
  const field = random.pick(fields);
  const of: Tree = { is: 'field', name: field.name };
  const other = (): Tree =>
    field.values === undefined ? constant(field.type, random) : { is: 'constant', value: random.pick(field.values) };
  const fallback: Tree = { is: 'call', name: 'default', args: [of, other()] };
  const roll = random.below(8);
  if (roll === 0) return { is: 'call', name: 'has', args: [of] };
  if (roll === 1) return { is: 'among', of, items: Array.from({ length: random.below(4) }, other) };
  if (roll === 2 && field.type === 'string') return { is: 'call', name: 'startsWith', args: [of, other()] };
  const signs = field.type === 'boolean' ? (['==', '!='] as const) : ordered;
  const left = random.once(4) ? fallback : of;
  const turn = random.once(6);
  return { is: 'binary', sign: random.pick(signs), left: turn ? other() : left, right: turn ? left : other() };
}

function listed({ random, grow }: Growing, depth: number): Tree {
  const [list, { type }] = random.pick(Object.entries(lists));
  return { is: 'listed', of: grow(type, depth - 2), list, asCall: random.once(2) };
}

function boolean(growing: Growing, depth: number): Tree {
  const { random, grow } = growing;
  const one = (): Tree => grow('boolean', depth - 1);
  const roll = random.below(20);
  if (roll < 6) return { is: 'binary', sign: random.pick(['&&', '||']), left: one(), right: one() };
  if (roll < 8) return { is: 'not', of: one() };
  if (roll < 11) return plain(growing);
  if (roll < 14) return compared(growing, depth);
  if (roll === 14) return listed(growing, depth);
  if (roll === 15) return { is: 'matches', of: grow('string', depth - 2), pattern: randomPattern(random) };
  if (roll === 16) {
    const field = random.once(5) ? openField('string', random) : undefined;
    return { is: 'inside', field: field?.is === 'field' ? field.name : 'ip.address', range: random.pick(ranges) };
  }
  if (roll === 17) return { is: 'call', name: 'default', args: [one(), one()] };
  if (roll === 18) {
    const type = random.pick(types);
    const items = Array.from({ length: random.below(4) }, () => grow(type, depth - 2));
    return { is: 'among', of: grow(type, depth - 2), items };
  }
  const name = random.pick(['startsWith', 'endsWith', 'contains'] as const);
  return { is: 'call', name, args: [grow('string', depth - 1), grow('string', depth - 2)] };
}

/** A well-typed expression of at most some hundred parts; the predicates may occur in it. */
export function randomExpression(type: TreeType, random: RandomSource, predicates: readonly Predicate[]): Tree {
  const grow: Grow = (wanted, depth) => {
    if (depth <= 0 || random.once(9))
      return wanted === 'boolean' && depth > -2 ? plain(growing) : leaf(wanted, growing);
    if (wanted === 'number') return number(growing, depth);
    return wanted === 'string' ? text(growing, depth) : boolean(growing, depth);
  };
  const growing: Growing = { random, predicates, grow };
  return grow(type, 1 + random.below(6));
}
