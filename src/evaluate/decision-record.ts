import type { DecisionRecord } from '../decisions/decision-log.js';
import type { Event } from '../model/event.js';
import { newId } from '../model/ids.js';
import { toIso } from '../model/time.js';
import type { Assessment } from './assess.js';
import type { EvaluatorPorts } from './evaluator-ports.js';

interface RecordInput {
  readonly event: Event;
  readonly bodyHash: string;
  readonly assessment: Assessment;
  /** From `ports.elapsed`. */
  readonly startedAt: number;
}

/** What the commit writes: the decision, what it saw, and the event itself under seal. */
export function decisionRecord(
  { event, bodyHash, assessment, startedAt }: RecordInput,
  ports: EvaluatorPorts,
): DecisionRecord {
  const now = ports.clock.now();
  const { decided, ruleSet } = assessment;
  const salt = ports.sealer.newSalt();
  const priority = ports.cases.priority(decided.score);
  return {
    draft: {
      id: newId('dec', now, ports.random),
      event_id: event.event_id,
      type: event.type,
      account_id: event.account.id,
      outcome: decided.outcome,
      score: decided.score,
      reasons: assessment.reasons,
      public_reason: decided.publicReason,
      verify: [...decided.verify],
      ring: assessment.ring,
      shadow: [...decided.shadow],
      ruleset: { version: ruleSet.version, hash: ruleSet.hash },
      unknown: [...assessment.unknown],
      degraded: [...assessment.degraded],
      decided_at: toIso(now),
      duration_ms: Math.round((ports.elapsed() - startedAt) * 10) / 10,
    },
    bodyHash,
    occurredAt: assessment.at,
    trace: assessment.trace,
    inputs: assessment.inputs,
    sealed: ports.sealer.seal(salt, JSON.stringify(event)),
    salt,
    apiKeyId: event.type === 'api_key_created' ? event.api_key?.id : undefined,
    requestsPerDay: ruleSet.policy.limit.requestsPerDay,
    caseId: newId('case', now, ports.random),
    caseDueAt: ports.cases.dueAt(now, priority),
    priority,
    rescore: assessment.provisional,
  };
}
