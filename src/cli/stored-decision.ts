import { z } from 'zod';
import type { RuleDifference } from '../evaluate/compare-explanations.js';
import type { DecisionExplanation } from '../evaluate/explain-decision.js';
import { restoreInputs } from '../evaluate/restore-inputs.js';
import { type Decision, decisionSchema } from '../model/decision.js';
import type { Slots } from '../model/value.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { type Environment, UsageError } from './command-arguments.js';
import { notOurs } from './kept-rule-set.js';
import { openServiceClient, type ServiceClient } from './service-client.js';

/** `GET /v1/decisions/{id}/explanation`: passed on as it came, so only what is printed is looked at. */
export interface StoredExplanation extends Omit<DecisionExplanation, 'decision'> {
  readonly decision: string;
  readonly decided_at: string;
  readonly type: Decision['type'];
  readonly differences?: readonly RuleDifference[];
}

const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const seenDecision = z.looseObject({ ...decisionSchema.shape, signals: values, features: values });
type SeenDecision = z.infer<typeof seenDecision>;

/** What the service that is running says of a decision. */
async function ask(id: string, rest: string, service: ServiceClient): Promise<unknown> {
  const body = await service.get(`/v1/decisions/${encodeURIComponent(id)}${rest}`);
  if (body === undefined) throw new UsageError(`the service at ${service.origin} knows no decision '${id}'`);
  return body;
}

interface ExplanationQuestion {
  readonly ruleset: 'then' | 'now';
  readonly rule: string | undefined;
}

/** The explanation is made by the service: conditions on identifiers need what only the service can read. */
export async function fetchExplanation(
  id: string,
  { ruleset, rule }: ExplanationQuestion,
  environment: Environment,
): Promise<StoredExplanation> {
  const query = new URLSearchParams({ ruleset, ...(rule === undefined ? {} : { rule }) });
  const service = await openServiceClient(environment);
  const answer = await ask(id, `/explanation?${query}`, service);
  if (!isExplanation(answer)) throw notOurs(service);
  return answer;
}

const isExplanation = (answer: unknown): answer is StoredExplanation =>
  typeof answer === 'object' && answer !== null && 'rules' in answer && 'outcome' in answer && 'evidence' in answer;

/** The record of a decision, with what it saw; identifiers are hashed. */
export async function fetchDecision(id: string, environment: Environment): Promise<SeenDecision> {
  const service = await openServiceClient(environment);
  const parsed = seenDecision.safeParse(await ask(id, '', service));
  if (!parsed.success) throw notOurs(service);
  return parsed.data;
}

/** The values that the decision saw, in the slots of this rule set; conditions on identifiers are unknown. */
export const decisionSlots = (seen: SeenDecision, ruleSet: RuleSet): Slots =>
  restoreInputs(ruleSet, {
    stored: { decision: seen, inputs: { ...seen.signals, ...seen.features } },
    recalled: new Map(),
    hiddenBecause: 'hashed',
    askedBy: seen.ruleset.hash === ruleSet.hash ? undefined : 'unknown',
  });
