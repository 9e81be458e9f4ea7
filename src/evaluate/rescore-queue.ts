import type { SealedEvent } from '../decisions/decision-log.js';
import type { Rescored } from '../decisions/judged-again.js';
import type { AccessState } from '../model/access.js';
import type { RingTrace } from '../model/ring.js';
import type { Instant } from '../model/time.js';

/** An account whose access rests on a decision that missed inputs. */
export interface ProvisionalAccess extends SealedEvent {
  readonly accountId: string;
  /** Access version the rescoring was planned on: any change since then makes it void. */
  readonly version: number;
  /** The strictest that the account's complete decisions say: rescoring loosens no further than this. */
  readonly floor: AccessState;
  /** What access is, where the decision knew of nothing that it missed: then it only tightens. */
  readonly tightensFrom: AccessState | undefined;
  /**
   * What else the account sent at that time and was decided without an input, and has not been decided again: whatever of it
   * speaks against the account counts, although this event came after it. Erased ones are left out.
   */
  readonly others: readonly SealedEvent[];
}

/** Port: decisions made without an input, to be made again when it is back. */
export interface RescoreQueue {
  /**
   * Oldest first, then those that were put behind; none while another instance goes through them. Whoever is given some goes
   * on until `release`.
   */
  pending(limit: number): Promise<readonly ProvisionalAccess[]>;
  /** Behind all others. They stay pending: another instance may see what this one cannot. */
  putBehind(accountIds: readonly string[]): Promise<void>;
  release(): Promise<void>;
  /**
   * What the event shares with others, as its links say now that their conditions could be read: goes to the rings once,
   * however often it is told, and the account is judged again when it is in them. `now`: of events.
   */
  share(event: Pick<ProvisionalAccess, 'eventId'>, trace: RingTrace, now: Instant): Promise<void>;
  /** True when access changed. The account is pending no more, unless it was changed meanwhile. */
  settle(pending: Pick<ProvisionalAccess, 'accountId' | 'eventId'>, rescored: Rescored): Promise<boolean>;
  /** Its event cannot be read any more (erased): what was decided stands. */
  giveUp(accountId: string, eventId: string): Promise<void>;
}
