import type { AccessBatch } from '../cases/access-batch.js';
import { isRingDecision } from './access-batches.js';
import { type RetroHoldPorts, runRetroHold } from './retro-hold.js';
import type { RingDecisionPorts } from './ring-decision-ports.js';
import { runRingDecision } from './run-ring-decision.js';
import { finishUndo } from './undo-batch.js';
import { finishRingUndo } from './undo-ring-decision.js';

/** Whoever dies is followed by another after it. A run that takes longer is joined by another, which does no harm. */
const leaseMs = 15_000;
const batchesAtOnce = 20;

export interface BatchPorts extends RetroHoldPorts {
  /** Where people decide about rings. */
  readonly ringDecisions?: Omit<RingDecisionPorts, 'onPage'> | undefined;
  /**
   * Is told of a batch that could not go on; the others that are due do, and it is due again when its lease is over.
   * Without it the error is thrown.
   */
  readonly onFailed?: ((batch: AccessBatch, error: unknown) => void) | undefined;
}

/** Goes on with every batch that is due, held back or interrupted; returns those that could, as they are left. */
export async function runDueBatches(ports: BatchPorts): Promise<readonly AccessBatch[]> {
  const left: AccessBatch[] = [];
  for (const batch of await ports.batches.takeDue(ports.clock.now(), batchesAtOnce, leaseMs))
    left.push(...(await tryToGoOn(batch, ports)));
  return left;
}

async function tryToGoOn(batch: AccessBatch, ports: BatchPorts): Promise<readonly AccessBatch[]> {
  try {
    return [await goOn(batch, ports)];
  } catch (error) {
    if (ports.onFailed === undefined) throw error;
    ports.onFailed(batch, error);
    return [];
  }
}

function goOn(batch: AccessBatch, ports: BatchPorts): Promise<AccessBatch> {
  const { ringDecisions, onPage } = ports;
  const isUndoing = batch.state === 'undoing';
  if (!isRingDecision(batch)) return isUndoing ? finishUndo(batch, ports) : runRetroHold(batch, ports);
  if (ringDecisions === undefined) return Promise.resolve(batch);
  return isUndoing
    ? finishRingUndo(batch, { ...ringDecisions, onPage })
    : runRingDecision(batch, { ...ringDecisions, onPage });
}
