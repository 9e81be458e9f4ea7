import { type NumberType, parsePhoneNumberFromString } from 'libphonenumber-js/max';
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

export function createPhoneParser(): PhoneParser {
  return {
    parse(number) {
      const parsed = parsePhoneNumberFromString(number);
      if (parsed === undefined) return undefined;
      const type = parsed.getType();
      return { country: parsed.country, type: type === undefined ? undefined : types[type] };
    },
  };
}
