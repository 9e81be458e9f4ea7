import type { Value } from '../model/value.js';
import { type Atom, atomShare } from './access-atom.js';
import type { ComparisonOperator } from './ast.js';
import type { CallNode, CompareNode, InItemsNode, InputNode, LogicNode, Node } from './checked-expression.js';
import { compareValues, constantRight, opposite } from './compile-comparison.js';

/** One of these holds whenever the condition does; undefined when nothing can be said. */
type Atoms = readonly Atom[] | undefined;
type Weigh = (atom: Atom) => number;

interface Ask {
  /** The result asked about: what must hold for the node to be TRUE, or to be FALSE. */
  readonly wanted: boolean;
  readonly weigh: Weigh;
}

/** Above this many alternatives looking up costs more than evaluating. */
const mostAtoms = 300;

const known = (node: Node): Atoms => (node.kind === 'input' ? [{ kind: 'known', slot: node.info.slot }] : undefined);

/** Any input without whose value the node is unknown. */
function needed(node: Node): Atoms {
  switch (node.kind) {
    case 'input':
      return known(node);
    case 'negate':
    case 'not':
    case 'in_list':
    case 'in_items':
      return needed(node.operand);
    case 'compare':
    case 'arithmetic':
      return needed(node.left) ?? needed(node.right);
    case 'call':
      if (node.spec.name === 'default' || node.spec.name === 'has') return undefined;
      return node.args.map(needed).find((atoms) => atoms !== undefined);
    default:
      return undefined;
  }
}

const rangeFor: Readonly<Record<ComparisonOperator, (limit: number) => { low: number; high: number } | undefined>> = {
  '==': (limit) => ({ low: limit, high: limit }),
  '!=': () => undefined,
  '<': (limit) => ({ low: Number.NEGATIVE_INFINITY, high: limit }),
  '<=': (limit) => ({ low: Number.NEGATIVE_INFINITY, high: limit }),
  '>': (limit) => ({ low: limit, high: Number.POSITIVE_INFINITY }),
  '>=': (limit) => ({ low: limit, high: Number.POSITIVE_INFINITY }),
};

function ofComparison(node: CompareNode, wanted: boolean): Atoms {
  const { operator, left, right } = constantRight(node);
  const effective = wanted ? operator : opposite[operator];
  if (left.kind === 'call' && right.kind === 'literal') return ofDefault(left, effective, right.value) ?? needed(node);
  if (left.kind !== 'input' || right.kind !== 'literal') return needed(node);
  return ofField(left, effective, right.value);
}

/** `default(x, v) >= 3`: x itself, or its absence when v passes. */
function ofDefault(call: CallNode, operator: ComparisonOperator, value: Value): Atoms {
  const [field, instead] = call.args;
  if (call.spec.name !== 'default' || field?.kind !== 'input' || instead?.kind !== 'literal') return undefined;
  const present = ofField(field, operator, value) ?? [];
  if (!compareValues(operator, instead.value, value)) return present;
  return [...present, { kind: 'absent', slot: field.info.slot }];
}

function ofField(left: InputNode, effective: ComparisonOperator, value: Value): Atoms {
  const { slot } = left.info;
  if (effective === '==') return [{ kind: 'equal', slot, value }];
  if (effective === '!=' && typeof value === 'boolean') return [{ kind: 'equal', slot, value: !value }];
  const range = typeof value === 'number' ? rangeFor[effective](value) : undefined;
  return range === undefined ? known(left) : [{ kind: 'range', slot, ...range }];
}

function ofItems(node: InItemsNode, wanted: boolean): Atoms {
  const { operand, items } = node;
  if (!wanted || operand.kind !== 'input') return needed(operand);
  const { slot } = operand.info;
  const atoms = items.flatMap((item): Atom[] =>
    item.kind === 'literal' ? [{ kind: 'equal', slot, value: item.value }] : [],
  );
  return atoms.length === items.length ? atoms : known(operand);
}

function ofCall(node: CallNode, wanted: boolean): Atoms {
  const [first, second] = node.args;
  if (node.spec.name === 'has' && first?.kind === 'input') {
    return [{ kind: wanted ? 'known' : 'absent', slot: first.info.slot }];
  }
  const prefixed = node.spec.name === 'startsWith' && wanted && first?.kind === 'input' && second?.kind === 'literal';
  if (prefixed && typeof second.value === 'string' && second.value !== '') {
    return [{ kind: 'prefix', slot: first.info.slot, text: second.value }];
  }
  return needed(node);
}

/** Ranges of one slot that all hold together are one range. */
function intersect(sets: readonly (readonly Atom[])[]): readonly (readonly Atom[])[] {
  const ranges = new Map<number, Atom & { kind: 'range' }>();
  const others: (readonly Atom[])[] = [];
  for (const atoms of sets) {
    const [atom] = atoms;
    if (atoms.length !== 1 || atom?.kind !== 'range') {
      others.push(atoms);
      continue;
    }
    const { low, high } = ranges.get(atom.slot) ?? atom;
    ranges.set(atom.slot, { ...atom, low: Math.max(low, atom.low), high: Math.min(high, atom.high) });
  }
  return [...others, ...[...ranges.values()].map((range) => [range])];
}

/** Every operand must hold: the most selective one is asked. */
function conjunction(node: LogicNode, ask: Ask): Atoms {
  const sets = node.operands.map((operand) => necessaryAtoms(operand, ask)).filter((atoms) => atoms !== undefined);
  let best: Atoms;
  let bestWeight = Number.POSITIVE_INFINITY;
  for (const atoms of intersect(sets)) {
    const weight = atoms.reduce((sum, atom) => sum + ask.weigh(atom), 0);
    if (weight < bestWeight) [best, bestWeight] = [atoms, weight];
  }
  return best;
}

/** One operand is enough: all of them are asked. */
function disjunction(node: LogicNode, ask: Ask): Atoms {
  const all: Atom[] = [];
  for (const operand of node.operands) {
    const atoms = necessaryAtoms(operand, ask);
    if (atoms === undefined) return undefined;
    all.push(...atoms);
  }
  return all.length > mostAtoms ? undefined : all;
}

/** Atoms of which at least one holds whenever the node has the wanted result. */
export function necessaryAtoms(node: Node, ask: Ask): Atoms {
  const { wanted } = ask;
  switch (node.kind) {
    case 'literal':
      return node.value === wanted ? undefined : [];
    case 'input':
      return [{ kind: 'equal', slot: node.info.slot, value: wanted }];
    case 'predicate':
      return necessaryAtoms(node.expression.ast, ask);
    case 'not':
      return necessaryAtoms(node.operand, { ...ask, wanted: !wanted });
    case 'and':
    case 'or':
      return (node.kind === 'and') === wanted ? conjunction(node, ask) : disjunction(node, ask);
    case 'compare':
      return ofComparison(node, wanted);
    case 'in_items':
      return ofItems(node, wanted);
    case 'in_list':
      if (wanted && node.operand.kind === 'input')
        return [{ kind: 'listed', slot: node.operand.info.slot, list: node.list }];
      return needed(node.operand);
    case 'call':
      return ofCall(node, wanted);
    default:
      return undefined;
  }
}

/** By how often an atom holds, and how many conditions would be visited with it. */
export function weighByUse(uses: (atom: Atom) => number): Weigh {
  return (atom) => atomShare(atom) * uses(atom);
}
