import type { Instant } from '../model/time.js';

export interface AuditMessage {
  readonly at: Instant;
  readonly actor: string;
  readonly kind: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuditEntry extends AuditMessage {
  /** Rises with every entry. */
  readonly seq: number;
}

export interface AuditQuery {
  readonly subject?: string | undefined;
  readonly actor?: string | undefined;
  /** `case.decided`, or the beginning up to a dot: `case.`. */
  readonly kind?: string | undefined;
  readonly since?: Instant | undefined;
  readonly until?: Instant | undefined;
  /** Newest first: only what is older than this entry. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Port: who did what, and when; only ever added to. */
export interface AuditTrail {
  page(query: AuditQuery): Promise<readonly AuditEntry[]>;
}
