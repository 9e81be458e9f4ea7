import { detectsRing } from '../decisions/detects-ring.js';
import { isSpared } from '../decisions/is-spared.js';
import type { JudgedAgain } from '../decisions/judged-again.js';
import { type AccessState, accessRank, stateOfOutcome } from '../model/access.js';
import type { Policy } from '../model/policy.js';
import type { Instant } from '../model/time.js';
import { assess } from './assess.js';
import type { Assessment } from './assessment.js';
import type { EvaluatorPorts } from './evaluator-ports.js';
import { openEvent } from './open-event.js';
import { Patience } from './patience.js';
import { planCost } from './plan-cost.js';
import { knownAccount, withoutWriting } from './remembered-account.js';
import type { DueRescore, RescoreSchedule } from './rescore-schedule.js';
import { nextRescore } from './rescore-times.js';
import type { Snapshot } from './snapshot.js';

export type DueResult = 'changed' | 'unchanged' | 'still_blind' | 'unreadable';

export interface RescoreDuePorts {
  readonly story: EvaluatorPorts;
  readonly schedule: RescoreSchedule;
  /** When its windows end, if not now; for imports and replays, the time it was due. */
  readonly windowsAt?: (due: DueRescore) => Instant;
}

/**
 * Judges one account again: what its event says, at the event's own time, with the windows and the ring as they are now.
 * Nothing is counted, remembered or recorded as a decision; access only tightens, and a probation that is over ends.
 */
export async function rescoreDue(due: DueRescore, ports: RescoreDuePorts): Promise<DueResult> {
  const { story, schedule } = ports;
  const { ruleSet, restsOnEvidence } = story.snapshot();
  const { policy } = ruleSet;
  const after = Math.max(due.dueAt, timeOf(due, ports));
  const nextAt = nextRescore(policy, { firstSeenAt: due.firstSeenAt, after });
  const assessment = await assessAgain(due, ports);
  // Still blind: it stays taken for a minute, then it is due again.
  if (assessment === 'still_blind') return 'still_blind';
  const now = story.clock.now();
  if (assessment === 'unreadable') return endProbation(due, { policy, at: after, now, nextAt }, schedule);
  const judged = judgedAgain(due, { assessment, restsOnEvidence, policy, at: after, now });
  const changed = judged !== undefined && (await schedule.apply(judged));
  await schedule.done(due, nextAt);
  if (nextAt === undefined && due.event !== undefined) story.sightings?.drop(due.event.eventId);
  return changed ? 'changed' : 'unchanged';
}

const timeOf = (due: DueRescore, { story, windowsAt }: RescoreDuePorts): Instant =>
  windowsAt?.(due) ?? story.clock.now();

async function assessAgain(
  due: DueRescore,
  ports: RescoreDuePorts,
): Promise<Assessment | 'still_blind' | 'unreadable'> {
  const { story } = ports;
  const { event: sealed } = due;
  const event = sealed && (story.sightings?.of(sealed.eventId)?.event ?? openEvent(sealed, story.sealer));
  if (sealed === undefined || event === undefined) return 'unreadable';
  const recall = await story.memory.recall(due.accountId);
  if (recall.kind === 'unavailable') return 'still_blind';
  const remembered = await knownAccount(due.accountId, recall, withoutWriting(story));
  const at = sealed.occurredAt;
  const windowsAt = timeOf(due, ports);
  const assessment = await assess(event, remembered, {
    ports: story,
    count: false,
    patience: new Patience(story),
    at,
    windowsAt,
  });
  return assessment.provisional ? 'still_blind' : assessment;
}

interface Judging {
  readonly assessment: Assessment;
  readonly policy: Policy;
  readonly restsOnEvidence: Snapshot['restsOnEvidence'];
  /** The account's time: its age ends here. */
  readonly at: Instant;
  readonly now: Instant;
}

/** Of an account whose event was erased nothing else is to be judged. */
async function endProbation(
  due: DueRescore,
  { policy, at, now, nextAt }: Pick<Judging, 'policy' | 'at' | 'now'> & { readonly nextAt: Instant | undefined },
  schedule: RescoreSchedule,
): Promise<DueResult> {
  const state = stateAfter(due, { decided: 'admitted', policy, at });
  const ended = state !== undefined && (await schedule.apply({ ...unjudged(due, policy), state, now }));
  await schedule.done(due, due.probation && state === undefined ? nextAt : undefined);
  return ended ? 'changed' : 'unreadable';
}

const unjudged = ({ accountId, decisionId, version }: DueRescore, { limit, sla }: Policy) => ({
  accountId,
  eventId: undefined,
  decisionId,
  version,
  requestsPerDay: limit.requestsPerDay,
  score: 0,
  reason: '',
  rules: [],
  verify: [],
  ring: null,
  detectsRing: false,
  cost: 0,
  sla,
});

/** Undefined: access stays as it is. */
function judgedAgain(
  due: DueRescore,
  { assessment, policy, restsOnEvidence, at, now }: Judging,
): JudgedAgain | undefined {
  const { ring } = assessment;
  const decided = decidedAgain(due, { assessment, policy, at });
  const found = foundAgain(due, { decided, policy, at });
  // Whom a verification or a person let in, nothing else holds behind their back.
  if (due.doubted && !decided.hits.some(restsOnEvidence)) return undefined;
  if (found === undefined || due.event === undefined) return undefined;
  const isForRing = detectsRing(decided);
  return {
    ...found,
    accountId: due.accountId,
    eventId: due.event.eventId,
    decisionId: due.decisionId,
    version: due.version,
    requestsPerDay: policy.limit.requestsPerDay,
    ring,
    detectsRing: isForRing,
    apartFromRings: isForRing
      ? foundAgain(due, { decided: assessment.decidedApartFromRings(), policy, at })
      : undefined,
    cost: planCost(policy, assessment.accountPlan),
    sla: policy.sla,
    doubted: due.doubted,
    now,
  };
}

/** Undefined: that leaves access as it is. */
function foundAgain(
  due: DueRescore,
  { decided, policy, at }: Pick<Judging, 'policy' | 'at'> & Pick<Assessment, 'decided'>,
): JudgedAgain['apartFromRings'] {
  const state = stateAfter(due, { decided: stateOfOutcome[decided.outcome], policy, at });
  if (state === undefined) return undefined;
  const { hits, score, verify } = decided;
  const rules = hits.filter((hit) => hit.points > 0 || hit.rule.atLeast !== undefined).map((hit) => hit.rule.id);
  return { state, score, reason: hits[0]?.rule.reason ?? '', rules, verify };
}

/** An account that is not held for its ring afterwards is not now either: what else speaks against it counts. */
function decidedAgain(
  due: DueRescore,
  { assessment, policy, at }: Pick<Judging, 'assessment' | 'policy' | 'at'>,
): Assessment['decided'] {
  const { decided } = assessment;
  const isSparedTheRing = detectsRing(decided) && isSpared(policy.retroHold, { ...due, verified: false }, at);
  return isSparedTheRing ? assessment.decidedApartFromRings() : decided;
}

function stateAfter(
  due: DueRescore,
  { decided, policy, at }: { readonly decided: AccessState; readonly policy: Policy; readonly at: Instant },
): AccessState | undefined {
  if (accessRank[decided] > accessRank[due.state]) return decided;
  if (!due.probation) return undefined;
  // Evidence, not youth, limits it from now on.
  if (decided === 'limited') return decided;
  const isOver = policy.probation === 'off' || due.firstSeenAt + policy.probation.forMs <= at;
  return isOver ? 'admitted' : undefined;
}
