import { z } from 'zod';
import { accessStates } from '../model/access.js';
import { caseStates } from '../model/case.js';
import { decisionSchema } from '../model/decision.js';
import { eventSchema, eventTypes } from '../model/event.js';
import { problemCodes } from '../model/problem.js';
import { families, outcomes, verificationMethods } from '../model/rule.js';
import { serviceRoles } from '../model/service-key.js';

const time = z.iso.datetime().describe('RFC 3339, UTC');
const value = z.union([z.string(), z.number(), z.boolean()]);

export const eventBodySchema = eventSchema.meta({ id: 'Event' });
export const decisionReply = decisionSchema.meta({ id: 'Decision' });

export const problemReplySchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    code: z.string().describe(`One of ${Object.keys(problemCodes).join(', ')}.`),
    request_id: z.string(),
    errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
    state: z
      .enum([...accessStates, 'unknown'])
      .optional()
      .describe("Of the gate's refusals."),
  })
  .meta({ id: 'Problem', description: 'RFC 9457; every error of the service has this form.' });

/** `{data, next_cursor}`. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    data: z.array(item),
    next_cursor: z.string().nullable().describe('Pass as `cursor` for the next page; null on the last one.'),
  });

export const storedDecisionReply = decisionSchema
  .extend({
    signals: z.record(z.string(), value).describe('Signals the rules saw; identifiers are hashed.'),
    features: z.record(z.string(), value).describe('Features the rules saw.'),
  })
  .meta({ id: 'StoredDecision' });

export const accessReply = z
  .strictObject({
    state: z.enum(accessStates),
    version: z.number().int(),
    limits: z.strictObject({ requests_per_day: z.number().int() }).optional(),
  })
  .meta({ id: 'Access' });

export const caseReply = z
  .strictObject({
    id: z.string(),
    account_id: z.string(),
    ring_id: z.string().nullable(),
    whole_ring: z
      .boolean()
      .describe('All held accounts of the ring share this case; `account_id` is the first of them.'),
    decision_id: z.string().nullable(),
    state: z.enum(caseStates),
    priority: z.number().describe('Higher is more urgent.'),
    score: z.number(),
    reason: z.string(),
    verify: z.array(z.enum(verificationMethods)),
    opened_at: time,
    due_at: time,
    claimed_by: z.string().nullable(),
    lease_until: time.nullable(),
    snoozed_until: time.nullable(),
    decision: z.enum(['approve', 'reject']).nullable(),
    decided_by: z.string().nullable(),
    decided_at: time.nullable(),
    effective_at: time.nullable().describe('When the decision reaches the gate: the end of the undo window.'),
    version: z.number().int(),
  })
  .meta({ id: 'Case' });

export const timelineEntryReply = z
  .strictObject({
    at: time,
    actor: z.string().nullable(),
    kind: z.string(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'TimelineEntry' });

export const caseDetailReply = caseReply
  .extend({
    decision_record: storedDecisionReply
      .nullable()
      .describe('The decision that opened it: reasons, signals, features.'),
    timeline: z.array(timelineEntryReply),
    ring: z.strictObject({ id: z.string(), size: z.number().int().nullable() }).nullable(),
    similar_accounts: z
      .array(z.strictObject({ account_id: z.string(), case_id: z.string(), state: z.enum(caseStates) }))
      .describe('Accounts with a case in the same ring.'),
  })
  .meta({ id: 'CaseDetail' });

export const claimReply = z
  .strictObject({ case: caseReply, claim_token: z.string(), lease_until: time })
  .meta({ id: 'Claim', description: 'A lease with its fencing token: an older token can no longer write.' });

export const caseChangeReply = z
  .strictObject({ case: caseReply.nullable(), access: accessReply.nullable() })
  .meta({ id: 'CaseChange' });

export const accountReply = z
  .strictObject({
    id: z.string(),
    access: accessReply,
    verified: z.boolean(),
    cleared_rules: z.array(z.string()),
    open_case_id: z.string().nullable(),
    pending_verifications: z.array(z.enum(verificationMethods)),
    first_seen_at: time,
    history: z.array(timelineEntryReply).describe('Newest first: decisions and what happened to its cases.'),
  })
  .meta({ id: 'Account' });

export const gateReply = z
  .strictObject({
    state: z.enum([...accessStates, 'unknown']),
    allowed: z.boolean(),
    degraded: z.boolean().describe('Answered from the last known state because a store could not be asked.'),
    limits: z.strictObject({ requests_per_day: z.number().int(), remaining_today: z.number().int() }).optional(),
  })
  .meta({ id: 'GateAnswer' });

export const ruleProblemReply = z
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

const share = z
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
        until: time,
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
        changes: z.array(z.strictObject({ from: z.enum(outcomes), to: z.enum(outcomes), decisions: whole })),
        newly_held: whole,
        newly_limited: whole,
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

export const keyReply = z
  .strictObject({
    id: z.string(),
    role: z.enum(serviceRoles),
    name: z.string(),
    created_at: time,
    revoked_at: time.nullable(),
  })
  .meta({ id: 'ServiceKey' });

export const newKeyReply = keyReply
  .extend({ secret: z.string().describe('Shown here and never again.') })
  .meta({ id: 'NewServiceKey' });

/** Path parameter that names something; longer ones name nothing. */
export const idParams = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(256)
    .refine((id) => !/[\0\p{Cs}]/u.test(id)),
});

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Entries a page.'),
  cursor: z.string().min(1).max(512).optional().describe('`next_cursor` of the page before.'),
};
