import type { Appeals } from '../cases/appeal.js';
import type { Instant } from '../model/time.js';

/** What the routes about verification need. */
export interface VerificationServices {
  /** To the hosted page; also for `verification.requested`. */
  linkFor(accountId: string, now: Instant): { readonly url: string; readonly expiresAt: Instant };
  readonly appeals: Appeals;
}
