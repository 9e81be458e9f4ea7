import type { CaseUpkeep } from '../cases/case-upkeep.js';
import type { VerificationJobs } from '../cases/verification-work.js';
import { neededJobs } from './reconciler.js';

export interface Stuck {
  /** Held accounts without an undecided case. */
  readonly heldWithoutCase: readonly string[];
  /** Undecided cases of which the queue knows nothing. */
  readonly casesWithoutJob: readonly string[];
}

const shownAtMost = 1000;

/** What must always be empty a few seconds after any failure; for tests and `doctor`. */
export async function findStuck(upkeep: CaseUpkeep, jobs: Pick<VerificationJobs, 'missing'>): Promise<Stuck> {
  const heldWithoutCase = await upkeep.heldWithoutCase(shownAtMost);
  const casesWithoutJob: string[] = [];
  for await (const page of neededJobs(upkeep)) {
    casesWithoutJob.push(...(await jobs.missing(page)).map(({ caseId }) => caseId));
    if (casesWithoutJob.length >= shownAtMost) break;
  }
  return { heldWithoutCase, casesWithoutJob };
}
