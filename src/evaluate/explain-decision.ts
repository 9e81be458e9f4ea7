import type { StoredDecision } from '../decisions/decision-log.js';
import { type Problem, problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import { toIso } from '../model/time.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { RuleDifference } from './compare-explanations.js';
import { compareExplanations } from './compare-explanations.js';
import type { EventExplanation } from './explain-event.js';
import type { ExplainPorts, FoundLater } from './explain-ports.js';
import { type Evidence, type ExplainedStored, explainNow, explainThen } from './explain-stored.js';
import { type OpenedEvents, openEvents } from './open-events.js';
import { RuleSetsOfThen } from './rule-sets-of-then.js';

interface ExplainQuestion {
  readonly id: string;
  /** The rules that decided, or those in use. */
  readonly ruleset: 'then' | 'now';
  readonly rule?: string | undefined;
}

export interface DecisionExplanation extends EventExplanation {
  readonly decision: StoredDecision['decision'];
  readonly ruleset: {
    readonly version: string;
    readonly hash: string;
    readonly of: 'then' | 'now';
    /** False: the rules of then were not kept, or cannot be loaded any more; those of now explain. */
    readonly kept: boolean;
  };
  readonly evidence: Evidence;
  /** Of the rules of now: what they come to that those of then did not. */
  readonly differences?: readonly RuleDifference[];
}

/** Why a stored decision came out as it did, from what it saw; leaves are right, identifiers stay hidden. */
export type ExplainDecision = (question: ExplainQuestion) => Promise<Result<DecisionExplanation, Problem>>;

export function createDecisionExplainer(ports: ExplainPorts): ExplainDecision {
  const sets = new RuleSetsOfThen(ports);
  return async (question) => {
    const stored = await ports.decisions.byId(question.id);
    if (stored === undefined) return err(problem('not_found'));
    const [ofThen, events] = await Promise.all([sets.of(stored), openEvents(stored, ports)]);
    const { account_id, event_id } = stored.decision;
    const later = await ports.foundLater?.(account_id, event_id);
    const explained = withFound(await explain({ stored, ofThen, events }, question, ports), later);
    return question.rule === undefined ? ok(explained) : onlyRule(explained, question.rule);
  };
}

/** What it would have been with its inputs is known by now: no guess from what was there then. */
function withFound(explained: DecisionExplanation, later: FoundLater | undefined): DecisionExplanation {
  if (later === undefined) return explained;
  const { outcome, evidence } = explained;
  const reasons = later.reasons.length === 0 ? 'no rule against it' : later.reasons.join(', ');
  const note = `made again with its inputs at ${toIso(later.at)}: ${later.outcome}, score ${later.score}, ${reasons}`;
  return {
    ...explained,
    outcome: { ...outcome, lower: outcome.lower.filter(({ available }) => available === undefined) },
    evidence: { ...evidence, notes: [...evidence.notes, note] },
  };
}

interface Found {
  readonly stored: StoredDecision;
  readonly ofThen: RuleSet | undefined;
  readonly events: OpenedEvents;
}

async function explain(found: Found, question: ExplainQuestion, ports: ExplainPorts): Promise<DecisionExplanation> {
  const { stored, ofThen } = found;
  const snapshot = ports.snapshot();
  const then = await explainThen({ ...found, inUse: snapshot.ruleSet }, ports);
  if (question.ruleset === 'then' || ofThen === undefined) return wire(stored, { explained: then, of: 'then', ofThen });
  const now = await explainNow({ ...found, ofThen, context: then.context, snapshot }, ports);
  const differences = compareExplanations(then, now);
  return { ...wire(stored, { explained: now, of: 'now', ofThen }), differences };
}

interface Told {
  readonly explained: ExplainedStored;
  readonly of: 'then' | 'now';
  readonly ofThen: RuleSet | undefined;
}

function wire(stored: StoredDecision, { explained, of, ofThen }: Told): DecisionExplanation {
  const { rules, outcome, evidence, ruleSet } = explained;
  const { version, hash } = ruleSet;
  const kept = ofThen !== undefined;
  return {
    rules,
    outcome,
    evidence,
    decision: stored.decision,
    ruleset: { version, hash, of: kept ? of : 'now', kept },
  };
}

function onlyRule(explained: DecisionExplanation, id: string): Result<DecisionExplanation, Problem> {
  const rules = explained.rules.filter((rule) => rule.id === id);
  if (rules.length === 0) {
    const detail = `no rule '${id}' looked at events of the type ${explained.decision.type} in this rule set`;
    return err(problem('invalid', { detail }));
  }
  const { differences } = explained;
  return ok({
    ...explained,
    rules,
    ...(differences === undefined ? {} : { differences: differences.filter((one) => one.id === id) }),
  });
}
