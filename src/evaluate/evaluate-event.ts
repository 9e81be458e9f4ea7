import type { CommitOutcome, DecisionRecord, StoredDecision } from '../decisions/decision-log.js';
import { isSameBody, type SentBody } from '../decisions/same-body.js';
import type { Event } from '../model/event.js';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { Recall } from './account-memory.js';
import { assessKnown } from './assess-known.js';
import { canonicalJson } from './canonical-json.js';
import { decisionRecord } from './decision-record.js';
import type { Evaluation } from './evaluator.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import type { LedgerClaim } from './event-ledger.js';
import { Patience } from './patience.js';
import { rememberedAccount } from './remembered-account.js';

/**
 * The story: one event, one way through. The event is claimed and its account recalled; signals, features, rules and
 * decision follow; one statement commits; the answer goes out.
 */
export async function evaluateEvent(event: Event, ports: EvaluatorPorts): Promise<Result<Evaluation, Problem>> {
  const startedAt = ports.elapsed();
  const patience = new Patience(ports);
  const eventJson = ports.eventsAreUnique === true ? undefined : canonicalJson(event);
  const bodyHash = eventJson === undefined ? '' : ports.hashBody(eventJson);
  const asked = Promise.all([ports.ledger.claim(event.event_id, bodyHash), ports.memory.recall(event.account.id)]);
  const stored = storedFor(event.event_id, ports);
  const [claim, recall] = await patience.wait(asked, unanswered);
  if (claim.kind === 'mismatch') return err(mismatch);
  if (claim.kind === 'in_flight') return err(problem('in_flight', { retryAfterSeconds: 1 }));
  if (claim.kind === 'unavailable') patience.end();
  const formerBodyHash = () => (eventJson === undefined ? undefined : ports.formerHashBody?.(eventJson));
  const sent = { accountId: event.account.id, type: event.type, bodyHash, formerBodyHash };
  const outcome = await orGiveBack(
    async () => {
      // Whatever the ledger says: it forgets an id after a day, and a restored log knows less than it.
      const earlier = await stored;
      if (earlier !== undefined) return repeated(earlier, sent);
      const remembered = await rememberedAccount(event, recall, ports);
      const assessment = await assessKnown(event, { recall, remembered }, { ports, count: true, patience });
      const record = decisionRecord({ event, eventJson, bodyHash, assessment, startedAt }, ports);
      const committed = await ports.log.commit(record);
      if (committed.kind !== 'committed') return committed;
      assessment.countActivity();
      tellOfKey(record, ports);
      return committed;
    },
    () => giveBack(event, { patience, ports }),
  );
  return answer(event, { outcome, patience }, ports);
}

/**
 * How the event was decided, if it was: asked beside the ledger and the memory, so that it makes nobody wait, and known before
 * anything is counted or remembered. Where no event comes twice nobody is asked.
 */
function storedFor(
  eventId: string,
  { eventsAreUnique, log }: EvaluatorPorts,
): Promise<StoredDecision | undefined> | undefined {
  if (eventsAreUnique === true) return undefined;
  const stored = log.byEventId(eventId);
  // Whoever needs it hears of the failure then; until then nobody listens.
  stored.catch(() => undefined);
  return stored;
}

const repeated = (stored: StoredDecision, sent: SentBody): CommitOutcome =>
  isSameBody(stored, sent) ? { kind: 'replayed', decision: stored.decision } : { kind: 'mismatch' };

/** Whatever goes wrong on the way to the commit: nothing was decided, and nobody is at it any more. */
async function orGiveBack<T>(work: () => Promise<T>, giveBackClaim: () => Promise<void>): Promise<T> {
  try {
    return await work();
  } catch (failure) {
    await giveBackClaim();
    throw failure;
  }
}

/** Awaited, so that whoever comes again right after this answer is not told that the event is being decided. */
const giveBack = (
  event: Event,
  { patience, ports }: { readonly patience: Patience; readonly ports: EvaluatorPorts },
): Promise<void> => patience.wait(ports.ledger.abandon(event.event_id), undefined);

const unanswered: [LedgerClaim, Recall] = [
  { kind: 'unavailable' },
  { kind: 'unavailable', reason: 'account_memory_unavailable' },
];

const mismatch = problem('idempotency_mismatch', {
  detail: 'This event_id was decided with another body; send a new event_id, or the same body.',
  errors: [{ pointer: '/event_id', detail: 'already used' }],
});

function tellOfKey({ apiKeyId, draft }: DecisionRecord, { listener }: EvaluatorPorts): void {
  if (apiKeyId === undefined) return;
  listener.keyAnnounced?.({ accountId: draft.account_id, apiKeyId, decisionId: draft.id });
}

interface Answering {
  readonly outcome: CommitOutcome;
  readonly patience: Patience;
}

async function answer(
  event: Event,
  { outcome, patience }: Answering,
  ports: EvaluatorPorts,
): Promise<Result<Evaluation, Problem>> {
  switch (outcome.kind) {
    case 'committed':
      void ports.ledger.settle(event.event_id);
      // Awaited, so that a caller who asks the gate right after this answer finds what it says.
      await patience.wait(ports.listener.accessCommitted(outcome.access), undefined);
      return ok({ decision: outcome.decision, replayed: false });
    case 'replayed':
      void ports.ledger.settle(event.event_id);
      return ok({ decision: outcome.decision, replayed: true });
    case 'mismatch':
      // The claim is of the wrong body: awaited, so that the right one that comes next is not refused for it.
      await patience.wait(ports.ledger.settle(event.event_id), undefined);
      return err(mismatch);
    case 'unavailable':
      await giveBack(event, { patience, ports });
      return err(problem('unavailable', { detail: 'The decision could not be recorded.', retryAfterSeconds: 1 }));
  }
}
