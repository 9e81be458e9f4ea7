import type { ListActor } from '../lists/list-entries.js';

/** What one kind of record held, and how many. */
export interface ErasedPart {
  readonly what: string;
  readonly count: number;
}

/** What is left after an erasure, and why. */
export interface KeptPart extends ErasedPart {
  readonly why: string;
}

export interface Erasure {
  readonly accountId: string;
  readonly erased: readonly ErasedPart[];
  readonly kept: readonly KeptPart[];
}

/** Everything that is stored about an account, as JSON; identifiers in the clear where they can still be read. */
export interface SubjectRecord {
  readonly accountId: string;
  readonly [section: string]: unknown;
}

/** Port: what a person may ask about itself, through whoever runs the service. */
export interface Subjects {
  /** The same again erases what has come since. Undefined: nothing is known of the account. */
  erase(accountId: string, by: ListActor): Promise<Erasure | undefined>;
  export(accountId: string, by: ListActor): Promise<SubjectRecord | undefined>;
}
