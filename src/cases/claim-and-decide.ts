import { problem } from '../model/problem.js';
import { err, ok } from '../model/result.js';
import type { CaseDraft } from './case-draft.js';
import type { CaseChanges, LoadedCase } from './case-records.js';
import { decideCase } from './decide-case.js';
import type { DecideMany, Ended } from './review-queue.js';
import { transitionCase } from './transition-case.js';

interface Decided {
  readonly ended: Ended;
  readonly changes?: CaseChanges | undefined;
}

/** Claims one of several cases and decides it, both or neither. */
export function claimAndDecide(
  caseId: string,
  loaded: LoadedCase | undefined,
  { draftOf, ...command }: DecideMany & { readonly draftOf: (loaded: LoadedCase) => CaseDraft },
): Decided {
  if (loaded === undefined) return { ended: { caseId, result: err(problem('not_found')) } };
  const draft = draftOf(loaded);
  const { actor, isSenior } = command;
  const claimed = transitionCase(loaded.case, { kind: 'claim', actor, isSenior }, draft.now);
  if (!claimed.ok) return { ended: { caseId, result: claimed } };
  draft.saveCase(claimed.value, 'claimed');
  const { claimNumber } = claimed.value;
  const decided = decideCase(draft, { ...loaded, case: claimed.value }, { ...command, claimNumber, now: draft.now });
  if (!decided.ok) return { ended: { caseId, result: decided } };
  return { ended: { caseId, result: ok(draft.answer()) }, changes: draft.changes() };
}
