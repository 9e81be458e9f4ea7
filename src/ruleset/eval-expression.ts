import { checkExpression } from '../expression/check-expression.js';
import { compileExpression } from '../expression/compile-expression.js';
import type { Diagnostic } from '../expression/diagnostic.js';
import { err, ok, type Result } from '../model/result.js';
import { isKnown, type Reading, type Slots, Unavailable, type Value } from '../model/value.js';
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
  const checked = checkExpression(text, ruleSet.scope, 'any');
  if (!checked.ok)
    return err(checked.error.filter(({ severity }) => severity === 'error').map((found) => problemOf(found, text)));
  const reading = compileExpression(checked.value).evaluate(slots);
  const value = isKnown(reading) ? reading : null;
  const reads = Object.fromEntries(checked.value.reads.map(({ name, slot }) => [name, shown(slots[slot])]));
  if (checked.value.type !== 'boolean') return ok({ value, reads });
  return ok({ result: typeof value === 'boolean' ? value : null, value, reads });
}

const shown = (reading: Reading): ShownReading =>
  reading instanceof Unavailable ? { unavailable: reading.reason } : (reading ?? null);

function problemOf({ code, message, hint, start, end }: Diagnostic, text: string): RuleProblem {
  const place = new SourceFile(expressionFile, text).place({ start, end });
  return { code, message, ...(hint === undefined ? {} : { hint }), file: expressionFile, ...place };
}
