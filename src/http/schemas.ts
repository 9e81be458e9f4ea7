import { z } from 'zod';
import { sampleReasons } from '../cases/queue-figures.js';
import { accessStates } from '../model/access.js';
import { caseStates } from '../model/case.js';
import { decisionSchema } from '../model/decision.js';
import { eventSchema } from '../model/event.js';
import type { IdPrefix } from '../model/ids.js';
import { problemCodes } from '../model/problem.js';
import { verificationMethods } from '../model/rule.js';
import { serviceRoles } from '../model/service-key.js';
import { storableText } from '../model/storable-text.js';
import { visibleText } from '../model/visible-text.js';
import { wholeNumber } from './query-values.js';

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
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().optional().describe('Of what is wrong in the body: a JSON pointer, empty for the whole.'),
          parameter: z.string().optional().describe('Of what is wrong in the query: the name of the parameter.'),
          detail: z.string(),
        }),
      )
      .optional()
      .describe('Each has a `pointer` or a `parameter`.'),
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

const accessReply = z
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
    decision_id: z
      .string()
      .nullable()
      .describe(
        'The decision that opened it. Opened by a person, a fraud label or an appeal: the newest decision about the account by then. Null where none is kept.',
      ),
    state: z.enum(caseStates),
    priority: z.number().describe('Higher is more urgent; waiting adds 2 points an hour to it.'),
    score: z.number(),
    reason: z.string(),
    verify: z.array(z.enum(verificationMethods)),
    asks_for: z
      .array(z.enum(verificationMethods))
      .describe(
        'What lifts the hold once all of it has passed: `verify`, or `email`. Empty where a person is to decide: held by hand, or for a fraud label, until somebody decides `request_verification`; and of an appeal, whatever is asked.',
      ),
    opened_at: time,
    due_at: time,
    claimed_by: z.string().nullable(),
    assigned_to: z.string().nullable().describe('The key that is to decide it.'),
    escalated: z.boolean().describe('It waits for a senior.'),
    lease_until: time.nullable(),
    snoozed_until: time.nullable(),
    decision: z.enum(['approve', 'reject']).nullable(),
    decided_by: z.string().nullable(),
    decided_at: time.nullable(),
    effective_at: time.nullable().describe('When the decision reaches the gate: the end of the undo window.'),
    appealed_at: time.nullable().describe('When somebody asked for another look; of a ring, the latest.'),
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

const sampledMemberReply = z
  .strictObject({
    account_id: z.string(),
    why: z.array(z.enum(sampleReasons)).describe('Why it was chosen.'),
    joined_at: time.nullable().describe('Null for one that was spared: it is not in the case.'),
    state: z.enum(accessStates),
    verified: z.boolean(),
    score: z.number().nullable().describe('The highest of its decisions.'),
  })
  .meta({ id: 'SampledMember' });

export const caseDetailReply = caseReply
  .extend({
    decision_record: storedDecisionReply.nullable().describe('What `decision_id` names: reasons, signals, features.'),
    access: accessReply
      .nullable()
      .describe('What the gate does with the account now; null for a whole ring, each of whose members has its own.'),
    timeline: z.array(timelineEntryReply),
    ring: z.strictObject({ id: z.string(), size: z.number().int().nullable() }).nullable(),
    similar_accounts: z
      .array(
        z.strictObject({
          account_id: z.string(),
          case_id: z.string(),
          state: z.enum(caseStates),
          decision: z.enum(['approve', 'reject']).nullable(),
        }),
      )
      .describe('Accounts with a case in the same ring.'),
    members: z
      .array(sampledMemberReply)
      .describe('Of the case of a ring: up to 20 accounts that tell most about it. Empty for a single account.'),
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
    history: z
      .array(timelineEntryReply)
      .describe(
        'Newest first: decisions, what happened to its cases (of that of a ring, what names no other account), `access_changed` (`from`, `to`, `version`, `cause`, and what it was: `case_id`, `batch_id`, `ring_id`, `appeal_id`, `method`), and what people did to it (`account_held`, `account_released`, `account_denied`: who, `reason`, `from`, `to`). `account_judged_again`: what a decision that missed inputs came to with them (`event_id`, `outcome`, `score`, `reasons`, `rules`), whether or not access changed.',
      ),
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
  id: storableText(256),
});

/** What somebody has to say: blanks alone say nothing. */
export const said = (most: number) =>
  z.string().max(most).regex(visibleText, 'expected some text, not only blanks and invisible characters');
/** Why somebody does it; kept with what was done. */
export const reasonText = said(2000);

/** Names of cursors in use: a prefix and a ULID. */
export const isIdOf = (prefix: IdPrefix) => {
  const form = new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`);
  return (text: string): boolean => form.test(text);
};

/** `next_cursor` comes back as it was given: anything else would begin the list anew, and nobody would notice. */
export const notACursor = 'expected `next_cursor` of the page before, of the same list in the same order';
export const cursorThat = (fits: (text: string) => boolean, most = 512) =>
  z.string().min(1).max(most).refine(fits, notACursor).optional().describe('`next_cursor` of the page before.');

export const pageQuery = {
  limit: wholeNumber(1, 200).prefault(50).describe('Entries a page.'),
  cursor: z.string().min(1).max(512).optional().describe('`next_cursor` of the page before.'),
};
