import type { AccountChanges } from '../../src/accounts/account-changes.js';
import { createAccountChanges } from '../../src/accounts/create-account-changes.js';
import type { CaseRecords } from '../../src/cases/case-records.js';
import type { CaseUpkeep } from '../../src/cases/case-upkeep.js';
import { createCaseUpkeep } from '../../src/cases/create-case-upkeep.js';
import { createReviewQueue, type ReviewQueueOptions } from '../../src/cases/create-review-queue.js';
import { forwardCases } from '../../src/cases/forward-cases.js';
import type { ReviewQueue } from '../../src/cases/review-queue.js';
import {
  createVerificationRecorder,
  type VerificationRecorderOptions,
} from '../../src/verification/create-verification-recorder.js';
import type { RecordVerification } from '../../src/verification/verification-result.js';

/** Whatever changes a case: reviewers, what is learnt of its account, verifications, and the clock. */
export interface AllOfCases extends ReviewQueue, AccountChanges, CaseUpkeep {
  readonly recordVerification: RecordVerification;
}

export const allOfCases = (
  records: CaseRecords,
  options: ReviewQueueOptions & VerificationRecorderOptions,
): AllOfCases => ({
  ...forwardCases(createReviewQueue(records, options)),
  ...createAccountChanges(records, options),
  ...createCaseUpkeep(records, options),
  recordVerification: createVerificationRecorder(records, options),
});
