import type { Problem } from '../model/problem.js';
import { problem } from '../model/problem.js';
import { err, type Result } from '../model/result.js';
import { StoreUnavailable } from '../model/store-unavailable.js';
import { evaluateEvent } from './evaluate-event.js';
import type { Evaluator } from './evaluator.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import { simulateEvent } from './simulate-event.js';

/** The truth that cannot be asked is an expected failure: nothing is decided without it, and the caller comes again. */
async function whileStoreIsThere<T>(work: Promise<Result<T, Problem>>): Promise<Result<T, Problem>> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return err(problem('unavailable', { detail: 'The database cannot be reached.', retryAfterSeconds: 1 }));
  }
}

export const createEvaluator = (ports: EvaluatorPorts): Evaluator => ({
  evaluate: (body) => whileStoreIsThere(evaluateEvent(body, ports)),
  simulate: (body) => whileStoreIsThere(simulateEvent(body, ports)),
});
