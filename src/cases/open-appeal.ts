import type { IdPrefix } from '../model/ids.js';
import type { Policy } from '../model/policy.js';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import { CaseDraft } from './case-draft.js';
import { casePriority } from './case-priority.js';
import type { CaseRecord, CaseRecords, Loaded } from './case-records.js';
import { appealReason } from './queue-views.js';

/** As urgent as what a rule just holds. */
const appealScore = 60;
/** For a case that waits already: somebody asks for it. */
const appealStep = 10;

interface OpenAppeal {
  readonly appealId: string;
  readonly accountId: string;
  /** Who held or denied it; another person is to look. */
  readonly decidedBy: string | undefined;
  readonly actor: string;
  readonly now: Instant;
  readonly newId: (prefix: IdPrefix, now: Instant) => string;
  readonly sla?: Policy['sla'] | undefined;
}

/** Marks the case of a held account; a denied one is held again, with a case that whoever denied it cannot decide. */
export function openAppeal(records: CaseRecords, appeal: OpenAppeal): Promise<Result<string, Problem>> {
  const { accountId, actor, now, sla } = appeal;
  return records.change<Result<string, Problem>>({ accountId }, (loaded) => {
    const refused = whyRefused(loaded);
    if (refused !== undefined) return { answer: err(refused) };
    const draft = new CaseDraft(loaded, { actor, now, newId: (prefix) => appeal.newId(prefix, now), sla });
    const found = loaded.case ?? openCase(draft, loaded, appeal);
    if (loaded.case !== undefined) markCase(draft, loaded.case, appeal);
    draft.record('account.appealed', accountId, { appeal_id: appeal.appealId, case_id: found.id });
    return { answer: ok(found.id), changes: draft.changes() };
  });
}

function whyRefused({ account, case: found }: Loaded): Problem | undefined {
  if (account === undefined) return problem('not_found');
  if (account.state !== 'held' && account.state !== 'denied')
    return problem('conflict', { detail: `the account is ${account.state}` });
  return found?.state === 'decided'
    ? problem('conflict', { detail: 'the account was decided a moment ago' })
    : undefined;
}

function openCase(
  draft: CaseDraft,
  { hitRules }: Loaded,
  { accountId, decidedBy, now, appealId }: OpenAppeal,
): CaseRecord {
  const priority = casePriority({ score: appealScore });
  const prepared = {
    ...draft.newCaseOf(accountId),
    reason: appealReason,
    score: appealScore,
    priority,
    // What fired for the account is what an approval has to clear, or its next event would be denied again.
    rules: hitRules,
    barredActor: decidedBy ?? null,
    appealedAt: now,
  };
  const opened = draft.openPrepared(prepared, { appeal_id: appealId });
  draft.changeAccess('held', 'case', { appeal_id: appealId });
  return opened;
}

function markCase(draft: CaseDraft, found: CaseRecord, { accountId, appealId, decidedBy, now }: OpenAppeal): void {
  const detail = { appeal_id: appealId, account_id: accountId };
  const marked = { ...found, appealedAt: now, version: found.version + 1 };
  // One member of a ring makes the others no more urgent, and bars nobody from them.
  if (found.wholeRing) draft.saveCase(marked, 'appealed', detail);
  else {
    const barredActor = decidedBy ?? found.barredActor;
    // Whoever may not decide it keeps it from nobody.
    const assignedTo = found.assignedTo === barredActor ? null : found.assignedTo;
    draft.saveCase({ ...marked, barredActor, assignedTo, priority: found.priority + appealStep }, 'appealed', detail);
  }
}
