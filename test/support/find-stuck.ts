import type { CaseUpkeep } from '../../src/cases/case-upkeep.js';
import type { VerificationJobs } from '../../src/cases/verification-work.js';
import { neededJobs } from '../../src/workers/reconciler.js';

interface Stuck {
  /** Held accounts without an undecided case. */
  readonly heldWithoutCase: readonly string[];
  /** Undecided cases of which the queue knows nothing. */
  readonly casesWithoutJob: readonly string[];
}

const shownAtMost = 1000;

/** What must always be empty a few seconds after any failure. */
export async function findStuck(upkeep: CaseUpkeep, jobs: Pick<VerificationJobs, 'missing'>): Promise<Stuck> {
  const heldWithoutCase = await upkeep.heldWithoutCase(shownAtMost);
  const casesWithoutJob: string[] = [];
  for await (const page of neededJobs(upkeep)) {
    casesWithoutJob.push(...(await jobs.missing(page)).map(({ caseId }) => caseId));
    if (casesWithoutJob.length >= shownAtMost) break;
  }
  return { heldWithoutCase, casesWithoutJob };
}
