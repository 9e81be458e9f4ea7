import type { Problem } from '../model/problem.js';
import { ok, type Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import { breach } from './breach.js';
import { isLate } from './case-priority.js';
import type { CaseRecords } from './case-records.js';
import { CaseSteps, type StepOptions } from './case-steps.js';
import type { CaseUpkeep } from './case-upkeep.js';
import { applyApproval } from './decide-case.js';
import { openMissingCase } from './missing-case.js';
import { transitionCase } from './transition-case.js';

/** Approvals applied in one call; the rest is due again a second later. */
const approvalsAtOnce = 200;
/** Late cases that are told of in one call. */
const breachesAtOnce = 200;

export function createCaseUpkeep(records: CaseRecords, options: StepOptions): CaseUpkeep {
  const steps = new CaseSteps(records, options);
  return {
    async recordBreaches(now) {
      let told = 0;
      for (const caseId of await records.unbreached(now, breachesAtOnce)) {
        if (await recordBreach(steps, caseId, now)) told += 1;
      }
      return told;
    },
    async applyDueApprovals(now) {
      let applied = 0;
      // One transaction each: a single one would hold the locks of all these accounts.
      for (const caseId of await records.dueApprovals(now, approvalsAtOnce)) {
        if ((await applyDue(steps, caseId, now)).ok) applied += 1;
      }
      return applied;
    },
    openMissingCase: (accountId, now) =>
      records.change({ accountId }, (loaded) => {
        if (loaded.account?.state !== 'held' || loaded.case !== undefined) return { answer: false };
        const draft = steps.draft(loaded, { actor: 'reconciler', now });
        openMissingCase(draft);
        return { answer: true, changes: draft.changes() };
      }),
  };
}

async function recordBreach(steps: CaseSteps, caseId: string, now: Instant): Promise<boolean> {
  const one = await steps.onCase<boolean>(caseId, (loaded) => {
    if (!isLate(loaded.case, now) || loaded.case.breachedAt !== null) return { answer: ok(false) };
    const draft = steps.draft(loaded, { actor: 'system', now });
    breach(draft, loaded.case);
    return { answer: ok(true), changes: draft.changes() };
  });
  return one.ok && one.value;
}

async function applyDue(steps: CaseSteps, caseId: string, now: Instant): Promise<Result<unknown, Problem>> {
  const applied = await steps.onCase<'ring' | 'account'>(caseId, (loaded) => {
    if (loaded.case.wholeRing) return { answer: ok('ring') };
    const next = transitionCase(loaded.case, { kind: 'apply' }, now);
    if (!next.ok) return { answer: next };
    const draft = steps.draft(loaded, { actor: loaded.case.decidedBy ?? 'system', now });
    applyApproval(draft, loaded, next.value);
    return { answer: ok('account'), changes: draft.changes() };
  });
  if (applied.ok && applied.value === 'ring') await steps.settleRing(caseId, now, Number.POSITIVE_INFINITY);
  return applied;
}
