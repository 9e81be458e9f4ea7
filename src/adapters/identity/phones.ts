import { type NumberType, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { rememberAnswers } from '../../model/remember-answers.js';
import type { PhoneType } from '../../signals/catalogue.js';
import type { PhoneParser } from '../../signals/signal-context.js';

/** Where a plan does not tell mobile from fixed (North America), the type is absent. */
const types: Readonly<Partial<Record<Exclude<NumberType, undefined>, PhoneType>>> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'fixed',
  VOIP: 'voip',
  TOLL_FREE: 'toll_free',
  PREMIUM_RATE: 'premium',
  SHARED_COST: 'other',
  PERSONAL_NUMBER: 'other',
  PAGER: 'other',
  UAN: 'other',
  VOICEMAIL: 'other',
};

function parse(number: string): ReturnType<PhoneParser['parse']> {
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined) return undefined;
  const type = parsed.getType();
  return { country: parsed.country, type: type === undefined ? undefined : types[type] };
}

/** An account's later events bring its number again; numbering plans are a chain of large regular expressions. */
const mostNumbers = 20_000;

export const createPhoneParser = (): PhoneParser => ({ parse: rememberAnswers(parse, mostNumbers) });
