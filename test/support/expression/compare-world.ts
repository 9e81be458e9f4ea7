import type { checkExpression } from '../../../src/expression/check-expression.js';
import type { CheckedExpression } from '../../../src/expression/checked-expression.js';
import type { compileExpression } from '../../../src/expression/compile-expression.js';
import type { conditionSet } from '../../../src/expression/condition-set.js';
import type { Scope } from '../../../src/expression/scope.js';
import type { InputInfo } from '../../../src/model/expression-scope.js';
import { finishSteps } from '../../../src/model/steps.js';
import type { Reading, Slots, Unavailable } from '../../../src/model/value.js';
import { compileCel } from './cel-oracle.js';
import { type Facts, fields, type Given, lists, type Tree, type TreeType } from './expression-tree.js';
import { printExpression } from './print-expression.js';
import { type Predicate, randomExpression } from './random-expression.js';
import { type RandomSource, randomSource } from './random-source.js';
import { randomFacts } from './random-values.js';
import { type Interpretation, interpret } from './reference-interpreter.js';

/** What is under test: built files or sources. */
export interface Product {
  readonly checkExpression: typeof checkExpression;
  readonly compileExpression: typeof compileExpression;
  readonly conditionSet: typeof conditionSet;
  readonly Unavailable: typeof Unavailable;
}

export interface Comparison {
  /** (rule, facts) pairs. */
  pairs: number;
  /** Those of them that a CEL library could be asked about, too. */
  celPairs: number;
  unknown: number;
  readonly differences: string[];
}

interface Rule {
  readonly tree: Tree;
  readonly type: TreeType;
  readonly text: string;
  readonly checked: CheckedExpression;
}

interface World {
  readonly product: Product;
  readonly rules: readonly Rule[];
  readonly events: readonly Facts[];
}

const inputs: ReadonlyMap<string, InputInfo> = new Map(
  fields.map(({ name, type, values }, slot) => [name, { name, type, slot, optional: true, values }]),
);

function createScope(predicates: ReadonlyMap<string, CheckedExpression>): Scope {
  return {
    input: (name) => inputs.get(name),
    predicate: (name) => predicates.get(name),
    list: (name) => {
      const list = lists[name];
      return list === undefined ? undefined : { name, kind: list.kind, has: (value) => list.holds.includes(value) };
    },
    names: () => [...inputs.keys(), ...predicates.keys()],
    listNames: () => Object.keys(lists),
  };
}

function createWorld(product: Product, random: RandomSource, size: { rules: number; events: number }): World {
  const known = new Map<string, CheckedExpression>();
  const scope = createScope(known);
  const predicates: Predicate[] = [];
  const write = (type: TreeType): Rule => {
    const tree = randomExpression(type, random, predicates);
    const text = printExpression(tree, random);
    if (text.length > 2000) return write(type);
    const result = product.checkExpression(text, scope, type === 'string' ? 'any' : type);
    if (!result.ok) throw new Error(`${text}: ${result.error.map((error) => error.message).join('; ')}`);
    return { tree, type, text, checked: result.value };
  };
  for (const [name, type] of [
    ['first', 'boolean'],
    ['second', 'number'],
    ['third', 'boolean'],
  ] as const) {
    const { tree, checked } = write(type);
    known.set(name, checked);
    predicates.push({ type, tree: { is: 'predicate', name, meaning: tree } });
  }
  const rules = Array.from({ length: size.rules }, () =>
    write(random.pick(['boolean', 'boolean', 'boolean', 'boolean', 'number', 'string'])),
  );
  return { product, rules, events: Array.from({ length: size.events }, () => randomFacts(random)) };
}

const slotsOf = ({ Unavailable }: Product, facts: Facts): Slots =>
  fields.map(({ name }): Reading => {
    const given = facts.get(name) ?? 'absent';
    if (given === 'absent') return undefined;
    return 'value' in given ? given.value : new Unavailable(given.unavailable);
  });

function same({ Unavailable }: Product, expected: Given, actual: Reading): boolean {
  if (expected === 'absent') return actual === undefined;
  if ('value' in expected) return actual === expected.value;
  return actual instanceof Unavailable && actual.reason === expected.unavailable;
}

const shown = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === 'number' && !Number.isFinite(part) ? String(part) : part)) ??
  'undefined';

function report(
  into: Comparison,
  who: string,
  found: { text: string; facts: Facts; expected: unknown; actual: unknown },
) {
  const { text, facts, expected, actual } = found;
  into.differences.push(
    `${who}: ${text}\n  given ${shown([...facts])}\n  expected ${shown(expected)}, found ${shown(actual)}`,
  );
}

function compareRules(
  { product, rules, events }: World,
  expected: readonly (readonly Interpretation[])[],
  into: Comparison,
) {
  for (const [index, { checked, text, tree }] of rules.entries()) {
    const compiled = product.compileExpression(checked);
    let cel: ReturnType<typeof compileCel> | undefined;
    for (const [at, facts] of events.entries()) {
      const wanted = expected[at]?.[index];
      if (wanted === undefined) continue;
      into.pairs += 1;
      const actual = compiled.evaluate(slotsOf(product, facts));
      if (!same(product, wanted.result, actual))
        report(into, 'compiled', { text, facts, expected: wanted.result, actual });
      if (wanted.unknown) into.unknown += 1;
      if (wanted.unknown || wanted.unicode || wanted.result === 'absent' || !('value' in wanted.result)) continue;
      cel ??= compileCel(tree);
      into.celPairs += 1;
      const other = cel(facts);
      if (other !== wanted.result.value)
        report(into, 'CEL', { text, facts, expected: wanted.result.value, actual: other });
    }
  }
}

function compareSet(
  { product, rules, events }: World,
  expected: readonly (readonly Interpretation[])[],
  into: Comparison,
) {
  const conditions = rules.flatMap((rule, index) => (rule.type === 'boolean' ? [{ rule, index }] : []));
  const set = finishSteps(product.conditionSet(conditions.map(({ rule }) => rule.checked)));
  for (const [at, facts] of events.entries()) {
    const slots = slotsOf(product, facts);
    const found = new Set<number>();
    set.evaluate(slots, (position) => found.add(position));
    for (const [position, { rule, index }] of conditions.entries()) {
      const result = expected[at]?.[index]?.result;
      const value = typeof result === 'object' && 'value' in result ? result.value : undefined;
      const about = { text: rule.text, facts, expected: result };
      if (found.has(position) !== (value === true)) report(into, 'index', { ...about, actual: found.has(position) });
      const answer = set.resultOf(position, slots);
      if (answer !== value) report(into, 'set', { ...about, actual: answer });
    }
  }
}

/** A rule set and some events, all made from the seed: every rule on every event, in every way. */
export function compareWorld(product: Product, seed: number, into: Comparison, size = { rules: 20, events: 10 }): void {
  const world = createWorld(product, randomSource(seed), size);
  const expected = world.events.map((facts) => world.rules.map(({ tree }) => interpret(tree, facts)));
  compareRules(world, expected, into);
  compareSet(world, expected, into);
}

export const noComparison = (): Comparison => ({ pairs: 0, celPairs: 0, unknown: 0, differences: [] });
