import { isLate } from '../../cases/case-priority.js';
import type {
  CaseChanges,
  CaseRecord,
  CaseRecords,
  Loaded,
  LoadedCase,
  LoadedMany,
  LoadedOne,
  ManySubject,
  MembersLeft,
  Subject,
} from '../../cases/case-records.js';
import { caseOf } from '../../cases/shown-case.js';
import { listCases } from './case-list.js';
import { detectionMessage } from './decision-effects.js';
import type { MemoryTruth } from './memory-truth.js';
import { pickCase } from './pick-case.js';

/** Over the same tables as the decision log in memory. Nothing awaits between loading and writing: each change is a transaction. */
export function memoryCaseRecords(truth: MemoryTruth): CaseRecords {
  return {
    list: async (filter) => listCases(truth, filter),
    async get(caseId) {
      const found = truth.cases.get(caseId);
      if (found === undefined) return undefined;
      const timeline = (truth.entries.get(caseId) ?? []).map(({ caseId: _caseId, ...entry }) => entry);
      return { case: caseOf(found), timeline };
    },
    async change(subject, plan) {
      const { answer, changes } = plan(load(truth, subject));
      if (changes !== undefined) write(truth, changes);
      return answer;
    },
    async changeMany(subject, plan) {
      const { answer, changes } = plan(loadMany(truth, subject));
      if (changes !== undefined) write(truth, changes);
      return answer;
    },
    async changeCases(caseIds, plan) {
      const { answer, changes } = plan(loadCases(truth, caseIds));
      if (changes !== undefined) write(truth, changes);
      return answer;
    },
    membersLeft: async (caseId, which, page) => membersLeft(truth, { caseId, which, ...page }),
    async changeNext(pick, plan) {
      const found = pickCase(truth, pick);
      if (found === undefined) return undefined;
      const { answer, changes } = plan(found);
      if (changes !== undefined) write(truth, changes);
      return answer;
    },
    async unbreached(now, limit) {
      const late = [...truth.cases.values()].filter((one) => one.breachedAt === null && isLate(one, now));
      return late
        .sort((a, b) => a.dueAt - b.dueAt)
        .slice(0, limit)
        .map(({ id }) => id);
    },
    async dueApprovals(now, limit) {
      const due = [...truth.cases.values()].filter(
        ({ state, appliedAt, effectiveAt, settling }) =>
          (state === 'decided' && appliedAt === null && effectiveAt !== null && effectiveAt <= now) ||
          (settling && (effectiveAt ?? 0) <= now),
      );
      return due
        .sort((a, b) => (a.effectiveAt ?? 0) - (b.effectiveAt ?? 0))
        .slice(0, limit)
        .map(({ id }) => id);
    },
  };
}

const loadCases = (truth: MemoryTruth, caseIds: readonly string[]): ReadonlyMap<string, LoadedCase> =>
  new Map(
    caseIds.flatMap((caseId) => {
      const { case: found, ...loaded } = load(truth, { caseId });
      return found === undefined ? [] : [[caseId, { ...loaded, case: found }]];
    }),
  );

function load(truth: MemoryTruth, subject: Subject): Loaded {
  const byId = 'caseId' in subject ? truth.cases.get(subject.caseId) : undefined;
  const accountId = 'caseId' in subject ? (byId?.accountId ?? '') : subject.accountId;
  const cases = truth.casesOf(accountId);
  const undecided = cases.find(({ state }) => state !== 'decided');
  const pending = cases.findLast(({ state, appliedAt }) => state === 'decided' && appliedAt === null);
  const found = 'caseId' in subject ? byId : (undecided ?? pending);
  const current = found === undefined ? undefined : currentMember(truth, found.id, accountId);
  return {
    member: current,
    isLastMember: current !== undefined && !hasOthers(truth, current.caseId, new Set([accountId])),
    account: truth.accounts.get(accountId),
    case: found,
    hasOtherUndecided: byId !== undefined && hasOther(truth, byId, undecided),
    verifications: truth.verifications.get(accountId) ?? [],
    isIdOfAnother:
      'accountId' in subject &&
      subject.verificationId !== undefined &&
      truth.isVerificationOfAnother(subject.verificationId, accountId),
    labels: truth.labels.get(accountId) ?? [],
    hitRules: hitRules(truth, accountId, found),
    lastDecision: 'accountId' in subject ? lastDecisionOf(truth, accountId) : undefined,
    limits: limitsOf(truth, accountId),
  };
}

/** Undefined where the truth keeps no decisions. */
function lastDecisionOf(truth: MemoryTruth, accountId: string): Loaded['lastDecision'] {
  const ids = truth.histories.get(accountId)?.decisionIds ?? [];
  const newest = ids.reduce<string | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);
  const stored = truth.decisions.get(newest ?? '');
  return stored && { id: stored.decision.id, ringId: stored.decision.ring?.id ?? null };
}

/** None where the account is limited for another reason, or an input is waited for. */
function limitsOf(truth: MemoryTruth, accountId: string): Loaded['limits'] {
  const account = truth.accounts.get(accountId);
  const history = truth.histories.get(accountId);
  if (account?.state !== 'limited' || account.cause !== 'decision' || account.probation) return [];
  if (history === undefined || history.rescoreEventId !== undefined) return [];
  return history.limits.filter(({ at }) => at >= account.changedAt);
}

function hasOther(truth: MemoryTruth, found: CaseRecord, undecided: CaseRecord | undefined): boolean {
  if (!found.wholeRing) return undecided !== undefined && undecided.id !== found.id;
  const ofRing = found.ringId === null ? undefined : truth.undecidedCaseOfRing(found.ringId);
  return ofRing !== undefined && ofRing.id !== found.id;
}

function currentMember(truth: MemoryTruth, caseId: string, accountId: string): LoadedOne['member'] {
  const member = truth.rings.member(caseId, accountId);
  return member?.leftAt === null ? member : undefined;
}

function hasOthers(truth: MemoryTruth, caseId: string, accountIds: ReadonlySet<string>): boolean {
  for (const { leftAt, accountId } of truth.rings.membersOf(caseId)) {
    if (leftAt === null && !accountIds.has(accountId)) return true;
  }
  return false;
}

function loadMany(truth: MemoryTruth, subject: ManySubject): LoadedMany {
  const { accountIds, ringCase: asked, batch: askedBatch, heldSince } = subject;
  const ringCase =
    asked === undefined
      ? undefined
      : 'caseId' in asked
        ? truth.cases.get(asked.caseId)
        : truth.undecidedCaseOfRing(asked.ringId);
  const batch = batchOf(truth, askedBatch);
  const planned = batch && truth.rings.plannedOf(batch.id);
  const accounts = [...accountIds].sort().flatMap((accountId) => {
    const account = truth.accounts.get(accountId);
    if (account === undefined) return [];
    return {
      account,
      case: truth.undecidedCaseOf(accountId) ?? ownPending(truth, accountId),
      closed: truth.cases.get(planned?.get(accountId)?.row?.caseId ?? ''),
      member: ringCase && currentMember(truth, ringCase.id, accountId),
      labels: truth.labels.get(accountId) ?? [],
      hitRules: hitRules(truth, accountId, undefined),
    };
  });
  const hasOtherMembers =
    ringCase !== undefined && accountIds.length > 0 && hasOthers(truth, ringCase.id, new Set(accountIds));
  const results = new Map(
    accountIds.flatMap((id) => {
      const found = planned?.get(id);
      return found === undefined ? [] : [[id, found.row?.result ?? null]];
    }),
  );
  const held = heldSince === undefined ? undefined : truth.rings.heldSince(heldSince);
  return { ringCase, hasOtherMembers, results, accounts, batch, heldSince: held };
}

/** Its approval has not been applied yet. */
const ownPending = (truth: MemoryTruth, accountId: string): CaseRecord | undefined =>
  truth
    .casesOf(accountId)
    .findLast(({ state, appliedAt, wholeRing }) => state === 'decided' && appliedAt === null && !wholeRing);

function batchOf(truth: MemoryTruth, asked: ManySubject['batch']): LoadedMany['batch'] {
  if (asked === undefined) return undefined;
  return 'batchId' in asked ? truth.rings.batches.get(asked.batchId) : truth.rings.batchOfRing(asked.ringId);
}

const isLeft: Readonly<Record<MembersLeft, (deniedVersion: number | null) => boolean>> = {
  current: () => true,
  not_denied: (deniedVersion) => deniedVersion === null,
  denied: (deniedVersion) => deniedVersion !== null,
};

function membersLeft(
  truth: MemoryTruth,
  {
    caseId,
    which,
    limit,
    after = '',
  }: { caseId: string; which: MembersLeft; limit: number; after?: string | undefined },
): string[] {
  return [...truth.rings.membersOf(caseId)]
    .filter(({ leftAt, deniedVersion }) => leftAt === null && isLeft[which](deniedVersion))
    .map(({ accountId }) => accountId)
    .filter((accountId) => accountId > after)
    .sort()
    .slice(0, limit);
}

function hitRules(truth: MemoryTruth, accountId: string, found: CaseRecord | undefined): string[] {
  const from = found?.openedAt ?? 0;
  const until = found?.decidedAt ?? Number.POSITIVE_INFINITY;
  const decisions = (truth.histories.get(accountId)?.decisionIds ?? []).flatMap((id) => truth.decisions.get(id) ?? []);
  const seen = decisions.filter(({ decision }) => {
    const at = Date.parse(decision.decided_at);
    return from <= at && at <= until;
  });
  return [...new Set(seen.flatMap(({ decision }) => decision.reasons.map(({ rule }) => rule)))];
}

function write(truth: MemoryTruth, changes: CaseChanges): void {
  for (const account of changes.accounts) truth.accounts.set(account.accountId, account);
  for (const one of changes.cases) truth.putCase(one);
  for (const member of changes.members) truth.rings.put(member);
  for (const row of changes.batchAccounts) {
    truth.rings.putBatchAccount(row);
    // Free again, it is judged again as before, from its first event on.
    const { accountId, result } = row;
    const account = truth.accounts.get(accountId);
    if (result === 'restored' && account !== undefined && truth.rescores.get(accountId) === undefined)
      truth.rescores.set(accountId, account.firstSeenAt);
  }
  for (const entry of changes.entries) truth.addEntry(entry);
  for (const row of changes.verifications) truth.putVerification(row);
  for (const { accountId, source } of changes.withdrawnLabels) withdraw(truth, accountId, source);
  for (const label of changes.labels) truth.addLabel(label);
  for (const message of changes.outbox) truth.addMessage(message);
  for (const detection of changes.batches) {
    if (truth.rings.addBatch(detection)) truth.addMessage(detectionMessage(detection));
  }
  truth.audit.push(...changes.audit);
}

function withdraw(truth: MemoryTruth, accountId: string, source: string): void {
  const rows = truth.labels.get(accountId) ?? [];
  truth.labels.set(
    accountId,
    rows.filter((row) => row.source !== source),
  );
  truth.outbox = truth.outbox.filter(
    ({ kind, subject, payload }) => kind !== 'label_recorded' || subject !== accountId || payload.source !== source,
  );
}
