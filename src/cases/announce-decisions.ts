import type { Access } from '../model/access.js';
import type { Problem } from '../model/problem.js';
import type { Result } from '../model/result.js';
import { forwardCases } from './forward-cases.js';
import type { CaseChange, ReviewQueue } from './review-queue.js';

type Changing = Promise<Result<CaseChange, Problem>>;

/** Hands a change on once its access has been told. */
type Announcing = (changing: Changing) => Changing;

/**
 * Tells of the access that a person or a verification has changed before the caller is answered: whoever rejects an account
 * finds it rejected at the gate. Best effort; the outbox carries the same a moment later.
 */
export const announcing =
  (announce: (access: Access) => Promise<void>): Announcing =>
  async (changing) => {
    const result = await changing;
    if (result.ok && result.value.access !== null) await announce(result.value.access);
    return result;
  };

/** The same queue, whose decisions are told so. */
export const announceDecisions = (queue: ReviewQueue, told: Announcing): ReviewQueue => ({
  ...forwardCases(queue),
  decide: (decision) => told(queue.decide(decision)),
  async decideMany(decision) {
    const ended = await queue.decideMany(decision);
    await Promise.all(ended.map(({ result }) => told(Promise.resolve(result))));
    return ended;
  },
  undo: (caseId, actor, now, as) => told(queue.undo(caseId, actor, now, as)),
});
