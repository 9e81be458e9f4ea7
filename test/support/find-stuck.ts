import type { Database } from '../../src/adapters/postgres/database.js';
import { heldWithoutCase } from '../../src/adapters/postgres/held-without-case.js';
import { createVerificationNeeds } from '../../src/adapters/postgres/verification-needs.js';
import type { VerificationJobs } from '../../src/verification/verification-work.js';
import { neededJobs } from '../../src/workers/reconciler.js';

interface Stuck {
  /** Held accounts without an undecided case. */
  readonly heldWithoutCase: readonly string[];
  /** Undecided cases of which the queue knows nothing. */
  readonly casesWithoutJob: readonly string[];
}

const shownAtMost = 1000;

/** What must always be empty a few seconds after any failure. */
export async function findStuck(database: Database, jobs: Pick<VerificationJobs, 'missing'>): Promise<Stuck> {
  const casesWithoutJob: string[] = [];
  for await (const page of neededJobs(createVerificationNeeds(database))) {
    casesWithoutJob.push(...(await jobs.missing(page)).map(({ caseId }) => caseId));
    if (casesWithoutJob.length >= shownAtMost) break;
  }
  return { heldWithoutCase: await heldWithoutCase(database, shownAtMost), casesWithoutJob };
}
