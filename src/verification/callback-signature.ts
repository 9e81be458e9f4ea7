import { createHmac } from 'node:crypto';
import { isSameSecret } from '../cases/is-same-secret.js';
import type { Instant } from '../model/time.js';

/** Older or newer than this, a callback is refused, however well it is signed. */
export const callbackWindowMs = 300_000;

export interface SignedText {
  /** `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature`, as Standard Webhooks has them. */
  readonly id: string;
  readonly timestamp: string;
  readonly signatures: string;
  readonly text: string;
}

/** `whsec_…` is base64, anything else is taken as it is. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret, 'utf8');

/** `v1,<base64 of HMAC-SHA256 over id.timestamp.text>` */
export const signatureOf = (secret: string, { id, timestamp, text }: Omit<SignedText, 'signatures'>): string =>
  `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${text}`).digest('base64')}`;

/** Several signatures may be given, one for each secret while it is changed. */
export function isSignedBy(secret: string, signed: SignedText, now: Instant): boolean {
  if (!/^\d{1,12}$/.test(signed.timestamp) || signed.id === '' || signed.id.includes('.')) return false;
  if (Math.abs(now - Number(signed.timestamp) * 1000) > callbackWindowMs) return false;
  const expected = signatureOf(secret, signed);
  return signed.signatures.split(' ', 8).some((given) => isSameSecret(expected, given));
}
