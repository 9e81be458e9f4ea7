import { type AccessState, accessOf, accessRank } from '../model/access.js';
import type { Event } from '../model/event.js';
import { assess } from './assess.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import { rememberedAccount } from './remembered-account.js';
import type { ProvisionalAccess, RescoreQueue } from './rescore-queue.js';

export type RescoreResult = 'changed' | 'unchanged' | 'still_blind' | 'unreadable';

/**
 * Decides a provisional event again, at the time it happened. Counting is by event id, so an event that could not be
 * counted then is counted now, and one that was is not counted twice.
 */
export async function rescoreEvent(
  pending: ProvisionalAccess,
  ports: EvaluatorPorts,
  queue: RescoreQueue,
): Promise<RescoreResult> {
  const json = ports.sealer.open(pending.salt, pending.sealed);
  if (json === undefined) {
    await queue.giveUp(pending.accountId, pending.eventId);
    return 'unreadable';
  }
  const event: Event = JSON.parse(json);
  const recall = await ports.memory.recall(pending.accountId);
  if (recall.kind === 'unavailable') return 'still_blind';
  const remembered = await rememberedAccount(event, recall, ports);
  const { decided, provisional, reasons } = await assess(event, remembered, {
    ports,
    count: true,
    reachable: true,
    at: pending.occurredAt,
  });
  if (provisional) return 'still_blind';
  const changed = await queue.settle({
    accountId: pending.accountId,
    eventId: pending.eventId,
    version: pending.version,
    state: stricter(accessOf[decided.outcome], pending.floor),
    outcome: decided.outcome,
    score: decided.score,
    reason: reasons[0]?.code ?? '',
    rules: decided.hits.filter((hit) => hit.points > 0 || hit.rule.atLeast !== undefined).map((hit) => hit.rule.id),
    verify: decided.verify,
    now: ports.clock.now(),
  });
  return changed ? 'changed' : 'unchanged';
}

const stricter = (a: AccessState, b: AccessState): AccessState => (accessRank[b] > accessRank[a] ? b : a);
