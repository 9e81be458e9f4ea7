import type { Access } from '../model/access.js';
import type { Problem } from '../model/problem.js';
import type { Result } from '../model/result.js';
import type { CaseChange, CaseStore } from './case-store.js';
import { forwardCases } from './forward-cases.js';

/**
 * The same store, which tells of the access that a person or a verification has changed before the caller is answered:
 * whoever rejects an account finds it rejected at the gate. Best effort; the outbox carries the same a moment later.
 */
export function announceChanges(cases: CaseStore, announce: (access: Access) => Promise<void>): CaseStore {
  const told = async (changing: Promise<Result<CaseChange, Problem>>): Promise<Result<CaseChange, Problem>> => {
    const result = await changing;
    if (result.ok && result.value.access !== null) await announce(result.value.access);
    return result;
  };
  return {
    ...forwardCases(cases),
    decide: (decision) => told(cases.decide(decision)),
    undo: (caseId, actor, now, as) => told(cases.undo(caseId, actor, now, as)),
    recordVerification: (result) => told(cases.recordVerification(result)),
    recordLabel: (label, actor, now) => told(cases.recordLabel(label, actor, now)),
    changeManually: (change) => told(cases.changeManually(change)),
  };
}
