import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, readConfig } from '../config.js';
import type { RuleDifference } from '../evaluate/compare-explanations.js';
import type { DecisionExplanation } from '../evaluate/explain-decision.js';
import { restoreInputs } from '../evaluate/restore-inputs.js';
import { type Decision, decisionSchema } from '../model/decision.js';
import type { Slots } from '../model/value.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { type Environment, UsageError } from './command-arguments.js';

/** `GET /v1/decisions/{id}/explanation`: passed on as it came, so only what is printed is looked at. */
export interface StoredExplanation extends Omit<DecisionExplanation, 'decision'> {
  readonly decision: string;
  readonly decided_at: string;
  readonly type: Decision['type'];
  readonly differences?: readonly RuleDifference[];
}

const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const seenDecision = z.looseObject({ ...decisionSchema.shape, signals: values, features: values });
export type SeenDecision = z.infer<typeof seenDecision>;

/** What the service answered that is running (HOST, PORT); a refusal is told in one line. */
async function ask(id: string, rest: string, environment: Environment): Promise<unknown> {
  const read = readConfig(environment);
  if (!read.ok) throw new UsageError(read.lines.join('; '));
  const { HOST, PORT } = read.config;
  const origin = `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;
  const url = `${origin}/v1/decisions/${encodeURIComponent(id)}${rest}`;
  const authorization = `Bearer ${await adminKey(read.config)}`;
  const response = await fetch(url, { headers: { authorization }, signal: AbortSignal.timeout(30_000) }).catch(() => {
    throw new UsageError(`no service answers at ${origin}: start it first, or set HOST and PORT`);
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status === 404) throw new UsageError(`the service at ${origin} knows no decision '${id}'`);
  if (!response.ok) throw new UsageError(`the service at ${origin} refused: ${detailOf(body) ?? response.status}`);
  return body;
}

const detailOf = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'detail' in body ? String(body.detail) : undefined;

export interface ExplanationQuestion {
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
  const answer = await ask(id, `/explanation?${query}`, environment);
  if (!isExplanation(answer)) throw new UsageError('what answers there is no Portcullis service of this version');
  return answer;
}

const isExplanation = (answer: unknown): answer is StoredExplanation =>
  typeof answer === 'object' && answer !== null && 'rules' in answer && 'outcome' in answer && 'evidence' in answer;

/** The record of a decision, with what it saw; identifiers are hashed. */
export async function fetchDecision(id: string, environment: Environment): Promise<SeenDecision> {
  const parsed = seenDecision.safeParse(await ask(id, '', environment));
  if (!parsed.success) throw new UsageError('what answers there is no Portcullis service of this version');
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

/** Read only: a command that looks must not make an installation's secret. */
async function adminKey({ BOOTSTRAP_API_KEY, DATA_DIR }: Config): Promise<string> {
  if (BOOTSTRAP_API_KEY !== undefined) return BOOTSTRAP_API_KEY;
  const kept = await readFile(join(DATA_DIR, 'secrets', 'bootstrap-key'), 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  throw new UsageError(`no API key: set BOOTSTRAP_API_KEY, or DATA_DIR to the service's folder (not '${DATA_DIR}')`);
}
