import { compareExplanations, type RuleDifference, type RuleOutcome } from '../evaluate/compare-explanations.js';
import { explainEvent } from '../evaluate/explain-event.js';
import { toTenths } from '../model/points.js';
import type { InputGroup } from '../model/policy.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import type { Environment } from './command-arguments.js';
import type { Explained } from './explained.js';
import { outcomeText } from './explanation-text.js';
import { applyGiven } from './given-or-event.js';
import { decisionSlots, fetchDecision, fetchExplanation, type StoredExplanation } from './stored-decision.js';

interface Question {
  readonly id: string;
  readonly rule: string | undefined;
  readonly environment: Environment;
}

/** As the service explains it. */
export async function explainByService(question: Question & { readonly ruleset: 'then' | 'now' }): Promise<Explained> {
  const explained = await fetchExplanation(question.id, question, question.environment);
  const { rules, ...json } = explained;
  const { differences = [], outcome, evidence } = explained;
  const lines = [
    headOf(explained),
    ...outcomeText(outcome),
    ...(explained.ruleset.kept ? [] : ['  the rules of then are not known any more: those in use explain']),
    ...(evidence.event === 'erased' ? ['  the event has been erased: conditions on identifiers are unknown'] : []),
    ...evidence.notes.map((note) => `  ${note}`),
    ...(question.ruleset === 'now' ? differenceLines(differences) : []),
  ];
  return { rules, json, lines };
}

const headOf = ({
  decision,
  type,
  decided_at,
  ruleset,
}: Pick<StoredExplanation, 'decision' | 'type' | 'decided_at' | 'ruleset'>): string =>
  `${decision}: ${type}, decided ${decided_at}; by the rules ${ruleset.of === 'then' ? 'of then' : 'of now'}, version ${ruleset.version} (${ruleset.hash.slice(0, 19)}…)`;

/** By rules from a folder, and what they come to that those of then did not. */
export async function explainByRules(
  { id, rule, given, environment }: Question & { readonly given: string | undefined },
  ruleSet: RuleSet,
): Promise<Explained> {
  const [seen, then] = await Promise.all([
    fetchDecision(id, environment),
    fetchExplanation(id, { ruleset: 'then', rule: undefined }, environment),
  ]);
  const slots = applyGiven(decisionSlots(seen, ruleSet), given, ruleSet);
  const missing = groups.filter((group) => seen.degraded.includes(`${group}_unavailable`));
  const request = { slots, type: seen.type, now: Date.parse(seen.decided_at), context: { accountId: seen.account_id } };
  const { rules, outcome } = await explainEvent(ruleSet, { ...request, missing });
  const differences = compareExplanations({ rules: then.rules }, { rules, ruleSet });
  const ruleset = { version: ruleSet.version, hash: ruleSet.hash, of: 'given', kept: true } as const;
  const { evidence: _ofThen, rules: _byThen, ...told } = then;
  return {
    rules: rule === undefined ? rules : rules.filter((one) => one.id === rule),
    json: { ...told, ruleset, outcome, differences },
    lines: [
      `${id}: ${seen.type}, decided ${seen.decided_at}; by other rules, version ${ruleSet.version} (${ruleSet.hash.slice(0, 19)}…)`,
      ...outcomeText(outcome),
      ...differenceLines(differences),
    ],
  };
}

const groups: readonly InputGroup[] = ['velocity', 'ring', 'ip_intel'];

function differenceLines(differences: readonly RuleDifference[]): string[] {
  if (differences.length === 0) return ['  every rule comes to the same as then'];
  return differences.flatMap(({ id, was, is, because }) => [
    `  ${id}: ${outcomeWords(was)} then, ${outcomeWords(is)} now`,
    ...because.map((reason) => `      ${reason}`),
  ]);
}

const outcomeWords = ({ result, effect, points }: RuleOutcome): string =>
  result !== 'fires' ? result : effect === 'counts' ? `${toTenths(points)} points` : `fires (${effect})`;
