import { methodsOf, wasAsked } from './asked-methods.js';
import type { CaseRecord } from './case-records.js';

/**
 * An account's own case that nobody works on, or is meant to: it may go into the case of the account's ring. Held by a person,
 * or appealed, it is for people: in the ring's case a verification would lift it, and its appeal would bar nobody.
 */
export const isFree = (found: CaseRecord): boolean =>
  found.state === 'open' &&
  !found.wholeRing &&
  found.assignedTo === null &&
  found.escalatedAt === null &&
  found.appealedAt === null &&
  !wasAsked(found) &&
  methodsOf(found).length > 0;
