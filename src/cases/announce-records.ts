import type { Access } from '../model/access.js';
import type { AccountRecord, CaseRecords, Planned } from './case-records.js';
import { accessOfAccount } from './shown-case.js';

/** Never rejects: whoever is told has done what could be done. */
export type AnnounceAccess = (changed: readonly Access[]) => Promise<void>;

type Note = <T>(planned: Planned<T>) => Planned<T>;

/**
 * The same records, which tell of the accounts that a step has changed once it is written, before its caller goes on: a hold
 * that a batch or a rescoring brings is at the gate however much waits in the outbox. Best effort: the outbox carries the same.
 */
export function announceRecords(records: CaseRecords, announce: AnnounceAccess): CaseRecords {
  const told = async <T>(work: (note: Note) => Promise<T>): Promise<T> => {
    let changed: readonly AccountRecord[] = [];
    const answer = await work((planned) => {
      // A step that is tried again plans again: the last one is what is written.
      changed = planned.changes?.accounts ?? [];
      return planned;
    });
    if (changed.length > 0) await announce(changed.map(accessOfAccount));
    return answer;
  };
  return {
    list: (filter) => records.list(filter),
    get: (caseId) => records.get(caseId),
    change: (subject, plan) => told((note) => records.change(subject, (loaded) => note(plan(loaded)))),
    changeNext: (pick, plan) => records.changeNext(pick, plan),
    changeMany: (subject, plan) => told((note) => records.changeMany(subject, (loaded) => note(plan(loaded)))),
    changeCases: (caseIds, plan) => told((note) => records.changeCases(caseIds, (loaded) => note(plan(loaded)))),
    unbreached: (now, limit) => records.unbreached(now, limit),
    membersLeft: (caseId, which, page) => records.membersLeft(caseId, which, page),
    dueApprovals: (now, limit) => records.dueApprovals(now, limit),
  };
}
