import { existsSync } from 'node:fs';
import { type EventType, eventTypes } from '../model/event-type.js';
import { type ExplainRequest, explainRules, type RuleExplanation } from '../ruleset/explain-rules.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import { defineCommand, print, printJson, UsageError } from './command-arguments.js';
import { applyGiven, type GivenOrEvent, readGivenOrEvent } from './given-or-event.js';
import { requireRuleSet, rulesDirectory } from './load-rules.js';
import { leafText } from './rules-test.js';

const usage = `usage: portcullis rules explain (EVENT.json | dec_…) [--rule ID] [--rules DIR] [--json]
       portcullis rules explain --given JSON [--rule ID] [--rules DIR] [--json]

Says of each rule why it fired, and why not: every part of its condition with the values it read, and the smallest
change that would have turned it.
  EVENT.json     an event by itself: signals are computed, every feature is absent
  dec_…          a decision: the running service (HOST, PORT; BOOTSTRAP_API_KEY or DATA_DIR) is asked what it saw
  --given JSON   values by name; together with an event they win
  --rule ID      one rule only
  --rules DIR    rule set (RULES_DIR, or rules)`;

/** `rules explain` */
export const run = defineCommand({
  usage,
  options: {
    given: { type: 'string' },
    rule: { type: 'string' },
    rules: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(args, environment) {
    const [file] = args.positionals;
    const given = args.text('given');
    if (file === undefined && given === undefined)
      throw new UsageError('rules explain needs EVENT.json, dec_… or --given JSON');
    const ruleSet = await requireRuleSet(rulesDirectory(args.text('rules'), environment));
    if (ruleSet === undefined) return 1;
    const rule = args.text('rule');
    const ids = ruleSet.rules.map(({ id }) => id);
    if (rule !== undefined && !ids.includes(rule))
      throw new UsageError(
        [`there is no rule '${rule}'`, didYouMean(rule, ids)].filter((part) => part !== undefined).join('; '),
      );
    const { inputs, about } = await readInputs({ file, given, environment }, ruleSet);
    const rules = explainRules(ruleSet, { ...inputs, rule });
    if (args.flag('json')) printJson({ rules, ...about });
    else print(rules.map(explanationText).join('\n'));
    return 0;
  },
});

interface ExplainInputs {
  readonly inputs: Omit<ExplainRequest, 'rule'>;
  /** Of a stored decision: which it is, and the rule sets it was decided and is explained with. */
  readonly about?: { readonly decision: string; readonly decided_with: string; readonly explained_with: string };
}

async function readInputs(from: GivenOrEvent, ruleSet: RuleSet): Promise<ExplainInputs> {
  const { file, given, environment } = from;
  if (file?.startsWith('dec_') !== true || existsSync(file)) {
    const slots = await readGivenOrEvent(from, ruleSet);
    const type = eventTypeOf(slots[ruleSet.slotOf('event.type') ?? -1]);
    return { inputs: { slots, now: Date.now(), type } };
  }
  // Brings zod and the configuration along: loaded only when a service is to be asked.
  const { decisionInputs, fetchDecision, tellDifferences } = await import('./stored-decision.js');
  const seen = await fetchDecision(file, environment);
  const { slots: saw, type, at, skipped } = decisionInputs(seen, ruleSet);
  tellDifferences(file, seen, { ruleSet, skipped });
  const slots = applyGiven(saw, given, ruleSet);
  const about = { decision: file, decided_with: seen.ruleset.hash, explained_with: ruleSet.hash };
  return { inputs: { slots, now: at, type }, about };
}

const eventTypeOf = (reading: unknown): EventType | undefined => eventTypes.find((type) => type === reading);

function explanationText({ id, result, points, leaves, flip }: RuleExplanation): string {
  const change = flip?.map(({ name, from, to }) => `${name}: ${from ?? 'missing'} -> ${to}`).join(', ');
  const head = result === 'fires' ? `${id}: fires, ${Math.round(points * 10) / 10} points` : `${id}: ${result}`;
  return [head, ...leaves.map(leafText), ...(change === undefined ? [] : [`    turns with ${change}`])].join('\n');
}
