import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, readConfig } from '../config.js';
import { type EventType, eventTypes } from '../model/event-type.js';
import { featureInputs } from '../model/feature.js';
import { type Instant, toIso } from '../model/time.js';
import { type Reading, type Slots, Unavailable } from '../model/value.js';
import { parseGiven } from '../ruleset/parse-given.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { givenSlots } from '../ruleset/run-rule-tests.js';
import { complain, type Environment, UsageError } from './command-arguments.js';

const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What is read of `GET /v1/decisions/{id}`. */
const storedDecision = z.object({
  type: z.enum(eventTypes),
  decided_at: z.string(),
  ruleset: z.object({ hash: z.string() }),
  signals: values,
  features: values,
  unknown: z.array(z.string()),
  degraded: z.array(z.string()),
});

export type SeenDecision = z.infer<typeof storedDecision>;

export interface DecisionInputs {
  readonly slots: Slots;
  readonly type: EventType;
  readonly at: Instant;
  /** Values that the decision saw and this rule set has no place for. */
  readonly skipped: readonly string[];
}

/** The record of a decision, from the service that is running (HOST, PORT). */
export async function fetchDecision(id: string, environment: Environment): Promise<SeenDecision> {
  const read = readConfig(environment);
  if (!read.ok) throw new UsageError(read.lines.join('; '));
  const { HOST, PORT } = read.config;
  const url = `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}/v1/decisions/${encodeURIComponent(id)}`;
  const authorization = `Bearer ${await adminKey(read.config)}`;
  const response = await fetch(url, { headers: { authorization }, signal: AbortSignal.timeout(10_000) }).catch(() => {
    throw new UsageError(`no service answers at ${url}: start it first, or set HOST and PORT`);
  });
  if (response.status === 404) throw new UsageError(`the service at ${url} knows no decision '${id}'`);
  if (!response.ok) throw new UsageError(`the service at ${url} refused: ${response.status}`);
  const parsed = storedDecision.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new UsageError(`what answers at ${url} is no Portcullis service of this version`);
  return parsed.data;
}

/** Read only: a command that looks must not make an installation's secret. */
async function adminKey({ BOOTSTRAP_API_KEY, DATA_DIR }: Config): Promise<string> {
  if (BOOTSTRAP_API_KEY !== undefined) return BOOTSTRAP_API_KEY;
  const kept = await readFile(join(DATA_DIR, 'secrets', 'bootstrap-key'), 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  throw new UsageError(`no API key: set BOOTSTRAP_API_KEY, or DATA_DIR to the service's folder (not '${DATA_DIR}')`);
}

/** The values that the decision saw, in the slots of this rule set; identifiers are the hashes that were stored. */
export function decisionInputs(seen: SeenDecision, ruleSet: RuleSet): DecisionInputs {
  const readings = new Map<string, Reading>();
  const skipped: string[] = [];
  for (const [name, value] of Object.entries({ ...seen.signals, ...seen.features })) {
    const one = parseGiven({ [name]: value }, ruleSet);
    if (one.ok) readings.set(name, value);
    else skipped.push(name);
  }
  const features = new Set(ruleSet.features.flatMap(featureInputs));
  for (const name of seen.unknown) {
    const reason = `${features.has(name) ? 'velocity' : 'ip_intel'}_unavailable`;
    const couldFail = features.has(name) || name.startsWith('ip.');
    if (couldFail && seen.degraded.includes(reason)) readings.set(name, new Unavailable(reason));
  }
  return { slots: givenSlots(ruleSet, readings), type: seen.type, at: Date.parse(seen.decided_at), skipped };
}

/** Says where today's rules may tell another story than the decision did. */
export function tellDifferences(id: string, seen: SeenDecision, { ruleSet, skipped }: ComparedRules): void {
  if (seen.ruleset.hash !== ruleSet.hash)
    complain(
      `${id} was decided (${toIso(Date.parse(seen.decided_at))}) with another rule set: ${seen.ruleset.hash.slice(0, 19)}…, explained with ${ruleSet.hash.slice(0, 19)}…`,
    );
  if (skipped.length > 0) complain(`not known to these rules, and left out: ${skipped.join(', ')}`);
}

interface ComparedRules {
  readonly ruleSet: RuleSet;
  readonly skipped: readonly string[];
}
