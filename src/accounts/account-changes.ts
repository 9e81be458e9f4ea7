import type { CaseChange } from '../cases/review-queue.js';
import type { AccountLabel } from '../model/label.js';
import type { Problem } from '../model/problem.js';
import type { Result } from '../model/result.js';
import type { Instant } from '../model/time.js';

export interface ManualChange {
  readonly accountId: string;
  readonly to: 'held' | 'admitted' | 'denied';
  readonly reason: string;
  readonly actor: string;
  readonly now: Instant;
}

/** Port: what is learnt of an account, or decided about it, outside the queue. Each call is one transaction. */
export interface AccountChanges {
  /**
   * `fraud` holds an admitted or limited account and opens a case; `honest` is recorded and lifts nothing by itself. One that
   * is older than another that is known is recorded, and nothing else.
   */
  recordLabel(label: AccountLabel, actor: string, now: Instant): Promise<Result<CaseChange, Problem>>;
  /** `admitted` takes a fraud label back. */
  changeManually(change: ManualChange): Promise<Result<CaseChange, Problem>>;
}
