import { type CompiledExpression, compileExpression } from '../expression/compile-expression.js';
import type { InputInfo } from '../model/expression-scope.js';
import type { Instant } from '../model/time.js';
import { isKnown, type Slots, type Value } from '../model/value.js';
import { ConditionTree, type Truth, truthOf } from './condition-tree.js';
import { clampPoints, declarationReads } from './judge.js';
import { endOfException, type RuleDeclaration, type RuleResult } from './rule-declaration.js';

/** A leaf as it came out. */
export interface LeafReport {
  readonly text: string;
  readonly result: boolean | null;
  /** null = no value. */
  readonly values: Readonly<Record<string, Value | null>>;
}

/** One rule by itself, for tests and explanations; says the same as the engine, and why. */
export class RuleTrial {
  readonly tree: ConditionTree;
  readonly #points: CompiledExpression;
  readonly #exceptions: readonly CompiledExpression[];
  readonly #exceptionReads: readonly InputInfo[];

  constructor(
    readonly declaration: RuleDeclaration,
    now: Instant,
  ) {
    this.tree = new ConditionTree(declaration.when);
    this.#points = compileExpression(declaration.points);
    const inForce = declaration.exceptions.filter((exception) => now < endOfException(exception));
    this.#exceptions = inForce.map(({ when }) => compileExpression(when));
    this.#exceptionReads = inForce.flatMap(({ when }) => when.reads);
  }

  result(slots: Slots): RuleResult {
    return this.resultWith(this.tree.truths(slots), slots);
  }

  /** The rule's result if the leaves of its condition came out like this. */
  resultWith(truths: readonly Truth[], slots: Slots): RuleResult {
    const truth = this.tree.result(truths);
    if (truth !== true) return truth === undefined ? 'unknown' : 'quiet';
    if (this.#exceptions.some((exception) => truthOf(exception, slots) === true)) return 'quiet';
    return typeof this.#points.evaluate(slots) === 'number' ? 'fires' : 'unknown';
  }

  /** 0 unless the rule fires. */
  points(slots: Slots): number {
    const value = this.#points.evaluate(slots);
    if (this.result(slots) !== 'fires' || typeof value !== 'number') return 0;
    return clampPoints(value, this.declaration.info.pointsMax);
  }

  /** What decides beside the condition: whether the points are known, and which exceptions hold. */
  outside(slots: Slots): readonly Truth[] {
    const known = typeof this.#points.evaluate(slots) === 'number';
    return [known, ...this.#exceptions.map((exception) => truthOf(exception, slots))];
  }

  leaves(slots: Slots): LeafReport[] {
    const truths = this.tree.truths(slots);
    return this.tree.leaves.map(({ text, reads }, index) => ({
      text,
      result: truths[index] ?? null,
      values: valuesOf(reads, slots),
    }));
  }

  /** Indexes of the leaves that change the rule's result when they alone are turned. */
  decisiveLeaves(slots: Slots): number[] {
    const truths = this.tree.truths(slots);
    const result = this.resultWith(truths, slots);
    return truths.flatMap((truth, index) => {
      const turned: Truth[] = truth === undefined ? [true, false] : [!truth];
      const changes = turned.some((other) => this.resultWith(truths.with(index, other), slots) !== result);
      return changes ? [index] : [];
    });
  }

  /** Inputs whose value can turn the rule; those of exceptions that hold now come last. */
  inputs(): readonly InputInfo[] {
    const own = declarationReads({ ...this.declaration, title: { parts: [], reads: [] } });
    const all = new Map([...own, ...this.#exceptionReads].map((info) => [info.slot, info]));
    return [...all.values()];
  }
}

export function valuesOf(reads: readonly InputInfo[], slots: Slots): Record<string, Value | null> {
  return Object.fromEntries(
    reads.map(({ name, slot }) => {
      const reading = slots[slot];
      return [name, isKnown(reading) ? reading : null];
    }),
  );
}
