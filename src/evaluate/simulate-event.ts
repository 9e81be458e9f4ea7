import type { AccountStatus, DecisionRecord } from '../decisions/decision-log.js';
import { toldReason } from '../decisions/told-reason.js';
import { accessRank, stateOfOutcome } from '../model/access.js';
import type { Decision } from '../model/decision.js';
import type { Event } from '../model/event.js';
import type { Problem } from '../model/problem.js';
import { ok, type Result } from '../model/result.js';
import { assess } from './assess.js';
import { canonicalJson } from './canonical-json.js';
import { decisionRecord } from './decision-record.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import { Patience } from './patience.js';
import { rememberedAccount, withoutWriting } from './remembered-account.js';

/** The same way, reading only: nothing is claimed, counted, remembered or stored. */
export async function simulateEvent(event: Event, ports: EvaluatorPorts): Promise<Result<Decision, Problem>> {
  const startedAt = ports.elapsed();
  const patience = new Patience(ports);
  const recall = await ports.memory.recall(event.account.id);
  const remembered = await rememberedAccount(event, recall, withoutWriting(ports));
  if (recall.kind === 'unavailable') patience.end();
  const assessment = await assess(event, remembered, { ports, count: false, patience });
  const bodyHash = ports.hashBody(canonicalJson(event));
  const record = decisionRecord({ event, bodyHash, assessment, startedAt }, ports);
  const status = await ports.log.status(event.account.id);
  const { state, requestsPerDay, probation } = accessAfter(record, status);
  return ok({
    ...record.draft,
    public_reason: toldReason(record.draft, { state, probation }),
    access: {
      state,
      version: status?.access.version ?? 0,
      ...(state === 'limited' ? { limits: { requests_per_day: requestsPerDay } } : {}),
    },
    case_id: status?.openCaseId ?? null,
  });
}

/** What the commit would make of it. */
function accessAfter({ draft, requestsPerDay, probationQuota }: DecisionRecord, status: AccountStatus | undefined) {
  const decided = stateOfOutcome[draft.outcome];
  if (status === undefined) {
    const probation = decided === 'admitted' && probationQuota !== undefined;
    return probation
      ? { state: 'limited' as const, requestsPerDay: probationQuota, probation }
      : { state: decided, requestsPerDay, probation };
  }
  const { access } = status;
  const stays = accessRank[access.state] > accessRank[decided];
  return {
    state: stays ? access.state : decided,
    requestsPerDay: access.requestsPerDay ?? requestsPerDay,
    probation: false,
  };
}
