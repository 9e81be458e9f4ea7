import type { AccessBatch } from '../cases/access-batch.js';
import type { CaseDraft } from '../cases/case-draft.js';
import type { CaseRecord } from '../cases/case-records.js';
import { transitionCase } from '../cases/transition-case.js';

/** Its own case is closed without a decision: the ring's takes its place. */
export function joinWithCase(draft: CaseDraft, own: CaseRecord, { id, ringId }: AccessBatch): void {
  const closed = transitionCase(own, { kind: 'close', decision: 'reject', actor: draft.actor }, draft.now);
  if (!closed.ok) return;
  draft.saveCase({ ...closed.value, decision: null }, 'merged', { ring_id: ringId, batch_id: id });
}
