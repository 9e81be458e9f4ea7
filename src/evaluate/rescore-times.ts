import type { Policy } from '../model/policy.js';
import type { Instant } from '../model/time.js';

/** Ages at which an account is judged again, milliseconds, youngest first: the policy's, and the end of probation. */
function rescoreAges({ rescoreMs, probation }: Pick<Policy, 'rescoreMs' | 'probation'>): readonly number[] {
  const ages = probation === 'off' ? rescoreMs : [...rescoreMs, probation.forMs];
  return [...new Set(ages)].sort((a, b) => a - b);
}

/** The first of these times after a moment; undefined when all are past. */
export function nextRescore(
  policy: Pick<Policy, 'rescoreMs' | 'probation'>,
  { firstSeenAt, after }: { readonly firstSeenAt: Instant; readonly after: Instant },
): Instant | undefined {
  const age = rescoreAges(policy).find((ms) => firstSeenAt + ms > after);
  return age === undefined ? undefined : firstSeenAt + age;
}
