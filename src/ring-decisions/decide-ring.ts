import type { RingOrder } from '../cases/access-batch.js';
import type { CaseRecord } from '../cases/case-records.js';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { BatchCounts, FailedAccount, RingDecision } from './access-batches.js';
import { isRingDecision } from './access-batches.js';
import { accountsOfRing } from './ring-accounts.js';
import { openCaseOf, tellOfDecision } from './ring-decision-case.js';
import type { RingDecisionPorts } from './ring-decision-ports.js';
import { isClaimedByOther } from './ring-outcome.js';
import { runRingDecision } from './run-ring-decision.js';
import { finishRingUndo } from './undo-ring-decision.js';

export interface DecideRing extends Pick<RingOrder, 'decision' | 'reason' | 'label' | 'exclude' | 'actor'> {
  readonly ringId: string;
}

export interface RingCommand {
  readonly ringId: string;
  readonly batchId: string;
  readonly actor: string;
}

/** A decision about a ring, and how far it has come. */
export interface RingProgress {
  readonly batch: RingDecision;
  readonly counts: BatchCounts;
  readonly failed: readonly FailedAccount[];
}

type Progress = Promise<Result<RingProgress, Problem>>;

/** How long somebody else may take to confirm it. */
const confirmWithinMs = 24 * 3_600_000;
/** Whoever dies is followed by another after it. */
const leaseMs = 15_000;
/** Pages of accounts that are told before the caller is answered; the rest follows within seconds. */
const pagesAtOnce = 2;
const failuresShown = 200;

/**
 * A release of more accounts than this takes a second person. Those that are left out, or free already, are counted too: by
 * leaving some out nobody releases a large ring in portions.
 */
export const needsSecond = (decision: string, size: number, { policy }: Pick<RingDecisionPorts, 'policy'>): boolean =>
  decision === 'approve' && size > policy().fourEyes.ringRelease;

/** Whom a decision about the ring can reach now, and what it would begin with. */
interface RingBefore {
  readonly ringId: string;
  readonly accountIds: ReadonlySet<string>;
  readonly ringCase: CaseRecord | undefined;
}

/** Refused: no such ring, somebody excluded whom the decision would not reach. */
export async function lookAtRing(command: DecideRing, ports: RingDecisionPorts): Promise<Result<RingBefore, Problem>> {
  const ring = await ports.ringOf(command.ringId);
  if (ring === undefined) return err(problem('not_found'));
  const ringCase = await openCaseOf(ring.id, ports);
  const accountIds = await accountsOfRing(ring.id, ringCase?.id ?? null, ports);
  const errors = command.exclude.flatMap((id, index) =>
    accountIds.has(id) ? [] : [{ pointer: `/exclude/${index}`, detail: 'is not in the ring' }],
  );
  if (errors.length > 0) return err(problem('invalid', { errors }));
  return ok({ ringId: ring.id, accountIds, ringCase });
}

/** Begins at once, or waits for a second person where policy wants one. */
export async function decideRing(command: DecideRing, ports: RingDecisionPorts): Progress {
  const looked = await lookAtRing(command, ports);
  if (!looked.ok) return looked;
  const { ringCase, accountIds } = looked.value;
  const batch = newBatch(command, looked.value, ports);
  if (ringCase !== undefined && isClaimedByOther(ringCase, batch.order, batch.createdAt))
    return err(problem('conflict', { detail: "somebody else is working on the ring's case" }));
  const { decision, reason, exclude, actor } = batch.order;
  const kind = batch.state === 'planned' ? 'ring.decision_begun' : 'ring.decision_proposed';
  const detail = { batch_id: batch.id, decision, reason, accounts: accountIds.size, excluded: exclude };
  if (!(await ports.batches.create(batch, { at: batch.createdAt, actor, kind, subject: batch.ringId, detail })))
    return err(problem('conflict', { detail: 'another decision about this ring is not finished' }));
  if (batch.state === 'planned') return begin(batch, ports);
  await tellOfDecision(batch, { kind: 'awaiting_second', actor }, ports);
  return ok(await progressOf(batch, ports));
}

function newBatch(
  command: DecideRing,
  { ringId, accountIds, ringCase }: RingBefore,
  ports: RingDecisionPorts,
): RingDecision {
  const { decision, reason, label, exclude, actor } = command;
  const now = ports.clock.now();
  const waits = needsSecond(decision, accountIds.size, ports);
  return {
    id: ports.newId('batch'),
    kind: 'ring_decision',
    ringId,
    decisionId: null,
    state: waits ? 'awaiting_second' : 'planned',
    createdAt: now,
    notBefore: now + (waits ? confirmWithinMs : leaseMs),
    looks: 0,
    finishedAt: null,
    undoneAt: null,
    undoneBy: null,
    order: { decision, reason, label, actor, second: null, exclude, caseId: ringCase?.id ?? null },
  };
}

async function begin(batch: RingDecision, ports: RingDecisionPorts): Progress {
  const left = await runRingDecision(batch, ports, pagesAtOnce);
  if (left.state === 'refused')
    return err(problem('conflict', { detail: "somebody else has the ring's case, or has decided it" }));
  return ok(await progressOf(left, ports));
}

/** By a second person: another key than the one that proposed it. */
export async function confirmRing(command: RingCommand, ports: RingDecisionPorts): Progress {
  const found = await findDecision(command, ports);
  if (!found.ok) return found;
  const { state, order, notBefore } = found.value;
  const now = ports.clock.now();
  if (state !== 'awaiting_second' || notBefore <= now)
    return err(problem('conflict', { detail: `the proposal is ${state === 'awaiting_second' ? 'expired' : state}` }));
  if (order.actor === command.actor)
    return err(problem('forbidden', { detail: 'a second person has to confirm it, with another key' }));
  const caseId = (await openCaseOf(found.value.ringId, ports))?.id ?? null;
  const confirmed: RingDecision = {
    ...found.value,
    state: 'planned',
    notBefore: now + leaseMs,
    order: { ...order, second: command.actor, caseId },
  };
  if (!(await ports.batches.save(confirmed, 'awaiting_second')))
    return err(problem('conflict', { detail: 'somebody else was quicker' }));
  return begin(confirmed, ports);
}

/** Of a proposal: nothing has happened yet, and nothing will. Asked again, it says what it did. */
export async function undoRing(command: RingCommand, ports: RingDecisionPorts): Progress {
  const found = await findDecision(command, ports);
  if (!found.ok) return found;
  const begun = await ports.batches.beginUndo(command.batchId, command.actor, ports.clock.now());
  if (!isRingDecision(begun)) return err(problem('not_found'));
  const left = begun.state === 'undoing' ? await finishRingUndo(begun, ports) : begun;
  return ok(await progressOf(left, ports));
}

export async function findDecision(
  { ringId, batchId }: Omit<RingCommand, 'actor'>,
  { batches, ringOf }: RingDecisionPorts,
): Promise<Result<RingDecision, Problem>> {
  const [found, ring] = await Promise.all([batches.get(batchId), ringOf(ringId)]);
  if (!isRingDecision(found) || ring === undefined) return err(problem('not_found'));
  const its = found.ringId === ring.id ? ring : await ringOf(found.ringId);
  return its?.id === ring.id ? ok(found) : err(problem('not_found'));
}

export async function progressOf(batch: RingDecision, { batches }: RingDecisionPorts): Promise<RingProgress> {
  const [counts, failed] = await Promise.all([batches.countsOf(batch.id), batches.failed(batch.id, failuresShown)]);
  return { batch, counts, failed };
}
