import type { DisabledReason } from './webhooks.js';

/** What waits to be done behind the answers, whoever is to do it. */
export interface Backlog {
  readonly outbox: Waiting;
  readonly auditRows: { readonly sealed: number; readonly unsealed: number };
  /** To endpoints that take messages. */
  readonly webhooks: Waiting;
  readonly disabledEndpoints: Readonly<Record<DisabledReason, number>>;
  /** Age of the oldest decision that nobody has taken into the rings; undefined while somebody keeps them. */
  readonly ringLagMs: number | undefined;
}

interface Waiting {
  readonly count: number;
  readonly oldestMs: number;
}
