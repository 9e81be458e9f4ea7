import { z } from 'zod';
import { eventTypes } from '../model/event-type.js';
import { families, outcomes, verificationMethods } from '../model/rule.js';

const time = z.iso.datetime().describe('RFC 3339, UTC');

const ruleProblemReply = z
  .strictObject({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    file: z.string(),
    line: z.number().int(),
    column: z.number().int(),
    end_column: z.number().int(),
    rule: z.string().optional(),
  })
  .meta({ id: 'RuleProblem' });

export const share = z
  .strictObject({
    count: z.number().int(),
    of: z.number().int(),
    share: z.number().nullable(),
    low: z.number(),
    high: z.number(),
  })
  .meta({ id: 'Share', description: 'A share with the interval (Wilson) that holds its true value 95 times of 100.' });

const whole = z.number().int();
const ruleCountsReply = z
  .strictObject({
    evaluated: whole.describe('Events of its types.'),
    fired: whole.describe('Its condition was true, whether it counted or not.'),
    live: whole.describe('It counted.'),
    shadow: whole,
    outside_rollout: whole.describe('The account is outside the share of the roll-out.'),
    blown: whole.describe('Its fuse had blown.'),
    excepted: whole.describe('An exception applied.'),
    cleared: whole.describe('The rule had been cleared for the account.'),
    unknown: share.describe('Of a sample.'),
    nanoseconds: z.number().nullable().describe('What evaluating it by itself takes, mean of a sample.'),
    outcomes: z.record(z.enum(outcomes), whole).describe('Of the decisions it counted in.'),
    would: z.record(z.enum(outcomes), whole).describe('What decisions would have been, where it did not count.'),
    would_change: whole.describe('Of those, how many are different from what was decided.'),
  })
  .meta({ id: 'RuleCounts' });

const fuseReply = z.strictObject({
  rule: z.string(),
  blown_at: time,
  hits: whole,
  events: whole,
  instance: z.string(),
});

export const ruleReply = z
  .strictObject({
    id: z.string(),
    family: z.enum(families),
    on: z.array(z.enum(eventTypes)),
    when: z.string(),
    points: z.string().describe('A number or an expression, as written.'),
    points_max: z.number(),
    at_least: z.enum(outcomes).nullable(),
    verify: z.array(z.enum(verificationMethods)),
    reason: z.string(),
    title: z.string(),
    owner: z.string(),
    mode: z.union([z.enum(['live', 'shadow', 'off']), z.strictObject({ rollout: z.number() })]),
    file: z.string(),
    line: z.number().int(),
    hits: z.number().int().describe('On this instance, since it loaded the rule set.'),
    at_most: z.enum(outcomes).nullable(),
    definition: z.string().describe('Changes when the rule says something else.'),
    defined_at: time.describe('Since when it says what it says.'),
    mode_since: time,
    last_fired_at: time.nullable(),
    fuse_blown: fuseReply.nullable(),
    counts: z.strictObject({
      last_24h: ruleCountsReply,
      last_7d: ruleCountsReply,
      since_defined: ruleCountsReply,
    }),
    exceptions: z.array(
      z.strictObject({
        why: z.string(),
        owner: z.string(),
        last_day: z.iso.date().describe('In UTC, as written in the rule; it counts whole.'),
        until: time.describe('The end of the last day: from then on the exception is ignored.'),
        expired: z.boolean(),
        uses: whole,
        last_used_at: time.nullable(),
      }),
    ),
    evidence: z
      .strictObject({
        decisions: whole,
        accounts: whole,
        fraud: whole,
        honest: whole,
        precision: share,
        recall: share,
        changes: z
          .array(z.strictObject({ from: z.enum(outcomes), to: z.enum(outcomes), decisions: whole }))
          .describe('Decisions that come out otherwise with it than without it, or would where it does not count.'),
        newly_held: whole.describe('Held or denied with it and not without it.'),
        newly_limited: whole.describe('Limited with it and let in without it.'),
        honest_pay: whole,
        overlap: z.array(z.strictObject({ rule: z.string(), accounts: whole, share: z.number() })),
      })
      .describe('What decisions say of it, since it says what it says: accounts, where nothing else is said.'),
    advice: z.strictObject({
      recommendation: z.enum(['promote', 'watch', 'withdraw']),
      reasons: z.array(z.string()),
    }),
  })
  .meta({ id: 'Rule' });

/** A rule set that is judged beside the one in use. */
export const candidateReply = z
  .strictObject({
    ruleset: z.string(),
    decisions: whole,
    changes: z.array(z.strictObject({ from: z.enum(outcomes), to: z.enum(outcomes), decisions: whole })),
    newly_held: whole,
    newly_limited: whole,
    honest_pay: whole,
  })
  .nullable()
  .describe('What the rule set of REPORT_RULES_DIR would have made of decisions; null without one.');

/** The decisions that evidence was read from. */
export const evidenceRangeReply = z.strictObject({
  since: time,
  decisions: whole,
  accounts: whole,
  fraud: whole,
  honest: whole,
  complete: z.boolean().describe('False: there were more, and the newest were looked at.'),
});

export const fuseResetReply = z.strictObject({
  rule: z.string(),
  reset: z.boolean().describe('False: the fuse was whole.'),
});

export const rulesetReply = z
  .strictObject({
    version: z.string(),
    hash: z.string(),
    loaded_at: time,
    enforced: z
      .boolean()
      .describe('False: policy.level is report; everybody is admitted, decisions are only recorded.'),
    fuses_blown: z.array(fuseReply).describe('Rules that went to shadow by themselves, on any instance.'),
    rules: z.number().int(),
    errors: z
      .array(ruleProblemReply)
      .describe('Of the last attempt to load; when there are any, an older rule set is still in use.'),
    warnings: z.array(ruleProblemReply),
    baselines: z
      .array(
        z.strictObject({
          feature: z.string(),
          state: z.enum(['cold', 'warm', 'unknown']).describe('A cold burst is unknown to every rule that reads it.'),
          events: z.number().int().nullable().describe('Admitted events in the baseline so far.'),
          needed: z.number().int(),
        }),
      )
      .describe('The bursts of the rule set, and whether they know yet what is usual.'),
  })
  .meta({ id: 'Ruleset' });

export const rulesReportReply = z
  .strictObject({ ok: z.boolean(), errors: z.array(ruleProblemReply), warnings: z.array(ruleProblemReply) })
  .meta({ id: 'RulesReport' });
