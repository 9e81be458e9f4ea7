import type { AccessBatch, BatchAccount } from '../../cases/access-batches.js';
import type { AccessState } from '../../model/access.js';

export interface BatchRow {
  id: string;
  kind: AccessBatch['kind'];
  ring_id: string;
  decision_id: string;
  state: AccessBatch['state'];
  created_at: Date;
  not_before: Date;
  looks: number;
  finished_at: Date | null;
  undone_at: Date | null;
  undone_by: string | null;
}

export const batchOf = (row: BatchRow): AccessBatch => ({
  id: row.id,
  kind: row.kind,
  ringId: row.ring_id,
  decisionId: row.decision_id,
  state: row.state,
  createdAt: row.created_at.getTime(),
  notBefore: row.not_before.getTime(),
  looks: row.looks,
  finishedAt: row.finished_at?.getTime() ?? null,
  undoneAt: row.undone_at?.getTime() ?? null,
  undoneBy: row.undone_by,
});

export interface BatchAccountRow {
  batch_id: string;
  account_id: string;
  result: BatchAccount['result'];
  at: Date;
  from_state: AccessState | null;
  from_quota: number | null;
  from_probation: boolean | null;
  version: number | null;
}

export const batchAccountOf = (row: BatchAccountRow): BatchAccount => ({
  batchId: row.batch_id,
  accountId: row.account_id,
  result: row.result,
  at: row.at.getTime(),
  from:
    row.from_state === null
      ? null
      : { state: row.from_state, requestsPerDay: row.from_quota, probation: row.from_probation ?? false },
  version: row.version,
});
