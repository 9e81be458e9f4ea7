import type { AccessBatch } from './access-batches.js';
import { type RetroHoldPorts, runRetroHold } from './retro-hold.js';
import { finishUndo } from './undo-batch.js';

/** Whoever dies is followed by another after it. A run that takes longer is joined by another, which does no harm. */
const leaseMs = 15_000;
const batchesAtOnce = 20;

/** Goes on with every batch that is due, held back or interrupted; returns them as they are left. */
export async function runDueBatches(ports: RetroHoldPorts): Promise<readonly AccessBatch[]> {
  const left: AccessBatch[] = [];
  for (const batch of await ports.batches.takeDue(ports.clock.now(), batchesAtOnce, leaseMs)) {
    left.push(batch.state === 'undoing' ? await finishUndo(batch, ports) : await runRetroHold(batch, ports));
  }
  return left;
}
