import { accessOf, accessRank } from '../model/access.js';
import type { Decision } from '../model/decision.js';
import type { Event } from '../model/event.js';
import type { Problem } from '../model/problem.js';
import { ok, type Result } from '../model/result.js';
import { assess } from './assess.js';
import { canonicalJson } from './canonical-json.js';
import { decisionRecord } from './decision-record.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import { rememberedAccount } from './remembered-account.js';

/** The same way, reading only: nothing is claimed, counted, remembered or stored. */
export async function simulateEvent(event: Event, ports: EvaluatorPorts): Promise<Result<Decision, Problem>> {
  const startedAt = ports.elapsed();
  const recall = await ports.memory.recall(event.account.id);
  const remembered = await rememberedAccount(event, recall, ports);
  const reachable = recall.kind !== 'unavailable';
  const assessment = await assess(event, remembered, { ports, count: false, reachable });
  const bodyHash = ports.hashBody(canonicalJson(event));
  const { draft, requestsPerDay } = decisionRecord({ event, bodyHash, assessment, startedAt }, ports);
  const status = await ports.log.status(event.account.id);
  const decided = accessOf[draft.outcome];
  const stored = status?.access;
  const state = stored !== undefined && accessRank[stored.state] > accessRank[decided] ? stored.state : decided;
  return ok({
    ...draft,
    access: {
      state,
      version: stored?.version ?? 0,
      ...(state === 'limited' ? { limits: { requests_per_day: stored?.requestsPerDay ?? requestsPerDay } } : {}),
    },
    case_id: status?.openCaseId ?? null,
  });
}
