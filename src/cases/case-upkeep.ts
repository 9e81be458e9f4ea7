import type { Instant } from '../model/time.js';
import type { VerificationJob, VerificationRequest } from './verification-work.js';

/** Port: what the reconciler and the workers read of the truth. */
export interface CaseUpkeep {
  /** Held accounts that nobody would ever look at: no undecided case, no approval on its way. */
  heldWithoutCase(limit: number): Promise<readonly string[]>;
  /** Jobs that undecided cases need, in order of case id, after the given one. */
  neededJobs(afterCaseId: string, limit: number): Promise<readonly VerificationJob[]>;
  /** What a job still has to ask. */
  outstanding(job: VerificationJob): Promise<readonly VerificationRequest[]>;
  /** The same of one account of the case, as of now. */
  askedOf(caseId: string, accountId: string): Promise<readonly VerificationRequest[]>;
}

/** Port: repairs what must never be. */
export interface CaseRepair {
  /** Opens a case for a held account that has none; false when there was nothing to repair any more. */
  openMissingCase(accountId: string, now: Instant): Promise<boolean>;
}
