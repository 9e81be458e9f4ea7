import type { Instant } from '../../model/time.js';

interface PageLimits {
  /** False: this was one too many within the window. */
  allows(key: string, now: Instant): boolean;
}

interface PageLimitOptions {
  readonly most: number;
  readonly windowMs: number;
  /** Keys that are remembered; a flood of new ones ends the window for all. */
  readonly keys?: number | undefined;
}

/** Counts in fixed windows, in this process: a brake for one page, not a promise. What must hold is counted in the truth. */
export function createPageLimits({ most, windowMs, keys = 50_000 }: PageLimitOptions): PageLimits {
  const counts = new Map<string, number>();
  let startedAt = 0;
  return {
    allows(key, now) {
      if (now >= startedAt + windowMs || counts.size >= keys) {
        counts.clear();
        startedAt = now;
      }
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count <= most;
    },
  };
}
