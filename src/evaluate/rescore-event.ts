import type { Rescored } from '../decisions/judged-again.js';
import { type AccessState, accessRank, stateOfOutcome } from '../model/access.js';
import type { Policy } from '../model/policy.js';
import type { Instant } from '../model/time.js';
import { assessKnown } from './assess-known.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import { openEvent } from './open-event.js';
import { Patience } from './patience.js';
import { planCost } from './plan-cost.js';
import { knownAccount } from './remembered-account.js';
import type { ProvisionalAccess, RescoreQueue } from './rescore-queue.js';

export type RescoreResult = 'changed' | 'unchanged' | 'still_blind' | 'unreadable';

/**
 * Decides a provisional event again, at the time it happened. Counting is by event id, so an event that could not be
 * counted then is counted now, and one that was is not counted twice. Links whose conditions could not be read then reach
 * the rings now.
 */
export async function rescoreEvent(
  pending: ProvisionalAccess,
  ports: EvaluatorPorts,
  queue: RescoreQueue,
): Promise<RescoreResult> {
  const event = openEvent(pending, ports.sealer);
  if (event === undefined) {
    await queue.giveUp(pending.accountId, pending.eventId);
    return 'unreadable';
  }
  const recall = await ports.memory.recall(pending.accountId);
  if (recall.kind === 'unavailable') return 'still_blind';
  const remembered = await knownAccount(pending.accountId, recall, ports);
  const assessment = await assessKnown(
    event,
    { recall, remembered },
    {
      ports,
      count: true,
      patience: new Patience(ports),
      at: pending.occurredAt,
    },
  );
  const { decided, provisional, reasons, ruleSet, accountPlan, trace } = assessment;
  if (provisional) return 'still_blind';
  const [now, at] = [ports.clock.now(), await ports.eventNow()];
  if (trace !== undefined) await queue.share(pending, trace, at);
  const state = stricter(stateOfOutcome[decided.outcome], pending.floor);
  if (pending.tightensFrom !== undefined && accessRank[state] <= accessRank[pending.tightensFrom]) {
    await queue.giveUp(pending.accountId, pending.eventId);
    assessment.countActivity();
    return 'unchanged';
  }
  const changed = await queue.settle({
    accountId: pending.accountId,
    eventId: pending.eventId,
    version: pending.version,
    ...accessFor(state, pending, { policy: ruleSet.policy, at }),
    score: decided.score,
    outcome: decided.outcome,
    reasons: reasons.map(({ code }) => code),
    reason: reasons[0]?.code ?? '',
    rules: decided.hits.filter((hit) => hit.points > 0 || hit.rule.atLeast !== undefined).map((hit) => hit.rule.id),
    verify: decided.verify,
    cost: planCost(ruleSet.policy, accountPlan),
    sla: ruleSet.policy.sla,
    now,
  });
  assessment.countActivity();
  return changed ? 'changed' : 'unchanged';
}

interface Terms {
  readonly policy: Policy;
  /** Its age ends here. */
  readonly at: Instant;
}

/** An account that turns out to have nothing against it is still new, where policy lets new ones in on probation. */
function accessFor(
  state: AccessState,
  { occurredAt }: ProvisionalAccess,
  { policy, at }: Terms,
): Pick<Rescored, 'state' | 'requestsPerDay' | 'probation'> {
  const { probation, limit } = policy;
  if (state === 'admitted' && probation !== 'off' && at < occurredAt + probation.forMs)
    return { state: 'limited', requestsPerDay: probation.requestsPerDay, probation: true };
  return { state, requestsPerDay: state === 'limited' ? limit.requestsPerDay : null, probation: false };
}

const stricter = (a: AccessState, b: AccessState): AccessState => (accessRank[b] > accessRank[a] ? b : a);
