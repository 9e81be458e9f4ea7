import type { Instant } from '../../model/time.js';
import type { DegradedMinute } from './overview.js';

interface DegradedPeriod {
  readonly from: Instant;
  readonly to: Instant;
  /** Of the thing that was missed most: one decision may have missed several. */
  readonly decisions: number;
  readonly missing: readonly string[];
}

const minuteMs = 60_000;
/** Quieter than this in between, and it is the same trouble. */
const togetherMs = 5 * minuteMs;

/** Minutes in which decisions missed something, oldest first, as periods that a person would tell of. */
export function degradedPeriods(minutes: readonly DegradedMinute[]): readonly DegradedPeriod[] {
  const runs: DegradedMinute[][] = [];
  for (const minute of minutes) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && minute.at - last.at <= togetherMs) run.push(minute);
    else runs.push([minute]);
  }
  return runs.map(periodOf);
}

function periodOf(run: readonly DegradedMinute[]): DegradedPeriod {
  const byMissing = new Map<string, number>();
  for (const { missing, decisions } of run) byMissing.set(missing, (byMissing.get(missing) ?? 0) + decisions);
  const times = run.map(({ at }) => at);
  return {
    from: Math.min(...times),
    to: Math.max(...times) + minuteMs,
    decisions: Math.max(...byMissing.values()),
    missing: [...byMissing.keys()].sort(),
  };
}
