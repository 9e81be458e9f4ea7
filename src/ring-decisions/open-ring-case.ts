import type { AccessBatch } from '../cases/access-batch.js';
import type { CaseDraft } from '../cases/case-draft.js';
import { casePriority } from '../cases/case-priority.js';
import type { CaseRecord, LoadedOne } from '../cases/case-records.js';
import { newCase } from '../cases/new-case.js';

/** Reason code of a ring's case that no single hold has opened. */
export const ringHoldReason = 'ring.retro_hold';
/** The ring was found out by a hold: at least as many points. */
const ringHoldScore = 60;

interface Opening {
  readonly batch: AccessBatch;
  /** The account that the case is opened with. */
  readonly first: LoadedOne;
  /** Accounts that come into it at once. */
  readonly size: number;
}

/**
 * The account that found the ring out had a case of its own, or was denied, or none has found it out: the ring's case is
 * opened for the others.
 */
export function openRingCase(draft: CaseDraft, { batch, first, size }: Opening): CaseRecord {
  const own = first.case;
  const score = own?.score ?? ringHoldScore;
  const priority = casePriority({ score, ringSize: size });
  const prepared = {
    ...newCase(draft.newCaseId(), first.account.accountId, draft.now),
    ringId: batch.ringId,
    wholeRing: true,
    decisionId: own?.decisionId ?? batch.decisionId,
    score,
    priority,
    reason: own?.reason ?? ringHoldReason,
    rules: own?.rules ?? [],
    verify: own?.verify ?? [],
  };
  return draft.openPrepared(prepared, { batch_id: batch.id });
}
