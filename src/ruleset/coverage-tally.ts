import type { Slots } from '../model/value.js';
import type { RuleDeclaration, RuleResult } from './rule-declaration.js';
import type { RuleTrial } from './rule-trial.js';

/** How many tests saw each result, and how many leaves of the condition some test turns on. */
export interface RuleCoverage {
  fires: number;
  quiet: number;
  unknown: number;
  leaves_decisive: number;
  leaves: number;
}

export interface Coverage {
  readonly coverage: Readonly<Record<string, RuleCoverage>>;
  /** Leaves that no test turns on, by rule. */
  readonly uncovered: Readonly<Record<string, readonly string[]>>;
}

interface Seen {
  readonly fires: number;
  readonly quiet: number;
  readonly unknown: number;
  readonly decisive: Set<number>;
  readonly leaves: readonly string[];
}

/** What tests of any kind have seen of each rule. */
export class CoverageTally {
  private readonly rules = new Map<string, { -readonly [K in keyof Seen]: Seen[K] }>();

  /** A rule that no test has seen is part of the tally as well. */
  know(declaration: RuleDeclaration, trial: RuleTrial): void {
    const { id } = declaration.info;
    if (this.rules.has(id)) return;
    const leaves = trial.tree.leaves.map(({ text }) => text);
    this.rules.set(id, { fires: 0, quiet: 0, unknown: 0, decisive: new Set(), leaves });
  }

  see(trial: RuleTrial, slots: Slots, result: RuleResult): void {
    const { declaration } = trial;
    this.know(declaration, trial);
    const seen = this.rules.get(declaration.info.id);
    if (seen === undefined) return;
    seen[result]++;
    if (seen.decisive.size === seen.leaves.length) return;
    for (const index of trial.decisiveLeaves(slots)) seen.decisive.add(index);
  }

  /** Of all rules, or of one. */
  report(only?: string): Coverage {
    const all = [...this.rules].filter(([id]) => only === undefined || id === only);
    const coverage = all.map(([id, { fires, quiet, unknown, decisive, leaves }]) => [
      id,
      { fires, quiet, unknown, leaves_decisive: decisive.size, leaves: leaves.length },
    ]);
    const uncovered = all.map(([id, { decisive, leaves }]) => [id, leaves.filter((_, index) => !decisive.has(index))]);
    return { coverage: Object.fromEntries(coverage), uncovered: Object.fromEntries(uncovered) };
  }
}
