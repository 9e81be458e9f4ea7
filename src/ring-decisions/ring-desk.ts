import type { Problem } from '../model/problem.js';
import { ok, type Result } from '../model/result.js';
import {
  confirmRing,
  type DecideRing,
  decideRing,
  findDecision,
  progressOf,
  type RingCommand,
  type RingProgress,
  undoRing,
} from './decide-ring.js';
import type { RingDecisionPorts } from './ring-decision-ports.js';
import { type TriedRing, tryRingDecision } from './try-ring-decision.js';

/** What people do with whole rings. */
export interface RingDesk {
  /** What a decision would do; nothing is written. */
  tryOut(command: DecideRing): Promise<Result<TriedRing, Problem>>;
  decide(command: DecideRing): Promise<Result<RingProgress, Problem>>;
  confirm(command: RingCommand): Promise<Result<RingProgress, Problem>>;
  undo(command: RingCommand): Promise<Result<RingProgress, Problem>>;
  find(where: Omit<RingCommand, 'actor'>): Promise<Result<RingProgress, Problem>>;
  /** What was decided about the ring, the newest first. */
  list(ringId: string): Promise<readonly RingProgress[]>;
}

const listed = 20;

export const createRingDesk = (ports: RingDecisionPorts): RingDesk => ({
  tryOut: (command) => tryRingDecision(command, ports),
  decide: (command) => decideRing(command, ports),
  confirm: (command) => confirmRing(command, ports),
  undo: (command) => undoRing(command, ports),
  async find(where) {
    const found = await findDecision(where, ports);
    return found.ok ? ok(await progressOf(found.value, ports)) : found;
  },
  async list(ringId) {
    const found = await ports.batches.ofRing(ringId, listed);
    return Promise.all(found.map((batch) => progressOf(batch, ports)));
  },
});
