import type { Clock, Instant } from '../model/time.js';

const dayMs = 86_400_000;
/** Longer than any window of the default rules: what an account did before that weighs nothing any more. */
export const quietMs = 200 * dayMs;

/** Once for each day of event time, tells what is to be forgotten: whatever has been quiet since then. */
export function forgetting(clock: Clock, forgetBefore: (before: Instant) => void): () => void {
  let nextAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock.now();
    if (now < nextAt) return;
    nextAt = now + dayMs;
    forgetBefore(now - quietMs);
  };
}
