import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { pooledRandomBytes } from './random-bytes.js';

/** Hides text at rest. `open` gives undefined when the seal was made with another key or was changed. */
export interface Sealer {
  seal(text: string): string;
  open(text: string): string | undefined;
}

const nonceBytes = 12;
const tagBytes = 16;

/** nonce, tag and body, base64url. */
export function sealWith(key: Buffer, text: string): string {
  const nonce = pooledRandomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = cipher.update(text, 'utf8');
  // GCM has nothing left to say but its tag.
  cipher.final();
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

export function openWith(key: Buffer, sealed: string): string | undefined {
  try {
    const bytes = Buffer.from(sealed, 'base64url');
    const opener = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
    opener.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    return opener.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + opener.final('utf8');
  } catch {
    return undefined;
  }
}

/** One key for one use, so that a leak of one tells nothing of another. */
export const deriveKey = (secret: string, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'portcullis', use, 32));

/** For what an account is remembered by. */
export function createSealer(secret: string): Sealer {
  const key = deriveKey(secret, 'account-memory');
  return { seal: (text) => sealWith(key, text), open: (text) => openWith(key, text) };
}
