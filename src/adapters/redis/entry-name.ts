import { digestOf, shortHash } from './digest.js';

/** Length of a hash behind its `kid.`. */
const hashLength = 24;

/** Ten characters of base64url: the beginning of one hash, a digest of anything else. */
export const tagOf = (key: string): string =>
  key.length - key.indexOf('.') - 1 === hashLength ? shortHash(key) : digestOf(key);

/** The first two characters of a tag say on which server it lies, and in which hash while it is small (small-entries.lua). */
const spread = (tag: string): string => `{${tag.slice(0, 2)}}${tag.slice(2)}`;

/** Names of keys; the version of the layout is in each. */
export const logKey = (tag: string): string => `f2:${spread(tag)}`;
export const burstKey = (tag: string, feature: string): string => `b2:${spread(tag)}:${feature}`;
export const trustedKey = (tag: string, feature: string): string => `w2:${spread(tag)}:${feature}`;
export const totalsKey = (group: string): string => `b2:{totals}:${group}`;
export const outKey = (tag: string): string => (tag === 'totals' ? totalsKey('x') : burstKey(tag, 'x'));
export const accountKey = (tag: string): string => `a2:${spread(tag)}`;

/** A lifetime as one character: an hour times 2 ^ (n / 4), rounded up; from `@` on. */
export function lifetimeLetter(lifetimeMs: number): string {
  const steps = Math.ceil(4 * Math.log2(Math.max(lifetimeMs, 1) / 3_600_000));
  return String.fromCharCode(Math.min(126, Math.max(64, 64 + steps)));
}
