import type { NumberType } from 'libphonenumber-js/max';
import { planOfPhone } from '../../lists/canonical-phone.js';
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
  const planned = planOfPhone(number);
  if (planned === undefined) return undefined;
  const { kind } = planned;
  return { number: planned.number, country: planned.country, type: kind === undefined ? undefined : types[kind] };
}

/** An account tells its number with each of its first events. */
const mostKept = 2000;

export const createPhoneParser = (): PhoneParser => ({ parse: rememberAnswers(parse, mostKept) });
