import { type NumberType, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { internationalPhone } from '../model/phone-number.js';
import { rememberAnswers } from '../model/remember-answers.js';

/** What numbering plans know of a number. */
interface PlannedPhone {
  /** E.164 as the plan has it, or as it was written where the plan does not know it. */
  readonly number: string;
  readonly country: string | undefined;
  readonly kind?: NumberType;
}

/** Digits are left out only where that makes a number of the plan: in Italy the zero is part of it. */
function read(number: string): PlannedPhone | undefined {
  const parsed = parsePhoneNumberFromString(number);
  return parsed && (planned(parsed) ?? withoutZero(number, parsed) ?? { number, country: parsed.country });
}

/** A number of the plan is one that has a kind there; undefined for all others. */
function planned(parsed: PhoneNumber): PlannedPhone | undefined {
  const kind = parsed.getType();
  return kind === undefined ? undefined : { number: parsed.number, country: parsed.country, kind };
}

/** Where the digit behind the zero could be that of a carrier, as in Colombia, it is taken for one. */
function withoutZero(number: string, { countryCallingCode: code }: PhoneNumber): PlannedPhone | undefined {
  const national = number.slice(1 + code.length);
  if (!national.startsWith('0')) return undefined;
  const parsed = parsePhoneNumberFromString(`+${code}${national.replace(/^0+/, '')}`);
  return parsed && planned(parsed);
}

/** An account's later events bring its number again; numbering plans are a chain of large regular expressions. */
const mostNumbers = 20_000;

/** Undefined when the number fits no numbering plan. */
export const planOfPhone = rememberAnswers(read, mostNumbers);

const separators = /[\s().-]/g;
const phoneLike = /^\+[0-9\s().-]{5,30}$/;

/**
 * One text for all spellings of a number, as `phone.number` has it: no separators, and no zero of national calls between
 * country and number (`+44 (0)7911 123456` is `+447911123456`). Undefined when it is no E.164.
 */
export function canonicalPhone(text: string): string | undefined {
  if (!phoneLike.test(text)) return undefined;
  const bare = text.replace(separators, '');
  return internationalPhone.test(bare) ? (planOfPhone(bare)?.number ?? bare) : undefined;
}
