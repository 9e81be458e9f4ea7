import type { Instant } from '../model/time.js';
import type { CaseRecord } from './case-records.js';

/** Of an open case that nobody has claimed, put off or decided. */
export const inNobodysHands = {
  claimedBy: null,
  leaseUntil: null,
  snoozedUntil: null,
  decision: null,
  decidedBy: null,
  decidedAt: null,
  effectiveAt: null,
  appliedAt: null,
} satisfies Partial<CaseRecord>;

/** Open, about nothing yet. */
export const newCase = (id: string, accountId: string, openedAt: Instant): CaseRecord => ({
  id,
  accountId,
  ringId: null,
  wholeRing: false,
  decisionId: null,
  state: 'open',
  priority: 0,
  score: 0,
  reason: '',
  rules: [],
  verify: [],
  openedAt,
  dueAt: openedAt,
  ...inNobodysHands,
  assignedTo: null,
  escalatedAt: null,
  breachedAt: null,
  barredActor: null,
  appealedAt: null,
  claimNumber: 0,
  version: 1,
  jobVersion: 1,
  settling: false,
  memberLabel: null,
  fraudLabelled: false,
});
