import type { RememberedParts, SignupRecord } from '../model/event.js';
import type { Evidence } from '../model/evidence.js';
import type { Instant } from '../model/time.js';

/** What an account's earlier events said (contract, section 2), and what people have decided about it. */
export interface Remembered {
  readonly parts: RememberedParts;
  readonly signup?: SignupRecord | undefined;
  /** First payment method, epoch milliseconds. */
  readonly firstPaymentAt?: Instant | undefined;
  readonly firstKeyAt?: Instant | undefined;
  /** First report of use. */
  readonly firstUseAt?: Instant | undefined;
  /** Earliest event of the account. */
  readonly firstSeenAt?: Instant | undefined;
  /** A verification was passed or a person approved. */
  readonly verified?: boolean | undefined;
  /** Rules whose hits a person or a verification has cleared for this account: they no longer count against it. */
  readonly clearedRules?: readonly string[] | undefined;
  /** What its passed verifications showed, the latest of each kind, hashed. */
  readonly evidence?: Evidence | undefined;
}

/** What people and verifications made of an account. */
export interface Cleared {
  readonly clearedRules: readonly string[];
  readonly verified: boolean;
  readonly evidence: Evidence;
}

/** What this event adds; each part is kept with its own time, and the later one wins, whatever the order of arrival. */
export interface Memento {
  readonly at: Instant;
  readonly parts: RememberedParts;
  readonly signup?: SignupRecord | undefined;
  readonly firstPaymentAt?: Instant | undefined;
  readonly firstKeyAt?: Instant | undefined;
  readonly firstUseAt?: Instant | undefined;
}

/** Port. Raw values are sealed at rest. */
export interface AccountMemory {
  /** Where nothing is remembered, or nobody can be asked, the caller rebuilds it from the decision log. Throws nothing. */
  recall(accountId: string): Promise<Recall>;
  /** May happen again. False where it may not have been written: the event is to be remembered later. Throws nothing. */
  remember(accountId: string, memento: Memento): Promise<boolean>;
  /** Writes what a person or a verification decided. */
  clear(accountId: string, cleared: Cleared): Promise<void>;
  forget(accountId: string): Promise<void>;
}

export type Recall =
  | { readonly kind: 'remembered'; readonly remembered: Remembered }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unavailable'; readonly reason: string };
