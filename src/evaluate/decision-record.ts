import type { DecisionDraft, DecisionRecord } from '../decisions/decision-log.js';
import { detectsRing } from '../decisions/detects-ring.js';
import type { Event } from '../model/event.js';
import { newId } from '../model/ids.js';
import { type Instant, toIso } from '../model/time.js';
import type { Assessment } from './assessment.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import { planCost } from './plan-cost.js';
import { nextRescore } from './rescore-times.js';

interface RecordInput {
  readonly event: Event;
  /** The event as JSON, where somebody has made it already. */
  readonly eventJson?: string | undefined;
  readonly bodyHash: string;
  readonly assessment: Assessment;
  /** From `ports.elapsed`. */
  readonly startedAt: number;
}

/** What the commit writes: the decision, what it saw, and the event itself under seal. */
export function decisionRecord(input: RecordInput, ports: EvaluatorPorts): DecisionRecord {
  const { event, eventJson, bodyHash, assessment } = input;
  const now = ports.clock.now();
  const { decided, ruleSet, reasons, ring, at } = assessment;
  const salt = ports.sealer.newSalt();
  const { policy } = ruleSet;
  const reportsOnly = policy.level === 'report';
  const foundOut = ring !== null && detectsRing(decided);
  const cost = planCost(policy, assessment.accountPlan);
  const priority = ports.cases.priority(decided.score, foundOut ? ring.size : 1, cost);
  const known: KnownRecord = {
    draft: draftOf(input, { reasons, now, durationMs: ports.elapsed() - input.startedAt, random: ports.random }),
    bodyHash,
    occurredAt: at,
    trace: assessment.trace,
    salt,
    apiKeyId: event.type === 'api_key_created' ? event.api_key?.id : undefined,
    requestsPerDay: policy.limit.requestsPerDay,
    probationQuota: policy.probation === 'off' || reportsOnly ? undefined : policy.probation.requestsPerDay,
    firstPaymentAt: event.payment === undefined ? undefined : at,
    // Whoever is admitted while nothing is enforced is not judged again behind the scenes once it is.
    rescoreAt: reportsOnly ? undefined : nextRescore(policy, { firstSeenAt: at, after: at }),
    detectsRing: foundOut,
    caseId: newId('case', now, ports.random),
    caseDueAt: ports.cases.dueAt(now, priority, { sla: policy.sla, reason: reasons[0]?.code }),
    priority,
    rescore: assessment.provisional,
    uncounted: !assessment.isCounted,
  };
  return new LazyRecord(known, { event, eventJson, assessment, ports });
}

interface DraftOf {
  /** Of the assessment, which makes them anew for each who asks. */
  readonly reasons: Assessment['reasons'];
  readonly now: Instant;
  readonly durationMs: number;
  readonly random: EvaluatorPorts['random'];
}

function draftOf({ event, assessment }: RecordInput, { reasons, now, durationMs, random }: DraftOf): DecisionDraft {
  const { decided, ruleSet } = assessment;
  return withRest(assessment, {
    id: newId('dec', now, random),
    event_id: event.event_id,
    type: event.type,
    account_id: event.account.id,
    outcome: decided.outcome,
    score: decided.score,
    reasons,
    public_reason: decided.publicReason,
    verify: [...decided.verify],
    ring: assessment.ring,
    shadow: [...decided.shadow],
    ruleset: { version: ruleSet.version, hash: ruleSet.hash },
    unknown: assessment.unknown.slice(),
    degraded: [...assessment.degraded],
    decided_at: toIso(now),
    duration_ms: Math.round(durationMs * 10) / 10,
  });
}

/** What hardly any decision has: the others are all of one shape. */
function withRest({ decided, unavailable, without }: Assessment, draft: DecisionDraft): DecisionDraft {
  const { overruledBy, reported } = decided;
  // Not so rare among those that are held: written, for copies by spreading get a hidden class each.
  if (without.length > 0) draft.without = [...without];
  if (overruledBy === undefined && reported === undefined && unavailable.length === 0) return draft;
  return {
    ...draft,
    ...(unavailable.length === 0 ? {} : { unavailable: [...unavailable] }),
    ...(overruledBy === undefined ? {} : { overruled_by: overruledBy }),
    ...(reported === undefined ? {} : { reported }),
  };
}

type KnownRecord = Omit<DecisionRecord, 'inputs' | 'inputsJson' | 'sealed' | 'formerBodyHash'>;

interface Evidence {
  readonly event: Event;
  readonly eventJson: string | undefined;
  readonly assessment: Assessment;
  readonly ports: Pick<EvaluatorPorts, 'sealer' | 'formerHashBody'>;
}

/** What it saw is made when it is written: a log that does not keep it does not ask. */
class LazyRecord implements DecisionRecord {
  readonly draft;
  readonly bodyHash;
  readonly occurredAt;
  readonly trace;
  readonly salt;
  readonly apiKeyId;
  readonly requestsPerDay;
  readonly probationQuota;
  readonly firstPaymentAt;
  readonly rescoreAt;
  readonly detectsRing;
  readonly caseId;
  readonly caseDueAt;
  readonly priority;
  readonly rescore;
  readonly uncounted;
  readonly #evidence: Evidence;

  constructor(known: KnownRecord, evidence: Evidence) {
    this.draft = known.draft;
    this.bodyHash = known.bodyHash;
    this.occurredAt = known.occurredAt;
    this.trace = known.trace;
    this.salt = known.salt;
    this.apiKeyId = known.apiKeyId;
    this.requestsPerDay = known.requestsPerDay;
    this.probationQuota = known.probationQuota;
    this.firstPaymentAt = known.firstPaymentAt;
    this.rescoreAt = known.rescoreAt;
    this.detectsRing = known.detectsRing;
    this.caseId = known.caseId;
    this.caseDueAt = known.caseDueAt;
    this.priority = known.priority;
    this.rescore = known.rescore;
    this.uncounted = known.uncounted;
    this.#evidence = evidence;
  }

  get inputs() {
    return this.#evidence.assessment.inputs;
  }

  get inputsJson() {
    return this.#evidence.assessment.inputsJson;
  }

  get formerBodyHash() {
    const { ports, eventJson } = this.#evidence;
    return eventJson === undefined ? undefined : ports.formerHashBody?.(eventJson);
  }

  get sealed() {
    const { ports, event, eventJson } = this.#evidence;
    return ports.sealer.seal(this.salt, eventJson ?? JSON.stringify(event));
  }
}
