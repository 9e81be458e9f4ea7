import type { BatchAccount, BatchResult } from '../cases/access-batch.js';
import { heldRow } from '../cases/access-batch.js';
import { CaseDraft, type DraftContext } from '../cases/case-draft.js';
import type { CaseRecord, LoadedMany, LoadedOne } from '../cases/case-records.js';
import { labelSourceOf } from '../cases/decide-case.js';
import { observedNow, takeFraudLabelBack } from '../cases/label-decided.js';
import { mergeChanges } from '../cases/merge-changes.js';
import { newCase } from '../cases/new-case.js';
import { transitionCase, undoWindowMs } from '../cases/transition-case.js';
import type { Instant } from '../model/time.js';
import type { RingDecision } from './access-batches.js';
import { ringHoldReason } from './open-ring-case.js';
import type { RingDecisionPorts } from './ring-decision-ports.js';
import { ringOutcomeOf, stateAfter } from './ring-outcome.js';

/** One page: changed, or noted why not, in one transaction. False when the batch was taken back meanwhile. */
export async function decidePage(
  batch: RingDecision,
  accountIds: readonly string[],
  ports: RingDecisionPorts,
): Promise<boolean> {
  const { records, clock, newId, eventNow } = ports;
  const { caseId, actor } = batch.order;
  const [now, at] = [clock.now(), await eventNow()];
  const context = { actor, now, newId, sla: ports.policy().sla };
  const ringCase = caseId === null ? undefined : { caseId };
  return records.changeMany({ accountIds, ringCase, batch: { batchId: batch.id } }, (loaded) => {
    if (loaded.batch?.state !== 'planned') return { answer: false };
    // Another instance may have looked at them meanwhile.
    const left = accountIds.filter((id) => loaded.results.get(id) === null);
    const drafts = left.map((id) => decideOne(id, { batch, loaded, ports, context, at }));
    return { answer: true, changes: mergeChanges(drafts.flat().map((draft) => draft.changes())) };
  });
}

/** Notes that an account could not be changed, so that the others are. */
export function notePassedOver(batch: RingDecision, accountId: string, ports: RingDecisionPorts): Promise<void> {
  const { records, clock, newId } = ports;
  const now = clock.now();
  return records.changeMany({ accountIds: [], ringCase: undefined, batch: { batchId: batch.id } }, (loaded) => {
    if (loaded.batch?.state !== 'planned') return { answer: undefined };
    const draft = new CaseDraft({ account: undefined, case: undefined }, { actor: batch.order.actor, now, newId });
    draft.saveBatchAccount(rowOf(batch, accountId, { result: 'error', at: now }));
    return { answer: undefined, changes: draft.changes() };
  });
}

interface Deciding {
  readonly batch: RingDecision;
  readonly loaded: LoadedMany;
  readonly ports: RingDecisionPorts;
  readonly context: DraftContext;
  /** Ages of accounts end here. */
  readonly at: Instant;
}

function decideOne(accountId: string, deciding: Deciding): readonly CaseDraft[] {
  const { batch, loaded, ports, context, at } = deciding;
  const { now } = context;
  const one = loaded.accounts.find(({ account }) => account.accountId === accountId);
  const draft = new CaseDraft({ account: one?.account, case: loaded.ringCase }, context);
  if (one === undefined) {
    draft.saveBatchAccount(rowOf(batch, accountId, { result: 'gone', at: now }));
    return [draft];
  }
  const { order } = batch;
  const spare = ports.policy().retroHold;
  const result = ringOutcomeOf(one, { order, spare, caseId: loaded.ringCase?.id, now, at });
  const isChanged = result === 'changed';
  const before = isChanged ? { ...heldRow(one.account), caseId: ownCaseOf(one)?.id ?? null } : {};
  draft.saveBatchAccount(rowOf(batch, accountId, { result, at: now, ...before }));
  if (isChanged) changeOne(draft, one, { batch, ringCase: loaded.ringCase });
  if (one.member !== undefined) draft.leaveRing(one.member);
  const isLeftHeld = !isChanged && one.member !== undefined && one.account.state === 'held';
  return isLeftHeld ? [draft, ownCase(one, deciding)] : [draft];
}

interface Changing {
  readonly batch: RingDecision;
  readonly ringCase: CaseRecord | undefined;
}

function changeOne(draft: CaseDraft, one: LoadedOne, { batch, ringCase }: Changing): void {
  const { order, id, ringId } = batch;
  const { decision, reason, label } = order;
  const own = ownCaseOf(one);
  const closed = own && transitionCase(own, { kind: 'close', decision, actor: order.actor }, draft.now);
  // Nobody's claim: it is taken back with the ring, not by itself.
  if (closed?.ok === true)
    draft.saveCase({ ...closed.value, claimedBy: null }, 'decided', {
      decision,
      reason,
      batch_id: id,
      ring_id: ringId,
    });
  draft.changeAccess(stateAfter[decision], 'case', { batch_id: id, ring_id: ringId, reason }, { ringId });
  const rules = [...(ringCase?.rules ?? []), ...(one.case?.rules ?? []), ...one.hitRules];
  if (decision === 'approve') draft.clear(rules, false);
  const source = labelSourceOf(id);
  if (label !== null) {
    const given = { accountId: one.account.accountId, label, source, observedAt: observedNow(draft, one.labels) };
    // Counted once nobody is likely to take it back at once.
    draft.addLabel(given, one.labels, draft.now + undoWindowMs);
  } else if (decision === 'approve') takeFraudLabelBack(draft, one.labels, source);
}

const ownCaseOf = ({ case: found }: LoadedOne): CaseRecord | undefined =>
  found === undefined || found.wholeRing ? undefined : found;

/** A held account that the decision leaves alone goes on waiting, by itself. */
function ownCase({ account, case: own }: LoadedOne, { batch, loaded, context }: Deciding): CaseDraft {
  const draft = new CaseDraft({ account, case: undefined }, context);
  if (own !== undefined) return draft;
  openLikeRings(draft, { batch, ringCase: loaded.ringCase, why: 'left out when the ring was decided' });
  return draft;
}

interface LikeRings {
  readonly batch: RingDecision;
  readonly ringCase: CaseRecord | undefined;
  readonly why: string;
}

/** A case of the account's own, which asks for what the ring's case asked for. */
export function openLikeRings(draft: CaseDraft, { batch, ringCase, why }: LikeRings): void {
  const opened = newCase(draft.newCaseId(), draft.account?.accountId ?? '', draft.now);
  const { score, priority, rules, verify, decisionId } = ringCase ?? opened;
  const reason = ringCase?.reason ?? ringHoldReason;
  const ringId = ringCase?.ringId ?? batch.ringId;
  draft.openPrepared(
    { ...opened, ringId, score, priority, rules, verify, decisionId, reason },
    { batch_id: batch.id, why },
  );
}

const rowOf = (
  batch: RingDecision,
  accountId: string,
  row: { readonly result: BatchResult } & Pick<BatchAccount, 'at'> & Partial<BatchAccount>,
): BatchAccount => ({ from: null, version: null, caseId: null, ...row, batchId: batch.id, accountId });
