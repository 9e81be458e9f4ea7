import type { Decision } from '../model/decision.js';
import type { Event } from '../model/event.js';
import type { Problem } from '../model/problem.js';
import type { Result } from '../model/result.js';

export interface Evaluation {
  readonly decision: Decision;
  /** The same event was decided before; this is that decision. */
  readonly replayed: boolean;
}

/** What the edges call. `body` is the parsed event; it never carries a card number (the edge refuses those). */
export interface Evaluator {
  evaluate(body: Event): Promise<Result<Evaluation, Problem>>;
  /** Same answer, nothing counted, nothing stored. */
  simulate(body: Event): Promise<Result<Decision, Problem>>;
}
