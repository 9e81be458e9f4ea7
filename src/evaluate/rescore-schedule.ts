import type { SealedEvent } from '../decisions/decision-log.js';
import type { JudgedAgain } from '../decisions/judged-again.js';
import type { AccessState } from '../model/access.js';
import type { Instant } from '../model/time.js';

/** An account that is to be judged again. Held and denied ones never come up, and verified or cleared ones only when their evidence is in doubt. */
export interface DueRescore {
  readonly accountId: string;
  readonly dueAt: Instant;
  readonly firstSeenAt: Instant;
  readonly firstPaymentAt: Instant | null;
  readonly state: AccessState;
  /** Access version the rescoring is planned on: any change since then makes it void. */
  readonly version: number;
  /** Limited only because it is new. */
  readonly probation: boolean;
  /** A verification or a person let it in, and others have shown the same evidence since. */
  readonly doubted: boolean;
  /** Its signup, else its latest event, and the decision about it; undefined once that was erased. */
  readonly event: SealedEvent | undefined;
  readonly decisionId: string;
}

/** Port: when which account is to be judged again, in the truth; any instance may take what is due. */
export interface RescoreSchedule {
  /** Those due first; nobody else is given them for a minute. Accounts that need no judging any more are forgotten. */
  take(now: Instant, limit: number): Promise<readonly DueRescore[]>;
  /** True when access changed; an account that was changed since it was taken is left alone. */
  apply(judged: JudgedAgain): Promise<boolean>;
  /** Done: due again then, or never, unless somebody asked for it meanwhile. */
  done(due: Pick<DueRescore, 'accountId' | 'dueAt'>, nextAt: Instant | undefined): Promise<void>;
  /** Something that concerns these accounts changed: due at `at`, unless they are due earlier. */
  soon(accountIds: readonly string[], at: Instant): Promise<void>;
  /** The same one after the other, also for those whom a verification or a person let in. */
  doubt(accountIds: readonly string[], pace: DoubtPace): Promise<void>;
}

export interface DoubtPace {
  /** When the first is due. */
  readonly at: Instant;
  /** Milliseconds to the next. */
  readonly everyMs: number;
}
