import type { Instant } from '../model/time.js';
import type { Ended, ReviewQueue } from './review-queue.js';
import { someAtOnce } from './some-at-once.js';

interface UndoMany {
  readonly caseIds: readonly string[];
  readonly actor: string;
  readonly isSenior: boolean;
  readonly now: Instant;
}

/** Takes them back together, within the undo window; those that somebody opened or decided again meanwhile stay. */
export const undoMany = (cases: ReviewQueue, { caseIds, actor, isSenior, now }: UndoMany): Promise<readonly Ended[]> =>
  someAtOnce([...new Set(caseIds)], async (caseId) => ({
    caseId,
    result: await cases.undo(caseId, actor, now, { isSenior }),
  }));
