import type { IdPrefix } from '../model/ids.js';
import type { Instant } from '../model/time.js';
import { CaseDraft } from './case-draft.js';
import type { CaseMember, CaseRecord, CaseRecords, LoadedOne, MembersLeft } from './case-records.js';
import { labelSourceOf } from './decide-case.js';
import { observedNow, takeFraudLabelBack } from './label-decided.js';
import { mergeChanges } from './merge-changes.js';
import { transitionCase, undoWindowMs } from './transition-case.js';

interface SettlePorts {
  readonly records: CaseRecords;
  readonly newId: (prefix: IdPrefix) => string;
}

/** Accounts of one transaction: their locks are held for some ten milliseconds. */
const pageSize = 200;

/**
 * Brings what was decided about a ring, or undone, to its members, page by page; whoever dies on the way is followed by
 * another, who finds the members that are left. True when all have been told; at most `pages` pages.
 */
export async function settleRing(
  caseId: string,
  { records, newId }: SettlePorts,
  { now, pages }: { readonly now: Instant; readonly pages: number },
): Promise<boolean> {
  let which: MembersLeft | undefined = await membersLeftOf(caseId, records, now);
  for (let page = 0; page < pages && which !== undefined; page++) {
    const accountIds: readonly string[] = await records.membersLeft(caseId, which, { limit: pageSize });
    which = await records.changeMany({ accountIds, ringCase: { caseId } }, ({ ringCase, accounts }) => {
      const left = ringCase === undefined ? undefined : whichLeft(ringCase, now);
      if (ringCase === undefined || left === undefined) return { answer: undefined };
      const context = { actor: ringCase.decidedBy ?? 'system', now, newId };
      if (accountIds.length === 0) {
        const draft = new CaseDraft({ account: undefined, case: ringCase }, context);
        finish(draft, ringCase, now);
        return { answer: undefined, changes: draft.changes() };
      }
      const drafts = accounts.flatMap((one) => {
        if (one.member === undefined) return [];
        const draft = new CaseDraft({ account: one.account, case: ringCase }, context);
        tell[left](draft, { ...one, member: one.member, ringCase, now });
        return [draft.changes()];
      });
      return { answer: left, changes: mergeChanges(drafts) };
    });
  }
  return which === undefined;
}

interface Told extends LoadedOne {
  readonly member: CaseMember;
  readonly ringCase: CaseRecord;
  readonly now: Instant;
}

/** Undefined: nothing is to be told, or not yet. */
function whichLeft(found: CaseRecord, now: Instant): MembersLeft | undefined {
  if (!found.settling) return undefined;
  if (found.state !== 'decided') return 'denied';
  if ((found.effectiveAt ?? 0) > now) return undefined;
  return found.decision === 'reject' ? 'not_denied' : 'current';
}

async function membersLeftOf(caseId: string, records: CaseRecords, now: Instant): Promise<MembersLeft | undefined> {
  return records.changeMany({ accountIds: [], ringCase: { caseId } }, ({ ringCase }) => ({
    answer: ringCase && whichLeft(ringCase, now),
  }));
}

const isDeniedBy = ({ account, member }: Told): boolean =>
  account.state === 'denied' && member.deniedVersion === account.version;

const tell: Readonly<Record<MembersLeft, (draft: CaseDraft, told: Told) => void>> = {
  current(draft, told) {
    const { ringCase, hitRules, account, member } = told;
    draft.leaveRing(member);
    if (account.state !== 'held' && !isDeniedBy(told)) return;
    addLabel(draft, told);
    if (ringCase.memberLabel === null) takeFraudLabelBack(draft, told.labels, labelSourceOf(ringCase.id));
    draft.changeAccess('admitted', 'case', { case_id: ringCase.id });
    draft.clear([...ringCase.rules, ...hitRules], false);
  },
  not_denied(draft, told) {
    const { ringCase, account, member } = told;
    if (account.state !== 'held') {
      draft.leaveRing(member);
      return;
    }
    draft.changeAccess('denied', 'case', { case_id: ringCase.id });
    draft.saveMember({ ...member, deniedVersion: account.version + 1 });
    addLabel(draft, told);
  },
  denied(draft, told) {
    const { ringCase, member, labels } = told;
    draft.withdrawLabels(labelSourceOf(ringCase.id), labels);
    if (!isDeniedBy(told) || (told.case !== undefined && told.case.id !== ringCase.id)) {
      draft.leaveRing({ ...member, deniedVersion: null });
      return;
    }
    draft.changeAccess('held', 'case', { case_id: ringCase.id, undone: true });
    draft.saveMember({ ...member, deniedVersion: null });
  },
};

/** Counted once the decision cannot be undone any more. */
function addLabel(draft: CaseDraft, { account, ringCase, labels, now }: Told): void {
  const { id, memberLabel: label, decidedAt } = ringCase;
  if (label === null) return;
  const { accountId } = account;
  const given = { accountId, label, source: labelSourceOf(id), observedAt: observedNow(draft, labels) };
  draft.addLabel(given, labels, Math.max(now, (decidedAt ?? now) + undoWindowMs));
}

function finish(draft: CaseDraft, found: CaseRecord, now: Instant): void {
  const applied = transitionCase(found, { kind: 'apply' }, now);
  const kind = found.state === 'decided' ? 'applied' : 'restored';
  draft.saveCase({ ...(applied.ok ? applied.value : found), settling: false }, kind, { decision: found.decision });
}
