import type { AccessBatch, BatchAccount, RingOrder } from '../../cases/access-batch.js';
import type { AccessState } from '../../model/access.js';
import type { Label } from '../../model/label.js';

export interface BatchRow {
  id: string;
  kind: AccessBatch['kind'];
  ring_id: string;
  decision_id: string | null;
  state: AccessBatch['state'];
  created_at: Date;
  not_before: Date;
  looks: number;
  finished_at: Date | null;
  undone_at: Date | null;
  undone_by: string | null;
  decision: RingOrder['decision'] | null;
  reason: string | null;
  label: Label | null;
  actor: string | null;
  second_actor: string | null;
  exclude: string[];
  case_id: string | null;
}

function orderOf(row: BatchRow): RingOrder | null {
  if (row.decision === null) return null;
  const { decision, reason, label, actor, second_actor: second, exclude, case_id: caseId } = row;
  return { decision, reason: reason ?? '', label, actor: actor ?? '', second, exclude, caseId };
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
  order: orderOf(row),
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
  case_id: string | null;
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
  caseId: row.case_id,
});
