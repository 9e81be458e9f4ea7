import { createHash } from 'node:crypto';

const buckets = 2 ** 32;

/**
 * Is the account within the first `share` of all accounts? The same answer every time, and an account that is in stays
 * in when the share rises. Each rule has its own order, so that it is not always the same people who are tried first.
 */
export function inRollout(ruleId: string, accountId: string, share: number): boolean {
  const digest = createHash('sha256').update(`${ruleId}\0${accountId}`).digest();
  return digest.readUInt32BE(0) / buckets < share;
}
