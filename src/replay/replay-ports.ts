import type { AccountChanges } from '../accounts/account-changes.js';
import type { AccountMemory } from '../evaluate/account-memory.js';
import type { EvaluatorPorts } from '../evaluate/evaluator-ports.js';
import type { EvidencePorts } from '../evaluate/observe-evidence.js';
import type { RescoreSchedule } from '../evaluate/rescore-schedule.js';
import type { FeatureStore } from '../features/feature-store.js';
import type { AccountStanding } from '../model/ring.js';
import type { Instant } from '../model/time.js';
import type { OutboxMessage } from '../outbox/outbox.js';
import type { RecordVerification } from '../verification/verification-result.js';
import type { DueWork } from './due-work.js';
import type { RingFollowing } from './follow-rings.js';
import type { ReplayClock } from './replay-clock.js';
import type { CaseOfAccount, ReplayLine } from './replay-line.js';

/** What the service does in several processes, in one. */
export interface ReplayPorts {
  readonly story: EvaluatorPorts;
  readonly clock: ReplayClock;
  readonly accounts: AccountChanges;
  readonly recordVerification: RecordVerification;
  readonly features: Pick<FeatureStore, 'label' | 'standing'>;
  readonly memory: Pick<AccountMemory, 'clear'>;
  readonly schedule: RescoreSchedule & { nextAt(): Instant | undefined };
  readonly rings: RingFollowing;
  /** What verifications showed, and where it goes. */
  readonly evidence: EvidencePorts;
  /** Work of the truth besides labels and rescoring. */
  readonly works: readonly DueWork[];
  /** What rings know of an account. */
  readonly standingOf: (accountId: string, at: Instant) => AccountStanding | undefined;
  readonly ringOf: (accountId: string, at: Instant) => string | undefined;
  /** Messages that the truth has written since it was asked last, oldest first. */
  readonly takeMessages: () => readonly OutboxMessage[];
  /** Lets go of what nothing can ask for any more. */
  readonly forget: () => void;
  readonly emit: (line: ReplayLine) => void;
  /** Accounts that are in another case than the lines have told so far. */
  readonly takeCases: () => readonly CaseOfAccount[];
}
