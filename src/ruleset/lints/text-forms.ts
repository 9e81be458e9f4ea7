import { asciiDomain, asciiIfDomain } from '../../lists/ascii-domain.js';
import { canonicalPhone } from '../../lists/canonical-phone.js';
import { registrableDomain } from '../../lists/registrable-domain.js';
import { parseIpAddress, parseIpRange, rangeText } from '../../model/ip-address.js';
import { addressLiteral } from '../../model/mail-address.js';
import { type EmailParts, emailParts, mailboxOf, mailDomainOf } from '../../model/mailbox.js';
import { own } from '../../model/own.js';
import type { TextPlace } from './look.js';

interface Test {
  test(text: string): boolean;
}

/** How the texts of a signal are written: a text of another form is never equal to them. */
export interface TextForm {
  readonly whole: Test;
  /** What can stand within them, wherever it does. */
  readonly part: RegExp;
  /** What of that can stand at their start, at their end; everything by default. */
  readonly start?: Test;
  readonly end?: Test;
  readonly words: string;
  /** What was probably meant. */
  readonly mend: (text: string) => string;
  /** What to ask instead, where another question was meant. */
  readonly askInstead?: (text: string) => string | undefined;
}

/** Can the text be there? */
export function fitsAt(form: TextForm, place: TextPlace, text: string): boolean {
  if (place === 'whole') return form.whole.test(text);
  if (!form.part.test(text)) return false;
  return place === 'within' || form[place]?.test(text) !== false;
}

const small = (text: string): string => text.toLowerCase();

const smallLetters: TextForm = { whole: /^[^A-Z]*$/, part: /^[^A-Z]*$/, words: 'in small letters', mend: small };

const isLiteral = (text: string): boolean => addressLiteral(text)?.toLowerCase() === text;

const domain: TextForm = {
  whole: { test: (text) => /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(text) || isLiteral(text) },
  part: /^(?!.*\.\.)[a-z0-9._:[\]-]*$/,
  start: /^[^.]/,
  end: /[^.]$/,
  words: 'a domain in small letters, as it is registered, without a dot before or behind it',
  mend: (text) => asciiIfDomain(small(text.trim().replace(/^.*[@/]/, '')).replace(/^\.+|\.+$/g, '')),
};

const mailDomain: TextForm = {
  ...domain,
  whole: { test: (text) => domain.whole.test(text) && mailDomainOf(text) === text },
  mend: (text) => mailDomainOf(domain.mend(text)),
};

const registeredDomain: TextForm = {
  ...domain,
  whole: { test: (text) => registrableDomain(text) === text },
  words: 'the part of a domain that somebody registered, in small letters',
  mend: (text) => registrableDomain(domain.mend(text)) ?? domain.mend(text),
};

const partsOf = (text: string): EmailParts | undefined => emailParts(text, { toAscii: asciiDomain });

const canonicalOf = (text: string): string => partsOf(text)?.canonical ?? small(text);

/** All mailboxes of one provider are told by one of its domains. */
function isHome(ending: string): boolean {
  const at = ending.lastIndexOf('@');
  const somebody = `a${ending.slice(at)}`;
  return at < 0 || canonicalOf(somebody) === somebody;
}

const mailAddress: TextForm = {
  whole: { test: (text) => partsOf(text)?.canonical === text },
  part: /^[^A-Z]*$/,
  end: { test: isHome },
  words:
    'an address in small letters, as its provider has it: without dots and tags that it ignores, at one of its domains',
  mend: (text) => (text.startsWith('@') ? canonicalOf(`a${text}`).slice(1) : canonicalOf(text)),
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
  part: /^[0-9]{0,8}$/,
  words: '6 to 8 digits',
  mend: (text) => text.replace(/[^0-9]/g, '').slice(0, 8),
};

const phone: TextForm = {
  whole: /^\+[0-9]*$/,
  part: /^\+?[0-9]*$/,
  start: /^\+/,
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

const isByte = (text: string): boolean => /^(?:0|[1-9]\d{0,2})$/.test(text) && Number(text) < 256;

/** How addresses of IPv4 begin; what has no dot may be of either kind. */
function beginsAddress(text: string): boolean {
  if (!text.includes('.') || text.includes(':')) return true;
  const bytes = text.split('.');
  return bytes.length <= 4 && bytes.every((byte, index) => isByte(byte) || (byte === '' && index === bytes.length - 1));
}

const address: TextForm = {
  whole: { test: (text) => parseIpAddress(text)?.text === text },
  part: /^[0-9a-f.:]*$/,
  start: { test: beginsAddress },
  words: 'one address, as it is written shortest',
  mend: (text) => parseIpAddress(text.replace(/\/.*$/, ''))?.text ?? small(text),
  askInstead: rangeQuestion,
};

/** The /24 of IPv4, the /64 of IPv6. */
function isPrefix(text: string): boolean {
  const range = parseIpRange(text);
  return range !== undefined && range.bits === (range.version === 4 ? 24 : 64) && rangeText(range) === text;
}

const prefixEnds = ['/24', '/64'];

const addressPrefix: TextForm = {
  whole: { test: isPrefix },
  part: /^[0-9a-f.:/]*$/,
  start: { test: (text) => beginsAddress(text.replace(/\/.*$/, '')) },
  end: { test: (text) => prefixEnds.some((end) => end.endsWith(text) || text.endsWith(end)) },
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
  ['signup.prefix', addressPrefix],
  ['ip.country', country],
  ['signup.country', country],
  ['phone.country', country],
  ['payment.country', country],
  ['account.declared_country', country],
  ['email.domain', mailDomain],
  ['email.registrable_domain', registeredDomain],
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
