import { checkExpression } from '../expression/check-expression.js';
import type { CheckedExpression } from '../expression/checked-expression.js';
import { compileExpression } from '../expression/compile-expression.js';
import { type Diagnostic, hintWithPlace } from '../expression/diagnostic.js';
import { err, ok, type Result } from '../model/result.js';
import { isKnown, type Reading, type Slots, Unavailable, type Value } from '../model/value.js';
import { ConditionTree } from './condition-tree.js';
import { type ExplainedLeaf, explainLeaves } from './explain-rules.js';
import type { RuleProblem } from './rule-problem.js';
import type { RuleSet } from './rule-set.js';
import { SourceFile } from './yaml/source-file.js';

/** null = there is none. */
export type ShownReading = Value | null | { readonly unavailable: string };

/** A boolean expression has `result`, null for unknown; every expression has its value. */
export interface EvalResult {
  readonly result?: boolean | null;
  readonly value: Value | null;
  readonly reads: Readonly<Record<string, ShownReading>>;
}

/** The file that an expression of the command line is said to stand in. */
export const expressionFile = '<expression>';

/** One expression by itself, against the names of a rule set. */
export function evalExpression(
  text: string,
  ruleSet: RuleSet,
  slots: Slots,
): Result<EvalResult, readonly RuleProblem[]> {
  const checked = checkedText(text, ruleSet);
  return checked.ok ? ok(evaluated(checked.value, slots)) : checked;
}

/** The same with each part of a condition. */
export interface ExplainedExpression extends EvalResult {
  /** None of what is no condition. */
  readonly leaves: readonly ExplainedLeaf[];
}

export function explainExpression(
  text: string,
  ruleSet: RuleSet,
  slots: Slots,
): Result<ExplainedExpression, readonly RuleProblem[]> {
  const checked = checkedText(text, ruleSet);
  if (!checked.ok) return checked;
  const leaves = checked.value.type === 'boolean' ? explainLeaves(new ConditionTree(checked.value), slots) : [];
  return ok({ ...evaluated(checked.value, slots), leaves });
}

function checkedText(text: string, ruleSet: RuleSet): Result<CheckedExpression, readonly RuleProblem[]> {
  const checked = checkExpression(text, ruleSet.scope, 'any');
  if (checked.ok) return checked;
  return err(checked.error.filter(({ severity }) => severity === 'error').map((found) => problemOf(found, text)));
}

function evaluated(checked: CheckedExpression, slots: Slots): EvalResult {
  const reading = compileExpression(checked).evaluate(slots);
  const value = isKnown(reading) ? reading : null;
  const reads = Object.fromEntries(checked.reads.map(({ name, slot }) => [name, shown(slots[slot])]));
  if (checked.type !== 'boolean') return { value, reads };
  return { result: typeof value === 'boolean' ? value : null, value, reads };
}

const shown = (reading: Reading): ShownReading =>
  reading instanceof Unavailable ? { unavailable: reading.reason } : (reading ?? null);

function problemOf(found: Diagnostic, text: string): RuleProblem {
  const { code, message, start, end } = found;
  const file = new SourceFile(expressionFile, text);
  const hint = hintWithPlace(found, (span) => file.place(span));
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    file: expressionFile,
    ...file.place({ start, end }),
  };
}
