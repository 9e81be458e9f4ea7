import type { EventSealer } from '../../evaluate/evaluator-ports.js';
import { createTextHmac } from './identifier-hash.js';
import { pooledRandomBytes } from './random-bytes.js';
import { deriveKey, openWith, sealWith } from './sealer.js';

/** For whole events: each has a key made from its own salt, so that erasing the salt erases the event. */
export function createEventSealer(secret: string): EventSealer {
  const kek = deriveKey(secret, 'event-log');
  const hmac = createTextHmac(kek);
  const keyOf = (salt: string): Buffer => Buffer.from(hmac(salt), 'base64url');
  return {
    newSalt: () => pooledRandomBytes(16).toString('base64url'),
    seal: (salt, json) => sealWith(keyOf(salt), json),
    open: (salt, sealed) => openWith(keyOf(salt), sealed),
  };
}
