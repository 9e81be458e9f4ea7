import { createTextHmac } from './identifier-hash.js';
import { deriveKey } from './sealer.js';
import { textDigest } from './text-digest.js';

/** How the body of an event is recognised when it comes again. */
export interface BodyHash {
  /** `k1.` and an HMAC-SHA256 of the body's digest: all but an address or a phone may be known of an event, and tried. */
  hash(canonical: string): string;
  /** The digest alone, as decisions kept it before; nothing stores it any more. */
  former(canonical: string): string;
  /** What `hash` makes of the body that has this digest. */
  ofFormer(digest: string): string;
}

export function createBodyHash(pepper: string): BodyHash {
  const hmac = createTextHmac(deriveKey(pepper, 'event-body'));
  const former = (canonical: string): string => textDigest('sha256', canonical);
  const ofFormer = (digest: string): string => `k1.${hmac(digest)}`;
  return { hash: (canonical) => ofFormer(former(canonical)), former, ofFormer };
}

/** A digest of before, rather than a keyed hash or what an erasure left. */
export const isFormerBodyHash = (text: string): boolean => /^[\w-]{43}$/.test(text);
