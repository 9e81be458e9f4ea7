import { z } from 'zod';
import { callerId } from './caller-id.js';
import type { EventType } from './event-type.js';
import { carriedIdForm, isCarriedId } from './ids.js';
import { instantText } from './instant-text.js';
import { parseIpAddress } from './ip-address.js';
import { isMailDomain, splitAddress } from './mail-address.js';
import { internationalPhone } from './phone-number.js';

export { type EventType, eventTypes } from './event-type.js';

const text = (max: number) => z.string().max(max);
const carriedId = callerId
  .refine(isCarriedId, `expected ${carriedIdForm}`)
  .describe('Without control characters and blanks at its ends; not `.` or `..`, which no path can carry.');
const country = z.string().regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 alpha-2 code in capitals, such as "US"');
const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER);

const fingerprint = callerId.describe(
  'Nothing but 13 to 19 digits that pass Luhn, spaces and dashes left out, is a card number and refused (`card_number_rejected`). A fingerprint that is a decimal number needs a letter in front. Blanks at its ends, and characters that nobody sees, make no other one.',
);

const accountSchema = z.strictObject({
  id: carriedId,
  organization: text(512).optional(),
  plan: text(128).optional(),
  path: text(128).optional(),
  declared_country: country.optional(),
  referrer: text(1024).optional(),
});

const emailSchema = z.strictObject({
  address: z
    .string()
    .min(3)
    .max(320)
    .regex(/^.+@[^@\s]+$/, { error: 'expected an address such as "name@mail.example"', abort: true })
    .refine((text) => splitAddress(text) !== undefined, {
      error: 'expected one @ and no spaces before it, or a local part in quotes',
      abort: true,
    })
    .refine(
      (text) => isMailDomain(splitAddress(text)?.domain ?? ''),
      'expected a domain behind the @, or an address literal such as [192.0.2.1]',
    )
    .describe('RFC 5321: one @ and a domain or address literal behind it; a local part with spaces or an @ in quotes.'),
  verified: z.boolean().optional(),
});

const phoneSchema = z.strictObject({
  number: z
    .string()
    .regex(internationalPhone, 'expected E.164, such as "+15551234567"')
    .describe('All spellings of a number that its numbering plan knows are one: `+4407911123456` is `+447911123456`.'),
  verified: z.boolean().optional(),
});

const deviceSchema = z.strictObject({
  fingerprint: fingerprint.optional(),
  confidence: z.number().min(0).max(1).optional(),
  platform: text(128).optional(),
  timezone: text(64).optional(),
  languages: z.array(text(64)).max(32).optional(),
  screen: text(32).optional(),
  gpu: text(256).optional(),
  webdriver: z.boolean().optional(),
  touch: z.boolean().optional(),
  client_hints: z
    .strictObject({ platform: text(64).optional(), mobile: z.boolean().optional(), brands: text(512).optional() })
    .optional(),
  ja4: text(128).optional(),
  form_ms: z.number().min(0).max(86_400_000).optional(),
});

const paymentSchema = z.strictObject({
  fingerprint: fingerprint.optional(),
  bin: z
    .string()
    .regex(/^[0-9]{6,8}$/, 'expected the first 6 to 8 digits')
    .optional(),
  brand: text(64).optional(),
  funding: z.enum(['credit', 'debit', 'prepaid', 'virtual', 'unknown']).optional(),
  country: country.optional(),
});

const apiKeyId = carriedId.describe(
  'Announced by `api_key_created`. It belongs to the account that it was announced for first: an announcement for another account is judged like any event, and does not move the key.',
);

const apiKeySchema = z.strictObject({ id: apiKeyId, scopes: z.array(text(128)).max(64).optional() });

const usageSchema = z.strictObject({
  window_s: z.number().positive().max(31_536_000).optional(),
  requests: count.optional(),
  output_tokens: count.optional(),
  distinct_ips: count.optional(),
  top_model_share: z.number().min(0).max(1).optional(),
  prompt_template: text(128).optional(),
});

const ip = z
  .string()
  .max(64)
  .refine((value) => parseIpAddress(value) !== undefined, 'expected an IPv4 or IPv6 address');

const common = {
  event_id: z.string().regex(/^[A-Za-z0-9_.:-]{1,128}$/, 'expected 1 to 128 of A-Z a-z 0-9 _ . : -'),
  occurred_at: instantText.optional(),
  account: accountSchema,
  user_agent: text(8192).optional(),
  accept_language: text(1024).optional(),
  email: emailSchema.optional(),
  phone: phoneSchema.optional(),
  device: deviceSchema.optional(),
  payment: paymentSchema.optional(),
  custom: z.record(z.string().max(128), z.json()).optional(),
};

const signupSchema = z.strictObject({
  type: z.literal('signup'),
  ...common,
  ip,
  api_key: apiKeySchema.optional(),
});
const paymentMethodAddedSchema = z.strictObject({
  type: z.literal('payment_method_added'),
  ...common,
  ip: ip.optional(),
  api_key: apiKeySchema.optional(),
});
const apiKeyCreatedSchema = z.strictObject({
  type: z.literal('api_key_created'),
  ...common,
  ip,
  api_key: apiKeySchema,
});
const apiKeyUsedSchema = z.strictObject({
  type: z.literal('api_key_used'),
  ...common,
  ip,
  api_key: apiKeySchema,
  usage: usageSchema.optional(),
});

/** What callers send; strict: an unknown key is an error, `custom` is the open place. */
export const eventSchema = z.discriminatedUnion('type', [
  signupSchema,
  paymentMethodAddedSchema,
  apiKeyCreatedSchema,
  apiKeyUsedSchema,
]);

type Flat<T> = { [K in keyof T]: T[K] };

/** One flat view of all four types: what a type does not carry is absent. */
export type Event = Flat<
  Omit<z.infer<typeof apiKeyUsedSchema>, 'type' | 'ip' | 'api_key' | 'usage'> & {
    type: EventType;
    ip?: string | undefined;
    api_key?: z.infer<typeof apiKeySchema> | undefined;
    usage?: z.infer<typeof usageSchema> | undefined;
  }
>;

/** The parts of an event that later events of the same account inherit (contract, section 2). */
export interface RememberedParts {
  organization?: string | undefined;
  plan?: string | undefined;
  path?: string | undefined;
  declared_country?: string | undefined;
  email?: Event['email'];
  phone?: Event['phone'];
  /** Without ja4, which belongs to the event itself. */
  device?: Event['device'];
  payment?: Event['payment'];
}

/** What is known of the signup itself, kept for `signup.`, `key_delay.` and `pay_delay.` signals. */
export interface SignupRecord {
  /** When the account's signup occurred, epoch milliseconds. */
  readonly at: number;
  readonly ip?: string | undefined;
}
