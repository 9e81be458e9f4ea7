import { textDigest } from '../crypto/text-digest.js';

/** Ten characters of a hash, 60 bits: long enough within one key. */
export const digestOf = (text: string): string => textDigest('sha1', text).slice(0, 10);
