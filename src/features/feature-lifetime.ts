import type { FeatureSpec } from '../model/feature.js';

/** A key that only tells its age is remembered this long after it was last seen. */
const ageLifetimeMs = 365 * 86_400_000;
/** Accounts of a key that nobody has used for so long tell nothing of whoever comes now. */
const trustLifetimeMs = 90 * 86_400_000;
/** Late events may still come in for windows that have passed. */
const latenessMs = 86_400_000;

/** How far back events can matter, milliseconds; an age is as old as it is and reaches no distance that could be named. */
export const reachOf = ({ kind, windowMs = 0, baselineMs = 0, olderThanMs = 0 }: FeatureSpec): number =>
  kind === 'trusted' ? olderThanMs + trustLifetimeMs : windowMs + baselineMs;

/** Milliseconds without traffic after which nothing of the feature can be read any more. */
export const lifetimeOf = (spec: FeatureSpec): number =>
  (spec.kind === 'age' ? ageLifetimeMs : reachOf(spec)) + latenessMs;
