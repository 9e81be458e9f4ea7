import type { CaseDecision } from '../model/case.js';
import type { Label } from '../model/label.js';
import type { Problem } from '../model/problem.js';
import { err, type Result } from '../model/result.js';
import type { Instant } from '../model/time.js';
import type { CaseChange, ReviewQueue } from './review-queue.js';

interface DecideMany {
  readonly caseIds: readonly string[];
  readonly decision: CaseDecision;
  readonly label?: Label | undefined;
  readonly reason: string;
  readonly note?: string | undefined;
  readonly actor: string;
  readonly isSenior: boolean;
  /** One time for all of them: what can be undone can be undone together. */
  readonly now: Instant;
}

interface UndoMany {
  readonly caseIds: readonly string[];
  readonly actor: string;
  readonly isSenior: boolean;
  readonly now: Instant;
}

export interface Ended {
  readonly caseId: string;
  readonly result: Result<CaseChange, Problem>;
}

/** Transactions at once: a page of the queue is done in well under a second and leaves connections to the others. */
const atOnce = 8;
/** Only for the moment between claim and decision: whoever dies there keeps nobody out for long. */
const claimMs = 15_000;

/** Decides several cases with one reason, each for itself: what somebody else works on is left to them, and told. */
export const decideMany = (cases: ReviewQueue, command: DecideMany): Promise<readonly Ended[]> =>
  forEach(command.caseIds, (caseId) => decideOne(cases, caseId, command));

/** Takes them back together, within the undo window; those that somebody opened or decided again meanwhile stay. */
export const undoMany = (cases: ReviewQueue, { caseIds, actor, isSenior, now }: UndoMany): Promise<readonly Ended[]> =>
  forEach(caseIds, (caseId) => cases.undo(caseId, actor, now, { isSenior }));

async function decideOne(cases: ReviewQueue, caseId: string, command: DecideMany): Promise<Ended['result']> {
  const { decision, label, reason, note, actor, isSenior, now } = command;
  const claim = await cases.claim(caseId, actor, now, { isSenior, leaseMs: claimMs });
  if (!claim.ok) return err(claim.error);
  const { claimToken } = claim.value;
  const decided = await cases.decide({ caseId, claimToken, actor, isSenior, decision, label, reason, note, now });
  // Not kept from the others for the length of a lease.
  if (!decided.ok) await cases.unclaim(caseId, claimToken, actor, now);
  return decided;
}

async function forEach(
  caseIds: readonly string[],
  work: (caseId: string) => Promise<Ended['result']>,
): Promise<readonly Ended[]> {
  const ids = [...new Set(caseIds)];
  const ended: Ended[] = [];
  for (let from = 0; from < ids.length; from += atOnce) {
    const some = ids.slice(from, from + atOnce);
    ended.push(...(await Promise.all(some.map(async (caseId) => ({ caseId, result: await work(caseId) })))));
  }
  return ended;
}
