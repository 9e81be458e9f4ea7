import type { SealedEvent } from '../decisions/decision-log.js';
import type { FoundAgain, Rescored } from '../decisions/judged-again.js';
import { type AccessState, accessRank, stateOfOutcome } from '../model/access.js';
import type { Event } from '../model/event.js';
import type { Policy } from '../model/policy.js';
import type { Instant } from '../model/time.js';
import { assessKnown } from './assess-known.js';
import type { Assessment } from './assessment.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import { openEvent } from './open-event.js';
import { Patience } from './patience.js';
import { planCost } from './plan-cost.js';
import { knownAccount } from './remembered-account.js';
import type { ProvisionalAccess, RescoreQueue } from './rescore-queue.js';

export type RescoreResult = 'changed' | 'unchanged' | 'still_blind' | 'unreadable';

/**
 * Decides again what an account sent while an input was missing, each event at the time it happened; the strictest counts.
 * Counting is by event id, so an event that could not be counted then is counted now, and one that was is not counted twice.
 * Links whose conditions could not be read then reach the rings now.
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
  const judge = async (sealed: SealedEvent, opened: Event, count: boolean): Promise<JudgedEvent> => {
    const how = { ports, count, patience: new Patience(ports), at: sealed.occurredAt };
    return { eventId: sealed.eventId, assessment: await assessKnown(opened, { recall, remembered }, how) };
  };
  const others = pending.others.flatMap((sealed) => {
    const opened = openEvent(sealed, ports.sealer);
    // They have been counted by now.
    return opened === undefined ? [] : [judge(sealed, opened, false)];
  });
  const judged = await Promise.all([judge(pending, event, true), ...others]);
  if (judged.some(({ assessment }) => assessment.provisional)) return 'still_blind';
  return settle(pending, judged, { ports, queue });
}

interface JudgedEvent {
  readonly eventId: string;
  readonly assessment: Assessment;
}

interface Settling {
  readonly ports: EvaluatorPorts;
  readonly queue: RescoreQueue;
}

async function settle(
  pending: ProvisionalAccess,
  judged: readonly JudgedEvent[],
  { ports, queue }: Settling,
): Promise<RescoreResult> {
  const at = await ports.eventNow();
  await Promise.all(
    judged.map(async ({ eventId, assessment: { trace } }) => {
      if (trace !== undefined) await queue.share({ eventId }, trace, at);
    }),
  );
  const rescored = rescoredOf(pending, judged, { at, now: ports.clock.now() });
  const isNoReason =
    pending.tightensFrom !== undefined && accessRank[rescored.state] <= accessRank[pending.tightensFrom];
  if (isNoReason) await queue.giveUp(pending.accountId, pending.eventId);
  const changed = !isNoReason && (await queue.settle(pending, rescored));
  for (const { assessment } of judged) assessment.countActivity();
  return changed ? 'changed' : 'unchanged';
}

function rescoredOf(
  pending: ProvisionalAccess,
  judged: readonly JudgedEvent[],
  { at, now }: { readonly at: Instant; readonly now: Instant },
): Rescored {
  const found = judged.map(foundOf);
  const { eventId, assessment } = judged.reduce(strictest);
  const { decided, reasons, ruleSet, accountPlan } = assessment;
  const state = stricter(stateOfOutcome[decided.outcome], pending.floor);
  return {
    accountId: pending.accountId,
    eventId,
    version: pending.version,
    ...accessFor(state, pending, { policy: ruleSet.policy, at }),
    score: decided.score,
    reason: reasons[0]?.code ?? '',
    rules: rulesOf(assessment),
    found,
    verify: decided.verify,
    cost: planCost(ruleSet.policy, accountPlan),
    sla: ruleSet.policy.sla,
    now,
  };
}

/** The first of those that come to the same. */
function strictest(one: JudgedEvent, other: JudgedEvent): JudgedEvent {
  const [a, b] = [one.assessment.decided, other.assessment.decided];
  const difference = accessRank[stateOfOutcome[b.outcome]] - accessRank[stateOfOutcome[a.outcome]] || b.score - a.score;
  return difference > 0 ? other : one;
}

const foundOf = ({ eventId, assessment }: JudgedEvent): FoundAgain => ({
  eventId,
  outcome: assessment.decided.outcome,
  score: assessment.decided.score,
  reasons: assessment.reasons.map(({ code }) => code),
  rules: rulesOf(assessment),
});

const rulesOf = ({ decided }: Assessment): string[] =>
  decided.hits.filter((hit) => hit.points > 0 || hit.rule.atLeast !== undefined).map((hit) => hit.rule.id);

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
