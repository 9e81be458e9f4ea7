import type {
  AccountStatus,
  CommitOutcome,
  DecisionLog,
  DecisionRecord,
  SealedEvent,
  StoredDecision,
} from '../../decisions/decision-log.js';
import type { AccessState } from '../../model/access.js';
import type { Decision } from '../../model/decision.js';
import type { EventType } from '../../model/event.js';
import type { VerificationMethod } from '../../model/rule.js';
import type { Value } from '../../model/value.js';
import { CommitQueue, type CommitQueueOptions } from './commit-queue.js';
import { batchParameter, type CommitRow, outcomeOf } from './commit-row.js';
import type { Database } from './database.js';
import { isProof } from './evidence-history.js';
import { SharedReads } from './shared-reads.js';

interface StoredRow {
  event_id: string;
  answer: Decision;
  body_hash: string;
  inputs: Record<string, Value>;
}

interface SealedRow {
  event_id: string;
  type: EventType;
  occurred_at: Date;
  sealed: string;
  salt: string;
}

interface StatusRow {
  state: AccessState;
  version: number;
  requests_per_day: number | null;
  verified: boolean;
  cleared_rules: string[];
  evidence: Record<string, string>;
  first_seen_at: Date;
  case_id: string | null;
  pending: VerificationMethod[];
}

const defaults: CommitQueueOptions = { deadlineMs: 250, maxBatch: 128, maxInFlight: 2, maxQueued: 2048 };

const commitSql = 'select * from commit_decisions($1::jsonb)';
/** One statement: no event is committed, and neither counted nor noted. */
const commitAndNoteSql = `with noted as (
    insert into uncounted_events (decision_id, decided_at)
    select n.id, n.at from jsonb_to_recordset($2::jsonb) as n(id text, at timestamptz)
    on conflict do nothing
  )
  ${commitSql}`;
const noteParameter = (records: readonly DecisionRecord[]): string =>
  JSON.stringify(records.map(({ draft }) => ({ id: draft.id, at: draft.decided_at })));

const storedColumns = 'select event_id, answer, body_hash, inputs from decisions';

const statusSql = `select a.state, a.version, a.requests_per_day, a.verified, a.cleared_rules, a.first_seen_at,
    coalesce(
      (select c.id from cases c where c.account_id = a.account_id and c.state <> 'decided' and not c.whole_ring),
      (select c.id from case_accounts m join cases c on c.id = m.case_id
        where m.account_id = a.account_id and m.left_at is null and c.state <> 'decided' limit 1)
    ) as case_id,
    array(select distinct v.method from verifications v
      where v.account_id = a.account_id and v.state = 'requested' order by v.method) as pending,
    coalesce((select jsonb_object_agg(e.key, e.value order by v.finished_at, v.id)
      from verifications v cross join lateral jsonb_each(v.evidence) e
      where v.account_id = a.account_id and ${isProof('v')}), '{}'::jsonb) as evidence
  from accounts a where a.account_id = $1`;

const eventsSql = `select d.event_id, d.type, d.occurred_at, d.sealed, s.salt
  from decisions d join envelope_salts s on s.event_id = d.event_id
  where d.account_id = $1 order by d.occurred_at, d.id`;

const storedOf = (row: StoredRow): StoredDecision => ({
  decision: row.answer,
  bodyHash: row.body_hash,
  inputs: row.inputs,
});

const statusOf = (accountId: string, row: StatusRow): AccountStatus => ({
  access: {
    accountId,
    state: row.state,
    version: row.version,
    requestsPerDay: row.requests_per_day ?? undefined,
  },
  verified: row.verified,
  clearedRules: row.cleared_rules,
  evidence: row.evidence,
  openCaseId: row.case_id,
  pendingVerifications: row.pending,
  firstSeenAt: row.first_seen_at.getTime(),
});

/** One record's fault (bad data, a deadlock, an account that vanished), not the database's. */
const concernsOneRecord = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(22|23|40)/.test(String(error.code));

interface CommitsHeard {
  /** Told why a batch could not be committed. */
  readonly onFailed?: (error: unknown) => void;
}

/** The truth in SQL, on PostgreSQL and PGlite alike. */
export class SqlDecisionLog implements DecisionLog {
  private readonly queue: CommitQueue;
  private readonly onFailed: (error: unknown) => void;
  private readonly storedByEvent: SharedReads<StoredDecision>;

  constructor(
    private readonly database: Database,
    { onFailed, ...options }: Partial<CommitQueueOptions> & CommitsHeard = {},
  ) {
    this.onFailed = onFailed ?? (() => undefined);
    this.queue = new CommitQueue((records) => this.write(records), { ...defaults, ...options });
    this.storedByEvent = new SharedReads((eventIds) => this.readByEvents(eventIds));
  }

  commit(record: DecisionRecord): Promise<CommitOutcome> {
    return this.queue.commit(record);
  }

  async byId(decisionId: string): Promise<StoredDecision | undefined> {
    const [row] = await this.database.query<StoredRow>(`${storedColumns} where id = $1`, [decisionId]);
    return row && storedOf(row);
  }

  /** Each event is looked up before it is decided: those that come at the same time ask together. */
  byEventId(eventId: string): Promise<StoredDecision | undefined> {
    return this.storedByEvent.get(eventId);
  }

  async byAccount(
    accountId: string,
    page: { limit: number; before?: string | undefined },
  ): Promise<readonly StoredDecision[]> {
    const sql = `${storedColumns} where account_id = $1 and ($2::text is null or id < $2) order by id desc limit $3`;
    const rows = await this.database.query<StoredRow>(sql, [accountId, page.before ?? null, page.limit]);
    return rows.map(storedOf);
  }

  async eventsOf(accountId: string): Promise<readonly SealedEvent[]> {
    const rows = await this.database.query<SealedRow>(eventsSql, [accountId]);
    return rows.map(({ event_id, occurred_at, ...row }) => ({
      ...row,
      eventId: event_id,
      occurredAt: occurred_at.getTime(),
    }));
  }

  async status(accountId: string): Promise<AccountStatus | undefined> {
    const [row] = await this.database.query<StatusRow>(statusSql, [accountId]);
    return row && statusOf(accountId, row);
  }

  private async readByEvents(eventIds: readonly string[]): Promise<ReadonlyMap<string, StoredDecision>> {
    const rows = await this.database.query<StoredRow>(`${storedColumns} where event_id = any($1::text[])`, [eventIds]);
    return new Map(rows.map((row) => [row.event_id, storedOf(row)]));
  }

  /** A record that cannot be written must not take the others of its batch with it: they are written one by one then. */
  private async write(records: readonly DecisionRecord[]): Promise<readonly CommitOutcome[]> {
    try {
      return await this.writeTogether(records);
    } catch (error) {
      this.onFailed(error);
      if (!concernsOneRecord(error) || records.length === 1) throw error;
      return Promise.all(records.map((record) => this.writeAlone(record)));
    }
  }

  private async writeTogether(records: readonly DecisionRecord[]): Promise<readonly CommitOutcome[]> {
    const uncounted = records.filter((record) => record.uncounted === true);
    const rows = await (uncounted.length === 0
      ? this.database.query<CommitRow>(commitSql, [batchParameter(records)])
      : this.database.query<CommitRow>(commitAndNoteSql, [batchParameter(records), noteParameter(uncounted)]));
    const rowOf = new Map(rows.map((row) => [row.event_id, row]));
    return records.map((record) => outcomeOf(record, rowOf.get(record.draft.event_id)));
  }

  private async writeAlone(record: DecisionRecord): Promise<CommitOutcome> {
    try {
      const [outcome] = await this.writeTogether([record]);
      return outcome ?? { kind: 'unavailable', reason: 'the database gave no answer for this decision' };
    } catch (error) {
      return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
    }
  }
}
