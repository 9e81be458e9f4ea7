import { textDigest } from '../crypto/text-digest.js';

/** Ten characters of a hash, 60 bits: long enough for all keys of an installation. */
export const digestOf = (text: string): string => textDigest('sha1', text).slice(0, 10);

/** Eight characters, 48 bits: long enough within one key. */
export const refIn = (digest: string): string => digest.slice(0, 8);

export const refOf = (text: string): string => refIn(digestOf(text));

/** The beginning of a hash without its `kid.`, long enough within one key: 60 bits. */
export function shortHash(hash: string): string {
  const from = hash.indexOf('.') + 1;
  return hash.slice(from, from + 10);
}
