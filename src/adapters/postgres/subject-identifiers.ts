import { z } from 'zod';
import { asciiDomain } from '../../lists/ascii-domain.js';
import { canonicalPhone } from '../../lists/canonical-phone.js';
import { normalizeValue } from '../../lists/list-entry.js';
import { plainFingerprint } from '../../model/fingerprint.js';
import { parseIpAddress, parseIpRange, rangeText } from '../../model/ip-address.js';
import { emailParts, mailboxOf } from '../../model/mailbox.js';

const text = z.string().catch('');
const eventParts = z.looseObject({
  ip: text,
  email: z.looseObject({ address: text }).catch({ address: '' }),
  phone: z.looseObject({ number: text }).catch({ number: '' }),
  device: z.looseObject({ fingerprint: text }).catch({ fingerprint: '' }),
  payment: z.looseObject({ fingerprint: text }).catch({ fingerprint: '' }),
});
type EventParts = z.infer<typeof eventParts>;

/**
 * What in an event is a person's own, as entries of lists have it: the kind of list, a blank and the key. A fingerprint that
 * reads like a network or a number of an AS names none.
 */
export function identifiersOf(event: unknown): readonly string[] {
  const parsed = eventParts.safeParse(event);
  if (!parsed.success) return [];
  // A single address is a range of its whole length.
  const range = parseIpRange(parsed.data.ip);
  const values = new Set([...asWritten(parsed.data), ...asCompared(parsed.data)].filter((one) => one !== ''));
  return [
    ...[...values].map((value) => `value ${value}`),
    ...(range === undefined ? [] : [`cidr ${rangeText(range)}`]),
  ];
}

/** For entries that an earlier version kept, each spelling for itself. */
function asWritten({ ip, email, phone, device, payment }: EventParts): readonly string[] {
  const address = email.address.trim();
  const untagged = address.replace(/\+[^@]*@/, '@');
  const all = [ip, address, untagged, phone.number, device.fingerprint, payment.fingerprint];
  return all.map((one) => one.toLowerCase());
}

/** As the signals have it, in the form in which look-ups compare: one for all spellings. */
function asCompared({ ip, email, phone, device, payment }: EventParts): readonly string[] {
  const parts = emailParts(email.address, { toAscii: asciiDomain });
  const all = [
    parseIpAddress(ip)?.text,
    parts?.canonical,
    parts && mailboxOf(parts),
    canonicalPhone(phone.number),
    plainFingerprint(device.fingerprint),
    plainFingerprint(payment.fingerprint),
  ];
  return all.flatMap((one) => (one === undefined ? [] : [normalizeValue(one)]));
}
