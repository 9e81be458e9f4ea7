import type { CaseDraft } from './case-draft.js';
import type { CaseRecord } from './case-records.js';

/** The case was due and is not decided: told once, in its timeline and outside. */
export function breach(draft: CaseDraft, found: CaseRecord): void {
  const { id, accountId, reason, dueAt } = found;
  const due_at = new Date(dueAt).toISOString();
  draft.saveCase({ ...found, breachedAt: draft.now, version: found.version + 1 }, 'sla_breached', { due_at });
  draft.send({ kind: 'case_breached', subject: id, payload: { case_id: id, account_id: accountId, reason, due_at } });
}
