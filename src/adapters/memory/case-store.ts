import { caseCursorOf, descends, parseCaseCursor } from '../../cases/case-cursor.js';
import { caseOf } from '../../cases/case-draft.js';
import type { CaseChanges, CaseRecord, CaseRecords, Loaded, Subject } from '../../cases/case-records.js';
import type { CaseFilter, CasePage, CaseStore } from '../../cases/case-store.js';
import type { CaseRepair } from '../../cases/case-upkeep.js';
import { type CaseStoreOptions, createCaseStore } from '../../cases/create-case-store.js';
import { isClaimable } from '../../cases/transition-case.js';
import type { MemoryTruth } from './memory-truth.js';

/** The queue in memory, over the same tables as the decision log in memory. */
export function createMemoryCaseStore(truth: MemoryTruth, options: CaseStoreOptions): CaseStore & CaseRepair {
  return createCaseStore(memoryCaseRecords(truth), options);
}

/** Nothing awaits between loading and writing: each change is a transaction. */
export function memoryCaseRecords(truth: MemoryTruth): CaseRecords {
  return {
    list: async (filter) => pageOf([...truth.cases.values()], filter),
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
    async changeNext(now, plan) {
      const found = mostUrgent([...truth.cases.values()].filter((one) => isClaimable(one, now)));
      if (found === undefined) return undefined;
      const { answer, changes } = plan(found);
      if (changes !== undefined) write(truth, changes);
      return answer;
    },
    async dueApprovals(now, limit) {
      const due = [...truth.cases.values()].filter(
        ({ state, appliedAt, effectiveAt }) =>
          state === 'decided' && appliedAt === null && effectiveAt !== null && effectiveAt <= now,
      );
      return due
        .sort((a, b) => (a.effectiveAt ?? 0) - (b.effectiveAt ?? 0))
        .slice(0, limit)
        .map(({ id }) => id);
    },
  };
}

function load(truth: MemoryTruth, subject: Subject): Loaded {
  const byId = 'caseId' in subject ? truth.cases.get(subject.caseId) : undefined;
  const accountId = 'caseId' in subject ? (byId?.accountId ?? '') : subject.accountId;
  const cases = truth.casesOf(accountId);
  const undecided = cases.find(({ state }) => state !== 'decided');
  const pending = cases.findLast(({ state, appliedAt }) => state === 'decided' && appliedAt === null);
  const found = 'caseId' in subject ? byId : (undecided ?? pending);
  return {
    account: truth.accounts.get(accountId),
    case: found,
    hasOtherUndecided: byId !== undefined && undecided !== undefined && undecided.id !== byId.id,
    verifications: truth.verifications.get(accountId) ?? [],
    labels: truth.labels.get(accountId) ?? [],
    hitRules: hitRules(truth, accountId, found),
  };
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
  if (changes.account !== undefined) truth.accounts.set(changes.account.accountId, changes.account);
  if (changes.case !== undefined) truth.putCase(changes.case);
  for (const entry of changes.entries) truth.addEntry(entry);
  for (const row of changes.verifications) truth.putVerification(row);
  if (changes.withdrawnLabelSource !== undefined) withdraw(truth, changes.withdrawnLabelSource);
  for (const label of changes.labels) truth.addLabel(label);
  for (const message of changes.outbox) truth.addMessage(message);
  truth.audit.push(...changes.audit);
}

function withdraw(truth: MemoryTruth, source: string): void {
  for (const [accountId, rows] of truth.labels) {
    const rest = rows.filter((row) => row.source !== source);
    if (rest.length < rows.length) truth.labels.set(accountId, rest);
  }
  truth.outbox = truth.outbox.filter(({ kind, payload }) => kind !== 'label_recorded' || payload.source !== source);
}

const mostUrgent = (cases: readonly CaseRecord[]): CaseRecord | undefined =>
  cases.reduce<CaseRecord | undefined>(
    (best, one) =>
      best === undefined || one.priority > best.priority || (one.priority === best.priority && one.id < best.id)
        ? one
        : best,
    undefined,
  );

const sortValue = (one: CaseRecord, sort: CaseFilter['sort']): number =>
  sort === 'priority' ? one.priority : sort === 'opened_at' ? one.openedAt : one.dueAt;

function pageOf(all: readonly CaseRecord[], filter: CaseFilter): CasePage {
  const sign = descends(filter.sort) ? -1 : 1;
  const placeOf = (one: CaseRecord): number => sign * sortValue(one, filter.sort);
  const after = parseCaseCursor(filter.cursor);
  const isAfter = (one: CaseRecord): boolean => {
    if (after === undefined) return true;
    const distance = placeOf(one) - sign * after.value;
    return distance > 0 || (distance === 0 && one.id > after.id);
  };
  const sorted = all
    .filter((one) => matches(one, filter) && isAfter(one))
    .sort((a, b) => placeOf(a) - placeOf(b) || (a.id < b.id ? -1 : 1));
  const cases = sorted.slice(0, filter.limit);
  const last = cases.at(-1);
  const more = sorted.length > cases.length && last !== undefined;
  return {
    cases: cases.map(caseOf),
    nextCursor: more ? caseCursorOf({ value: sortValue(last, filter.sort), id: last.id }) : null,
  };
}

const matches = (one: CaseRecord, { state, reason, ring, accountId }: CaseFilter): boolean =>
  (state === undefined || one.state === state) &&
  (reason === undefined || one.reason === reason) &&
  (ring === undefined || one.ringId === ring) &&
  (accountId === undefined || one.accountId === accountId);
