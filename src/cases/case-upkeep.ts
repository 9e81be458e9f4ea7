import type { Instant } from '../model/time.js';

/** Port: what becomes due for cases, and what must never be. Any number of instances may see to it. */
export interface CaseUpkeep {
  /** Tells of undecided cases that became late since; returns how many. */
  recordBreaches(now: Instant): Promise<number>;
  /** Applies approvals whose undo window has passed; returns how many. */
  applyDueApprovals(now: Instant): Promise<number>;
  /** Opens a case for a held account that has none; false when there was nothing to repair any more. */
  openMissingCase(accountId: string, now: Instant): Promise<boolean>;
}
