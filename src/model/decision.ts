import { z } from 'zod';
import { accessStates } from './access.js';
import { eventTypes } from './event.js';
import { outcomes, verificationMethods } from './rule.js';

const value = z.union([z.string(), z.number(), z.boolean()]);

const reasonSchema = z.strictObject({
  code: z.string(),
  rule: z.string(),
  points: z.number(),
  title: z.string(),
  evidence: z.record(z.string(), value),
});

/** The answer of an evaluation, kept for good (contract, section 3). */
export const decisionSchema = z.strictObject({
  id: z.string(),
  event_id: z.string(),
  type: z.enum(eventTypes),
  account_id: z.string(),
  outcome: z.enum(outcomes),
  score: z.number().min(0).max(100),
  access: z.strictObject({
    state: z.enum(accessStates),
    version: z.number().int(),
    limits: z.strictObject({ requests_per_day: z.number().int() }).optional(),
  }),
  reasons: z.array(reasonSchema),
  public_reason: z
    .string()
    .nullable()
    .describe(
      'What the person may be told: coarse. `access_refused` whenever the account is denied; null when there is nothing to tell.',
    ),
  verify: z.array(z.enum(verificationMethods)),
  case_id: z.string().nullable(),
  ring: z.strictObject({ id: z.string(), size: z.number().int() }).nullable(),
  /** Rules that changed nothing, each with what the outcome would have been with it. */
  shadow: z.array(z.strictObject({ rule: z.string(), outcome: z.enum(outcomes) })),
  /** Rules that turned the outcome by themselves, each with what it would have been without it. Only where any. */
  without: z.array(z.strictObject({ rule: z.string(), outcome: z.enum(outcomes) })).optional(),
  /** The rule whose `at_most` took the outcome down; only where one did. */
  overruled_by: z.string().optional(),
  /** What it would have been; only under a policy that reports and enforces nothing. */
  reported: z.strictObject({ outcome: z.enum(outcomes), score: z.number() }).optional(),
  ruleset: z.strictObject({ version: z.string(), hash: z.string() }),
  unknown: z.array(z.string()),
  degraded: z.array(z.string()),
  /** Of the inputs that rules read, those that could not be had: the others without a value are absent. Only where any. */
  unavailable: z.array(z.string()).optional(),
  decided_at: z.string(),
  duration_ms: z.number(),
});

export type Decision = z.infer<typeof decisionSchema>;
export type Reason = z.infer<typeof reasonSchema>;
