import { z } from 'zod';
import { canonicalMailbox } from '../../lists/canonical-mailbox.js';
import { canonicalPhone } from '../../lists/canonical-phone.js';
import { plainFingerprint } from '../../model/fingerprint.js';

const text = z.string().catch('');
const eventParts = z.looseObject({
  ip: text,
  email: z.looseObject({ address: text }).catch({ address: '' }),
  phone: z.looseObject({ number: text }).catch({ number: '' }),
  device: z.looseObject({ fingerprint: text }).catch({ fingerprint: '' }),
  payment: z.looseObject({ fingerprint: text }).catch({ fingerprint: '' }),
});

/** What in an event is a person's own, as a list may hold it: lower case, a mailbox without its tag as well. */
export function identifiersOf(event: unknown): readonly string[] {
  const parsed = eventParts.safeParse(event);
  if (!parsed.success) return [];
  const { ip, email, phone, device, payment } = parsed.data;
  const address = email.address.trim().toLowerCase();
  const plain = address.replace(/\+[^@]*@/, '@');
  const all = [
    ip,
    `${ip}/32`,
    `${ip}/128`,
    address,
    plain,
    canonicalMailbox(address) ?? '',
    phone.number,
    canonicalPhone(phone.number) ?? '',
    ...[device.fingerprint, payment.fingerprint].flatMap((one) => [one, plainFingerprint(one) ?? '']),
  ];
  // Shorter ones are nobody's: an absent address makes `/32`.
  return [...new Set(all.map((one) => one.toLowerCase()).filter((one) => one.length > 4))];
}
