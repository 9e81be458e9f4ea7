import type { EventType } from './event-type.js';
import { carriedIdForm, isCarriedId } from './ids.js';
import { parseIpAddress } from './ip-address.js';
import { isMailDomain, splitAddress } from './mail-address.js';
import { internationalPhone } from './phone-number.js';
import { parseInstant } from './time.js';

/** What a field of an event holds; `json` is anything. */
type EventFieldKind = 'text' | 'number' | 'flag' | 'texts' | 'json';

/** One field of an event by its dotted name, for files in which authors write events by hand. */
export interface EventField {
  readonly name: string;
  readonly kind: EventFieldKind;
  /** The only values it may have. */
  readonly values?: readonly string[];
  /** What a text has to look like, and how that is told. */
  readonly form?: { readonly fits: (text: string) => boolean; readonly expected: string };
  /** What a number lies between. */
  readonly range?: readonly [least: number, most: number];
}

type More = Omit<EventField, 'name' | 'kind'>;

const field =
  (kind: EventFieldKind) =>
  (name: string, more: More = {}): EventField => ({ name, kind, ...more });
const text = field('text');
const number = field('number');
const flag = field('flag');
const texts = field('texts');

const like = (pattern: RegExp, expected: string): More => ({
  form: { fits: (value) => pattern.test(value), expected },
});
const country = like(/^[A-Z]{2}$/, 'a country of two capitals, such as US');
const carriedId: More = { form: { fits: isCarriedId, expected: carriedIdForm } };
const fitsTime = (value: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value) && parseInstant(value) !== undefined;

const isMailAddress = (value: string): boolean => isMailDomain(splitAddress(value)?.domain ?? '');

/** Every field that a caller may send, except the type (contract, section 2). */
export const eventFields: readonly EventField[] = [
  text('event_id', like(/^[A-Za-z0-9_.:-]{1,128}$/, '1 to 128 of A-Z a-z 0-9 _ . : -')),
  text('occurred_at', { form: { fits: fitsTime, expected: 'a time such as 2026-05-01T12:00:00Z' } }),
  text('account.id', carriedId),
  text('account.organization'),
  text('account.plan'),
  text('account.path'),
  text('account.declared_country', country),
  text('account.referrer'),
  text('ip', { form: { fits: (value) => parseIpAddress(value) !== undefined, expected: 'an IPv4 or IPv6 address' } }),
  text('user_agent'),
  text('accept_language'),
  text('email.address', { form: { fits: isMailAddress, expected: 'an address such as name@mail.example' } }),
  flag('email.verified'),
  text('phone.number', like(internationalPhone, 'E.164 with its plus sign, such as "+15551234567"')),
  flag('phone.verified'),
  text('device.fingerprint'),
  number('device.confidence', { range: [0, 1] }),
  text('device.platform'),
  text('device.timezone'),
  texts('device.languages'),
  text('device.screen'),
  text('device.gpu'),
  flag('device.webdriver'),
  flag('device.touch'),
  text('device.client_hints.platform'),
  flag('device.client_hints.mobile'),
  text('device.client_hints.brands'),
  text('device.ja4'),
  number('device.form_ms', { range: [0, 86_400_000] }),
  text('payment.fingerprint'),
  text('payment.bin', like(/^[0-9]{6,8}$/, 'the first 6 to 8 digits of a card, in quotes')),
  text('payment.brand'),
  text('payment.funding', { values: ['credit', 'debit', 'prepaid', 'virtual', 'unknown'] }),
  text('payment.country', country),
  text('api_key.id', carriedId),
  texts('api_key.scopes'),
  number('usage.window_s', { range: [1, 31_536_000] }),
  number('usage.requests', { range: [0, Number.MAX_SAFE_INTEGER] }),
  number('usage.output_tokens', { range: [0, Number.MAX_SAFE_INTEGER] }),
  number('usage.distinct_ips', { range: [0, Number.MAX_SAFE_INTEGER] }),
  number('usage.top_model_share', { range: [0, 1] }),
  text('usage.prompt_template'),
  field('json')('custom'),
];

/** Who says anything of these has to say this. */
export const neededWithin: Readonly<Record<string, string>> = {
  email: 'email.address',
  phone: 'phone.number',
  api_key: 'api_key.id',
};

/** Fields without which there is no event of the type. */
export const neededFields: Readonly<Record<EventType, readonly string[]>> = {
  signup: ['account.id', 'ip'],
  payment_method_added: ['account.id'],
  api_key_created: ['account.id', 'ip', 'api_key.id'],
  api_key_used: ['account.id', 'ip', 'api_key.id'],
};

/** Groups of fields that only some types have. */
export const carriedBy: Readonly<Record<string, readonly EventType[]>> = { usage: ['api_key_used'] };
