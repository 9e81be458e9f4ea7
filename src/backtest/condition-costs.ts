import { compileExpression } from '../expression/compile-expression.js';
import type { EventType } from '../model/event-type.js';
import type { BacktestRow } from './backtest-source.js';
import type { Contender } from './contender.js';

/** Each condition is run on the sample this often; the quickest round counts, the others met something else. */
const rounds = 3;
/** More rows tell nothing more. */
export const sampledRows = 200;

/**
 * Nanoseconds that each condition takes on one event, evaluated by itself as `rules explain` does; live, the index spares most
 * of it. For telling dear conditions from cheap ones.
 */
export function conditionCosts(
  contender: Contender,
  sample: readonly BacktestRow[],
  elapsed: () => number,
): ReadonlyMap<string, number> {
  const { ruleSet } = contender;
  const filled = sample.map((row) => {
    const slots = ruleSet.newSlots();
    for (const { place, slot } of contender.inputsOf(row.type)) slots[slot] = row.readings[place];
    return { type: row.type, slots };
  });
  const costs = new Map<string, number>();
  for (const { info, when } of ruleSet.declarations) {
    const on: ReadonlySet<EventType> = new Set(info.on);
    const events = filled.filter(({ type }) => on.has(type));
    if (events.length === 0) continue;
    const compiled = compileExpression(when);
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round++) {
      const since = elapsed();
      for (const { slots } of events) compiled.evaluate(slots);
      best = Math.min(best, elapsed() - since);
    }
    costs.set(info.id, Math.round((best * 1e6) / events.length));
  }
  return costs;
}
