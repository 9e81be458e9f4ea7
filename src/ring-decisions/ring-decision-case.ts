import { CaseDraft } from '../cases/case-draft.js';
import type { CaseRecord } from '../cases/case-records.js';
import { mergeChanges } from '../cases/merge-changes.js';
import { transitionCase } from '../cases/transition-case.js';
import type { Instant } from '../model/time.js';
import type { RingDecision } from './access-batches.js';
import type { RingDecisionPorts } from './ring-decision-ports.js';
import { isClaimedByOther } from './ring-outcome.js';

/** The undecided case of the ring, as it is now. */
export async function openCaseOf(ringId: string, { records, ringOf }: RingDecisionPorts) {
  const newest = (await ringOf(ringId))?.caseId ?? null;
  const ringCase = newest === null ? { ringId } : { caseId: newest };
  const found = await records.changeMany({ accountIds: [], ringCase }, (loaded) => ({ answer: loaded.ringCase }));
  return found?.state === 'decided' ? undefined : found;
}

/** Decided with its ring; while the members are being told, the end of it has no time yet. */
const isBeingDecided = ({ state, appliedAt, effectiveAt }: CaseRecord): boolean =>
  state === 'decided' && appliedAt === null && effectiveAt === null;

/**
 * The case of the ring is decided with it, and until all members have been told it counts as their case: no held account is
 * without one whoever dies. False when somebody else works on it, or has decided it.
 */
export function decideCaseOf(batch: RingDecision, ports: RingDecisionPorts): Promise<boolean> {
  const { order, ringId } = batch;
  const context = { actor: order.second ?? order.actor, now: ports.clock.now(), newId: ports.newId };
  const ringCase = order.caseId === null ? undefined : { caseId: order.caseId };
  const { decision, reason, actor, second, exclude } = order;
  const detail = { batch_id: batch.id, decision, reason, proposed_by: actor, confirmed_by: second, excluded: exclude };
  return ports.records.changeMany({ accountIds: [], ringCase }, ({ ringCase: found }) => {
    const draft = new CaseDraft({ account: undefined, case: found }, context);
    if (found !== undefined && isBeingDecided(found)) return { answer: true };
    if (found !== undefined) {
      const next = closedBy(order, found, context.now);
      if (next === undefined) return { answer: false };
      draft.saveCase(next, 'decided', detail);
    }
    draft.record('ring.decided', ringId, detail);
    return { answer: true, changes: draft.changes() };
  });
}

function closedBy(order: RingDecision['order'], found: CaseRecord, now: Instant): CaseRecord | undefined {
  if (found.state === 'decided' || isClaimedByOther(found, order, now)) return undefined;
  const closed = transitionCase(found, { kind: 'close', decision: order.decision, actor: order.actor }, now);
  return closed.ok ? { ...closed.value, claimedBy: null, effectiveAt: null, appliedAt: null } : undefined;
}

/** All members have been told. */
export function finishCaseOf(batch: RingDecision, ports: RingDecisionPorts): Promise<void> {
  const { order, ringId, id } = batch;
  const now = ports.clock.now();
  const context = { actor: order.actor, now, newId: ports.newId };
  const ringCase = order.caseId === null ? undefined : { caseId: order.caseId };
  return ports.records.changeMany({ accountIds: [], ringCase }, ({ ringCase: found }) => {
    const draft = new CaseDraft({ account: undefined, case: found }, context);
    if (found !== undefined && isBeingDecided(found))
      draft.saveCase({ ...found, effectiveAt: now, appliedAt: now, version: found.version + 1 }, 'applied', {
        batch_id: id,
      });
    draft.record('ring.decision_applied', ringId, { batch_id: id, decision: order.decision });
    return { answer: undefined, changes: draft.changes() };
  });
}

/** Puts a line into the story of the ring's case, and into the audit, in the name of `actor`. */
export function tellOfDecision(
  batch: RingDecision,
  { kind, actor }: { readonly kind: string; readonly actor: string },
  { records, clock, newId }: RingDecisionPorts,
): Promise<void> {
  const { order, id, ringId } = batch;
  const ringCase = order.caseId === null ? undefined : { caseId: order.caseId };
  const detail = { batch_id: id, decision: order.decision, reason: order.reason, proposed_by: order.actor };
  return records.changeMany({ accountIds: [], ringCase }, ({ ringCase: found }) => {
    const draft = new CaseDraft({ account: undefined, case: found }, { actor, now: clock.now(), newId });
    if (found !== undefined) draft.addEntry(found.id, kind, detail);
    draft.record(`ring.${kind}`, ringId, detail);
    return { answer: undefined, changes: mergeChanges([draft.changes()]) };
  });
}
