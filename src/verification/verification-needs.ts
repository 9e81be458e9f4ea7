import type { VerificationJob, VerificationRequest } from './verification-work.js';

/** Port: what undecided cases still have to ask, as the truth says. */
export interface VerificationNeeds {
  /** Jobs that undecided cases need, in order of case id, after the given one. */
  neededJobs(afterCaseId: string, limit: number): Promise<readonly VerificationJob[]>;
  /** What a job still has to ask. */
  outstanding(job: VerificationJob): Promise<readonly VerificationRequest[]>;
  /** The same of one account of the case, as of now. */
  askedOf(caseId: string, accountId: string): Promise<readonly VerificationRequest[]>;
  /** The same of the account whose own case went into that of its ring: what was asked before goes on there, under its id. */
  askedInRing(caseId: string): Promise<readonly VerificationRequest[]>;
}
