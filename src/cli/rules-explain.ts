import { type EventType, eventTypes } from '../model/event-type.js';
import { explainRules, type RuleExplanation } from '../ruleset/explain-rules.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import { defineCommand, print, printJson, UsageError } from './command-arguments.js';
import { readGivenOrEvent } from './given-or-event.js';
import { requireRuleSet, rulesDirectory } from './load-rules.js';
import { leafText } from './rules-test.js';

const usage = `usage: portcullis rules explain EVENT.json [--rule ID] [--rules DIR] [--json]
       portcullis rules explain --given JSON [--rule ID] [--rules DIR] [--json]

Says of each rule why it fired, and why not: every part of its condition with the values it read, and the smallest
change that would have turned it.
  --given JSON   values by name; together with an event they win over its signals
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
      throw new UsageError('rules explain needs EVENT.json or --given JSON');
    const now = Date.now();
    const ruleSet = await requireRuleSet(rulesDirectory(args.text('rules'), environment), now);
    if (ruleSet === undefined) return 1;
    const rule = args.text('rule');
    const ids = ruleSet.rules.map(({ id }) => id);
    if (rule !== undefined && !ids.includes(rule))
      throw new UsageError(
        [`there is no rule '${rule}'`, didYouMean(rule, ids)].filter((part) => part !== undefined).join('; '),
      );
    const slots = await readGivenOrEvent({ file, given, environment }, ruleSet);
    const type = eventTypeOf(slots[ruleSet.slotOf('event.type') ?? -1]);
    const rules = explainRules(ruleSet, { slots, now, type, rule });
    if (args.flag('json')) printJson({ rules });
    else print(rules.map(explanationText).join('\n'));
    return 0;
  },
});

const eventTypeOf = (reading: unknown): EventType | undefined => eventTypes.find((type) => type === reading);

function explanationText({ id, result, points, leaves, flip }: RuleExplanation): string {
  const change = flip?.map(({ name, from, to }) => `${name}: ${from ?? 'missing'} -> ${to}`).join(', ');
  const head = result === 'fires' ? `${id}: fires, ${Math.round(points * 10) / 10} points` : `${id}: ${result}`;
  return [head, ...leaves.map(leafText), ...(change === undefined ? [] : [`    turns with ${change}`])].join('\n');
}
