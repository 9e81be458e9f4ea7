import type { AccessState } from '../model/access.js';
import type { Label } from '../model/label.js';
import type { Instant } from '../model/time.js';
import type { StoredDecision } from './decision-log.js';

/** A decision as it was made, and what has become of its account. */
export interface PastDecision extends Pick<StoredDecision, 'decision' | 'inputs'> {
  readonly occurredAt: Instant;
  /** The account's access by now. */
  readonly state: AccessState;
  /** The latest label of the account. */
  readonly label: Label | undefined;
}

/** A place in the order in which decisions were made. */
export interface DecidedPlace {
  readonly decidedAt: Instant;
  readonly decisionId: string;
}

export interface PastDecisionsQuery {
  /** From this instant on. */
  readonly since: Instant;
  /** Before this instant. */
  readonly until: Instant;
  /** The last decision of the page before. */
  readonly after?: DecidedPlace | undefined;
  readonly limit: number;
}

/** Port: decisions of all accounts in the order in which they were made, a page at a time. */
export interface PastDecisions {
  page(query: PastDecisionsQuery): Promise<readonly PastDecision[]>;
}
