import { createHash } from 'node:crypto';

/** Ten characters of a hash, 60 bits: long enough within one key. */
export const digestOf = (text: string): string => createHash('sha1').update(text).digest('base64url').slice(0, 10);
