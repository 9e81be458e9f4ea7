import type { Appeals } from '../cases/appeal.js';
import type { Problem } from '../model/problem.js';
import type { Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import type { SignedText } from '../verification/callback-signature.js';
import type { ProviderAnswer } from '../verification/provider-answers.js';
import type { RecordVerification } from '../verification/verification-result.js';

/** What the routes about verification need. */
export interface VerificationServices {
  /** To the hosted page; also for `verification.requested`. */
  linkFor(accountId: string, now: Instant): { readonly url: string; readonly expiresAt: Instant };
  readonly record: RecordVerification;
  readonly appeals: Appeals;
  /** False too where no secret for callbacks is configured. */
  isSigned(signed: SignedText, now: Instant): boolean;
  /** False: nobody waits for it (any more). */
  recordAnswer(answer: ProviderAnswer): Promise<Result<boolean, Problem>>;
}
