import { timingSafeEqual } from 'node:crypto';

/** Compares in a time that tells nothing about where they differ; only their lengths may be learnt from it. */
export function isSameSecret(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
