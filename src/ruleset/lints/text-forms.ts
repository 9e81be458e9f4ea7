import { asciiDomain, asciiIfDomain } from '../../lists/ascii-domain.js';
import { canonicalPhone } from '../../lists/canonical-phone.js';
import { parseIpAddress, parseIpRange, rangeText } from '../../model/ip-address.js';
import { addressLiteral } from '../../model/mail-address.js';
import { type EmailParts, emailParts, mailboxOf } from '../../model/mailbox.js';
import { own } from '../../model/own.js';

/** How the texts of a signal are written: a text of another form is never equal to them. */
export interface TextForm {
  readonly whole: { test(text: string): boolean };
  /** What can stand within them. */
  readonly part: RegExp;
  readonly words: string;
  /** What was probably meant. */
  readonly mend: (text: string) => string;
  /** What to ask instead, where another question was meant. */
  readonly askInstead?: (text: string) => string | undefined;
}

const small = (text: string): string => text.toLowerCase();

const smallLetters: TextForm = { whole: /^[^A-Z]*$/, part: /^[^A-Z]*$/, words: 'in small letters', mend: small };

const isLiteral = (text: string): boolean => addressLiteral(text)?.toLowerCase() === text;

const domain: TextForm = {
  whole: { test: (text) => /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(text) || isLiteral(text) },
  part: /^[a-z0-9._-]*$/,
  words: 'a domain in small letters, as it is registered, without a dot before or behind it',
  mend: (text) => asciiIfDomain(small(text.trim().replace(/^.*[@/]/, '')).replace(/^\.+|\.+$/g, '')),
};

const partsOf = (text: string): EmailParts | undefined => emailParts(text, { toAscii: asciiDomain });

const canonicalOf = (text: string): string => partsOf(text)?.canonical ?? small(text);

const mailAddress: TextForm = {
  whole: { test: (text) => partsOf(text)?.canonical === text },
  part: /^[^A-Z]*$/,
  words: 'an address in small letters, without the dots and tags that its provider ignores',
  mend: canonicalOf,
};

const mailboxText = (text: string): string => {
  const parts = partsOf(text);
  return (parts && mailboxOf(parts)) ?? canonicalOf(text);
};

const mailbox: TextForm = {
  ...mailAddress,
  whole: { test: (text) => mailAddress.whole.test(text) && mailboxText(text) === text },
  words: 'an address in small letters, without a tag',
  mend: mailboxText,
};

const otherCountries: Readonly<Record<string, string>> = {
  UK: 'GB',
  EN: 'GB',
  GBR: 'GB',
  USA: 'US',
  GER: 'DE',
  DEU: 'DE',
};

const country: TextForm = {
  whole: /^(?!UK$|EN$)[A-Z]{2}$/,
  part: /^[A-Z]{0,2}$/,
  words: 'two capitals, as in ISO 3166-1',
  mend: (text) => own(otherCountries, text.toUpperCase()) ?? text.toUpperCase(),
};

const digits: TextForm = {
  whole: /^[0-9]{6,8}$/,
  part: /^[0-9]*$/,
  words: '6 to 8 digits',
  mend: (text) => text.replace(/[^0-9]/g, '').slice(0, 8),
};

const phone: TextForm = {
  whole: /^\+[0-9]*$/,
  part: /^\+?[0-9]*$/,
  words: 'a plus and digits',
  mend: (text) => `+${text.replace(/[^0-9]/g, '')}`,
};

const phoneNumber: TextForm = {
  ...phone,
  whole: { test: (text) => phone.whole.test(text) && (canonicalPhone(text) ?? text) === text },
  words: 'a plus and digits, without the zero of national calls',
  mend: (text) => canonicalPhone(text) ?? phone.mend(text),
};

const rangeQuestion = (text: string): string | undefined =>
  text.includes('/') && parseIpRange(text) !== undefined
    ? `a range is asked for with in_cidr(ip.address, "${text}")`
    : undefined;

const address: TextForm = {
  whole: { test: (text) => parseIpAddress(text)?.text === text },
  part: /^[0-9a-f.:]*$/,
  words: 'one address, as it is written shortest',
  mend: (text) => parseIpAddress(text.replace(/\/.*$/, ''))?.text ?? small(text),
  askInstead: rangeQuestion,
};

/** The /24 of IPv4, the /64 of IPv6. */
function isPrefix(text: string): boolean {
  const range = parseIpRange(text);
  return range !== undefined && range.bits === (range.version === 4 ? 24 : 64) && rangeText(range) === text;
}

const addressPrefix: TextForm = {
  whole: { test: isPrefix },
  part: /^[0-9a-f.:/]*$/,
  words: 'a prefix such as 192.0.2.0/24',
  mend: (text) => (/^[0-9.]+$/.test(text) ? `${text.split('.').slice(0, 3).join('.')}.0/24` : small(text)),
  askInstead: (text) => (isPrefix(small(text)) ? undefined : rangeQuestion(text)),
};

/** Numbers that are looked for in a list of values. */
export const numberForm: TextForm = {
  whole: /^-?[0-9]+(?:\.[0-9]+)?$/,
  part: /^-?[0-9.]*$/,
  words: 'a number',
  mend: (text) => text,
};

/** Signals whose texts all have a form, by name. */
export const textForms: ReadonlyMap<string, TextForm> = new Map([
  ['ip.address', address],
  ['ip.prefix', addressPrefix],
  ['ip.country', country],
  ['signup.country', country],
  ['phone.country', country],
  ['payment.country', country],
  ['account.declared_country', country],
  ['email.domain', domain],
  ['email.registrable_domain', domain],
  ['email.address', mailAddress],
  ['email.mailbox', mailbox],
  ['email.shape', smallLetters],
  ['email.style', smallLetters],
  ['payment.brand', smallLetters],
  ['payment.bin', digits],
  ['phone.number', phoneNumber],
  ['phone.prefix', phone],
]);

/** Signals that hold an address or a range of them. */
export const addressSignals: ReadonlySet<string> = new Set(['ip.address']);
