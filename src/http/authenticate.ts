import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { textDigest } from '../adapters/crypto/text-digest.js';
import type { ServiceKeys, ServiceRole } from '../model/service-key.js';

/** Who is calling. */
export interface Caller {
  readonly keyId: string;
  readonly role: ServiceRole;
  /** Of the browser whose cookie carried the key; a key that was sent itself belongs to none. */
  readonly sessionId?: string;
}

/** Undefined when the secret is no key. Rejects when the store cannot say. */
export type Authenticate = (secret: string) => Promise<Caller | undefined>;

const digest = (secret: string): Buffer => Buffer.from(textDigest('sha256', secret));

const keyForm = /^pk_[A-Za-z0-9_.-]{8,200}$/;

/** `Authorization: Bearer …`; or `X-Portcullis-Key`, for proxies that pass the visitor's own Authorization through. */
export function secretOf(headers: IncomingHttpHeaders): string | undefined {
  const own = headers['x-portcullis-key'];
  if (typeof own === 'string' && own !== '') return own;
  const found = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '');
  return found?.[1];
}

/**
 * Keys are asked for on every request: remembering them, and for how long, is the store's own business, or two memories
 * would add up and a revocation would take longer than either promises.
 */
export function createAuthenticate(keys: Pick<ServiceKeys, 'find'>, bootstrapKey: string | undefined): Authenticate {
  const bootstrap = bootstrapKey === undefined || bootstrapKey === '' ? undefined : digest(bootstrapKey);
  return async (secret) => {
    if (bootstrap !== undefined && timingSafeEqual(digest(secret), bootstrap)) {
      return { keyId: 'bootstrap', role: 'admin' };
    }
    // What cannot be a key costs the store nothing.
    const key = keyForm.test(secret) ? await keys.find(secret) : undefined;
    return key === undefined ? undefined : { keyId: key.id, role: key.role };
  };
}
