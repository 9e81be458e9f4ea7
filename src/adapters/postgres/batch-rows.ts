import type { AccessBatch } from '../../cases/access-batches.js';

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
