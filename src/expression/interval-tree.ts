export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly condition: number;
}

/** A tree of intervals: plain data, which one thread can hand to another. */
export interface IntervalBranch {
  readonly centre: number;
  readonly byLow: readonly Interval[];
  readonly byHigh: readonly Interval[];
  readonly below: IntervalBranch | undefined;
  readonly above: IntervalBranch | undefined;
}

/** Bounds that are not finite lie outside all others. */
function centreOf(intervals: readonly Interval[]): number {
  const ends = intervals.flatMap(({ low, high }) => [low, high]).filter((end) => Number.isFinite(end));
  ends.sort((a, b) => a - b);
  return ends[Math.floor(ends.length / 2)] ?? 0;
}

function grow(intervals: readonly Interval[]): IntervalBranch | undefined {
  if (intervals.length === 0) return undefined;
  const centre = centreOf(intervals);
  const here = intervals.filter(({ low, high }) => low <= centre && centre <= high);
  return {
    centre,
    byLow: [...here].sort((a, b) => a.low - b.low),
    byHigh: [...here].sort((a, b) => b.high - a.high),
    below: grow(intervals.filter(({ high }) => high < centre)),
    above: grow(intervals.filter(({ low }) => low > centre)),
  };
}

/** Undefined when no number is in any of them. */
export const intervalTree = (intervals: readonly Interval[]): IntervalBranch | undefined =>
  grow(intervals.filter(({ low, high }) => low <= high));

/** Finds the intervals a number is in, bounds included, at a cost that follows how many there are. */
export function visitIntervals(
  tree: IntervalBranch | undefined,
  value: number,
  onFound: (condition: number) => void,
): void {
  for (let branch = tree; branch !== undefined; ) {
    if (value < branch.centre) {
      for (const interval of branch.byLow) {
        if (interval.low > value) break;
        onFound(interval.condition);
      }
      branch = branch.below;
    } else {
      for (const interval of branch.byHigh) {
        if (interval.high < value) break;
        onFound(interval.condition);
      }
      branch = branch.above;
    }
  }
}
