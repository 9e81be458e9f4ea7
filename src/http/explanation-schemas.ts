import { z } from 'zod';
import { decisionSchema } from '../model/decision.js';
import { families, outcomes } from '../model/rule.js';
import { ruleResults } from '../ruleset/rule-declaration.js';
import { ruleEffects } from '../ruleset/rule-effect.js';

const value = z.union([z.string(), z.number(), z.boolean()]);
const reasons = z.record(z.string(), z.string());

const leafReply = z.strictObject({
  text: z.string(),
  result: z.boolean().nullable().describe('null is unknown.'),
  values: z.record(z.string(), value.nullable()).describe('What it read; identifiers are hashed; null is no value.'),
  missing: reasons
    .optional()
    .describe(
      'Inputs that could not be had, with the reason (`erased`, `not_recorded`, …); others without value are absent.',
    ),
});

const ruleExplanationReply = z
  .strictObject({
    id: z.string(),
    result: z.enum(ruleResults),
    points: z.number(),
    leaves: z.array(leafReply),
    unknown_points: leafReply
      .optional()
      .describe('Of a rule whose condition is true and whose points cannot be computed: the points.'),
    flip: z
      .array(z.strictObject({ name: z.string(), from: value.nullable(), to: value }))
      .optional()
      .describe('The smallest change of inputs that would have turned the rule.'),
    effect: z.enum(ruleEffects).describe('What its firing came to; `none` when it did not fire.'),
    exception: z
      .strictObject({ when: z.string(), why: z.string(), owner: z.string(), until: z.string() })
      .optional()
      .describe('The exception that kept it from firing.'),
    would_be: z.enum(outcomes).optional().describe('Of a rule that was only recorded: the outcome if it had counted.'),
  })
  .meta({ id: 'RuleExplanation' });

const turn = z.strictObject({
  without: z.array(z.string()).optional().describe('Had these rules not fired'),
  available: z.array(z.string()).optional().describe('Had these inputs been there'),
  with: z.array(z.string()).optional().describe('Had these rules fired too'),
  outcome: z.enum(outcomes),
  score: z.number(),
});

const outcomeExplanationReply = z
  .strictObject({
    outcome: z.enum(outcomes),
    score: z.number(),
    families: z
      .array(
        z.strictObject({
          family: z.enum(families),
          points: z.number().describe("The sum of its rules' points."),
          counted: z.number().describe('What of it goes into the score.'),
          cap: z.number().optional(),
          rules: z.array(z.string()),
        }),
      )
      .describe('The score is the sum of what counts, between 0 and 100.'),
    thresholds: z.strictObject({ limit: z.number(), hold: z.number() }),
    hold_needs_families: z.number(),
    evidence_families: z.number().describe('Families with points against the account.'),
    confirmed_fraud: z.array(z.string()).describe('Rules that rest on an account known to be fraudulent.'),
    floors: z
      .array(
        z.strictObject({
          at_least: z.enum(outcomes),
          rule: z.string().optional(),
          unavailable: z
            .string()
            .optional()
            .describe('An input that could not be had, and that policy does not ignore.'),
        }),
      )
      .describe('What makes the outcome at least this, whatever the points.'),
    ceilings: z
      .array(z.strictObject({ at_most: z.enum(outcomes), rule: z.string() }))
      .describe('What makes the outcome at most this, the strictest first: rules with `at_most` that fired.'),
    overruled_by: z.string().optional().describe('The rule whose `at_most` took the outcome down.'),
    enforced: z.boolean().describe('False: the policy only reported, everybody was allowed, and this would have been.'),
    lower: z.array(turn).describe('The smallest sets of rules and inputs without which it would have been milder.'),
    raise: z.array(turn).describe('The smallest sets of rules, nearest first, that would have made it stricter.'),
  })
  .meta({ id: 'OutcomeExplanation' });

const ruleOutcome = z.strictObject({
  result: z.enum([...ruleResults, 'absent']),
  effect: z.enum(ruleEffects),
  points: z.number(),
});

export const explanationReply = z
  .strictObject({
    decision: z.string(),
    decided_at: z.string(),
    type: decisionSchema.shape.type,
    ruleset: z.strictObject({
      version: z.string(),
      hash: z.string(),
      of: z.enum(['then', 'now']),
      kept: z.boolean().describe('False: the rules of then are not known any more; those in use explain.'),
    }),
    rules: z.array(ruleExplanationReply),
    outcome: outcomeExplanationReply,
    evidence: z.strictObject({
      event: z.enum(['readable', 'erased']),
      missing: reasons,
      agrees: z.boolean().describe('The explanation comes to what was recorded.'),
      notes: z.array(z.string()),
    }),
    differences: z
      .array(z.strictObject({ id: z.string(), was: ruleOutcome, is: ruleOutcome, because: z.array(z.string()) }))
      .optional()
      .describe('With the rules in use: those that come to something else than then, and why.'),
  })
  .meta({ id: 'Explanation' });
