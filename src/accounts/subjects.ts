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

/** One kind of record: all its rows, as JSON. They are read while they are asked for, page by page, and once only. */
export interface SubjectSection {
  readonly name: string;
  readonly pages: AsyncIterable<readonly unknown[]>;
}

/** Everything that is stored about an account, however much; identifiers in the clear where they can still be read. */
export interface SubjectRecord {
  readonly accountId: string;
  /** Null: nothing is remembered. */
  readonly memory: unknown;
  /** To be read one after the other. */
  readonly sections: readonly SubjectSection[];
}

/** Port: what a person may ask about itself, through whoever runs the service. */
export interface Subjects {
  /** The same again erases what has come since. Undefined: nothing is known of the account. */
  erase(accountId: string, by: ListActor): Promise<Erasure | undefined>;
  /** It is audited before anything is read. Undefined: nothing is known of the account. */
  export(accountId: string, by: ListActor): Promise<SubjectRecord | undefined>;
}
