import { forwardCases } from '../cases/forward-cases.js';
import type { DecideCase, ReviewQueue } from '../cases/review-queue.js';
import { someAtOnce } from '../cases/some-at-once.js';
import { type Problem, problem } from '../model/problem.js';
import { err, type Result } from '../model/result.js';
import type { AccessBatches } from './access-batches.js';

interface RingCaseGuard {
  readonly batches: Pick<AccessBatches, 'ofCase'>;
  /** Accounts that a decision about the ring, with this case, can reach. */
  readonly countAccounts: (ringId: string, caseId: string) => Promise<number>;
  /** A release of more accounts than this takes two. */
  readonly releaseAlone: () => number;
}

/** The case of a ring is no way around what holds for decisions about the ring. */
export const guardRingCases = (cases: ReviewQueue, guard: RingCaseGuard): ReviewQueue => ({
  ...forwardCases(cases),
  decide: async (command) => (await refuseRelease(command, cases, guard)) ?? cases.decide(command),
  async decideMany(command) {
    const caseIds = [...new Set(command.caseIds)];
    const refused = new Map(
      await someAtOnce(
        caseIds,
        async (caseId) => [caseId, await refuseRelease({ ...command, caseId }, cases, guard)] as const,
      ),
    );
    const left = caseIds.filter((caseId) => refused.get(caseId) === undefined);
    const ended = new Map(
      (await cases.decideMany({ ...command, caseIds: left })).map((one) => [one.caseId, one.result]),
    );
    return caseIds.flatMap((caseId) => {
      const result = refused.get(caseId) ?? ended.get(caseId);
      return result === undefined ? [] : { caseId, result };
    });
  },
  async undo(caseId, actor, now, as) {
    if ((await guard.batches.ofCase(caseId)) === undefined) return cases.undo(caseId, actor, now, as);
    return refusal('the whole ring was decided: take its batch back instead');
  },
});

async function refuseRelease(
  { caseId, decision, isSenior }: Pick<DecideCase, 'caseId' | 'decision' | 'isSenior'>,
  cases: ReviewQueue,
  { countAccounts, releaseAlone }: RingCaseGuard,
): Promise<Result<never, Problem> | undefined> {
  // Whoever may decide no ring at all is told so by the store.
  if (decision !== 'approve' || isSenior !== true) return undefined;
  const found = (await cases.get(caseId))?.case;
  if (found?.wholeRing !== true || found.ringId === null) return undefined;
  const most = releaseAlone();
  if ((await countAccounts(found.ringId, caseId)) <= most) return undefined;
  return refusal(`the release of a ring of more than ${most} accounts takes two: decide the ring`);
}

const refusal = (detail: string): Result<never, Problem> => err(problem('conflict', { detail }));
