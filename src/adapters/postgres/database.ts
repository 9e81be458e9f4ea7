/**
 * What SQL the adapters speak: the same text runs on PostgreSQL and PGlite. Only `adapters/` sees this. Calls reject with
 * `StoreUnavailable` when the database cannot be had in time, and with an error that has an SQLSTATE as `code` when it
 * refused the statement.
 */
export interface Queryable {
  /**
   * One statement. On both databases bigint comes back as a number, timestamptz as a Date, jsonb parsed, text[] as an
   * array; a jsonb parameter goes in as JSON text, an array parameter as an array.
   */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Several statements without parameters, such as a migration; not bound to the short time a query has. */
  script(sql: string): Promise<void>;
}

export interface Database extends Queryable {
  /**
   * Commits when `work` resolves, rolls back when it rejects. Inside `work` only the given handle may be used: the
   * embedded database has one connection, and the outer handle would wait for the transaction to end.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
