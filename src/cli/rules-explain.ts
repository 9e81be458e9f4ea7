import { existsSync } from 'node:fs';
import { type EventType, eventTypes } from '../model/event-type.js';
import type { Reading, Slots } from '../model/value.js';
import { explainRules } from '../ruleset/explain-rules.js';
import type { RuleSet } from '../ruleset/rule-set.js';
import { didYouMean } from '../ruleset/yaml/read-fields.js';
import {
  defineCommand,
  type Environment,
  type ParsedArguments,
  print,
  printJson,
  UsageError,
} from './command-arguments.js';
import type { Explained } from './explained.js';
import { firedFirst, nearMisses, outcomeText, ruleText } from './explanation-text.js';
import { readGivenOrEvent } from './given-or-event.js';
import { requireRuleSet, rulesDirectory } from './load-rules.js';

const usage = `usage: portcullis rules explain EVENT.json [--state EVENTS.jsonl [--data DIR]] [--rule ID] [--why-not] [--rules DIR] [--json]
       portcullis rules explain dec_… [--now] [--rule ID] [--why-not] [--rules DIR] [--json]
       portcullis rules explain --given JSON [--rule ID] [--why-not] [--rules DIR] [--json]

Says of each rule why it fired, and why not: every part of its condition with the values it read, and the smallest
change that would have turned it; and how the outcome came about.
  EVENT.json            an event by itself: signals are computed, every feature is absent
  --state EVENTS.jsonl  what happened before it: replayed in memory first, so that features and rings have values
  --data DIR            of --state: asn.csv, country.csv, *.mmdb and lists/ instead of the usual ones
  dec_…                 a decision, with what it saw and the rules of then; the running service is asked (HOST, PORT;
                        BOOTSTRAP_API_KEY or DATA_DIR)
  --now                 of a decision: by the rules now in use, and which rules came to something else then
  --rules DIR           these rules (RULES_DIR, or rules); of a decision: these instead of those of then, and conditions
                        on identifiers are unknown, because only the service can read them
  --given JSON          values by name; together with an event or a decision they win
  --rule ID             one rule only
  --why-not             only rules that nearly fired, nearest first`;

/** `rules explain` */
export const run = defineCommand({
  usage,
  takes: 'any',
  options: {
    given: { type: 'string' },
    rule: { type: 'string' },
    rules: { type: 'string' },
    state: { type: 'string' },
    data: { type: 'string' },
    now: { type: 'boolean' },
    'why-not': { type: 'boolean' },
    json: { type: 'boolean' },
  },
  async run(args, environment) {
    const [file, more] = args.positionals;
    if (more !== undefined) throw new UsageError('rules explain takes one event or decision');
    if (file === undefined && args.text('given') === undefined)
      throw new UsageError('rules explain needs EVENT.json, dec_… or --given JSON');
    const isDecision = file?.startsWith('dec_') === true && !existsSync(file);
    if (args.flag('now') && !isDecision) throw new UsageError('--now is for a decision (dec_…)');
    if (args.text('state') !== undefined && (isDecision || file === undefined))
      throw new UsageError('--state is for an event');
    if (args.text('state') !== undefined && args.text('given') !== undefined)
      throw new UsageError('--state and --given do not go together');
    if (args.text('data') !== undefined && args.text('state') === undefined)
      throw new UsageError('--data goes with --state: an event by itself is not looked up');
    const data = args.text('data');
    if (data !== undefined && !existsSync(data)) throw new UsageError(`there is no '${data}'`);
    const explained = isDecision ? await ofDecision(file, args, environment) : await ofEvent(file, args, environment);
    if (explained === undefined) return 1;
    show(explained, args);
    return 0;
  },
});

function show({ rules, json, lines }: Explained, args: ParsedArguments): void {
  const told = args.flag('why-not') ? nearMisses(rules) : args.flag('json') ? rules : firedFirst(rules);
  if (args.flag('json')) {
    printJson({ rules: told, ...json });
    return;
  }
  const shown = told.map(ruleText);
  if (shown.length === 0) shown.push(args.flag('why-not') ? 'no rule nearly fired' : 'no rule looks at this event');
  print([...(lines.length === 0 ? [] : [lines.join('\n')]), ...shown].join('\n\n'));
}

async function ofDecision(id: string, args: ParsedArguments, environment: Environment): Promise<Explained | undefined> {
  // Brings zod and the configuration along: loaded only when a service is to be asked.
  const { explainByService, explainByRules } = await import('./explain-decision.js');
  const question = { id, rule: args.text('rule'), environment };
  const [given, rules] = [args.text('given'), args.text('rules')];
  if (rules === undefined && given === undefined)
    return explainByService({ ...question, ruleset: args.flag('now') ? 'now' : 'then' });
  if (args.flag('now')) throw new UsageError('--now and --rules or --given do not go together');
  const ruleSet = await ruleSetWith(rules, args, environment);
  return explainByRules({ ...question, given }, ruleSet);
}

/** The rule set, which must have the rule that is asked for. */
async function ruleSetWith(
  rules: string | undefined,
  args: ParsedArguments,
  environment: Environment,
): Promise<RuleSet> {
  const ruleSet = await requireRuleSet(rulesDirectory(rules, environment));
  const rule = args.text('rule');
  const ids = ruleSet.rules.map(({ id }) => id);
  if (rule !== undefined && !ids.includes(rule))
    throw new UsageError(
      [`there is no rule '${rule}'`, didYouMean(rule, ids)].filter((part) => part !== undefined).join('; '),
    );
  return ruleSet;
}

async function ofEvent(
  file: string | undefined,
  args: ParsedArguments,
  environment: Environment,
): Promise<Explained | undefined> {
  const [given, rule, state] = [args.text('given'), args.text('rule'), args.text('state')];
  const ruleSet = await ruleSetWith(args.text('rules'), args, environment);
  if (state !== undefined && file !== undefined) {
    // Brings the whole pipeline along.
    const { explainInHistory } = await import('./explain-history.js');
    const rulesDir = rulesDirectory(args.text('rules'), environment);
    return explainInHistory({ file, state, rule, rulesDir, data: args.text('data'), environment });
  }
  const slots = await readGivenOrEvent({ file, given, environment }, ruleSet);
  const now = Date.now();
  const type = typeOf(readingOf('event.type', slots, ruleSet));
  if (type === undefined || rule !== undefined)
    return { rules: explainRules(ruleSet, { slots, now, type, rule }), json: {}, lines: [] };
  const { explainEvent } = await import('../evaluate/explain-event.js');
  const context = { accountId: String(readingOf('account.id', slots, ruleSet) ?? '') };
  const { rules, outcome } = await explainEvent(ruleSet, { slots, type, now, context });
  return { rules, json: { outcome }, lines: outcomeText(outcome) };
}

const readingOf = (name: string, slots: Slots, ruleSet: RuleSet): Reading => slots[ruleSet.slotOf(name) ?? -1];

const typeOf = (reading: Reading): EventType | undefined => eventTypes.find((type) => type === reading);
