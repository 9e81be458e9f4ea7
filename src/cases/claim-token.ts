import { createHmac } from 'node:crypto';
import { isSameSecret } from './is-same-secret.js';

interface ClaimTokens {
  issue(caseId: string, claimNumber: number): string;
  /** The claim number that the token was issued for, or `undefined` when it was not issued for this case here. */
  read(caseId: string, token: string): number | undefined;
}

/**
 * `case_….7.<HMAC-SHA256>`: the number fences (a later claim has a higher one), the HMAC makes it impossible to guess.
 * Every instance needs the same secret.
 */
export function createClaimTokens(secret: string): ClaimTokens {
  const issue = (caseId: string, claimNumber: number): string => {
    const body = `${caseId}.${claimNumber}`;
    return `${body}.${createHmac('sha256', secret).update(`claim:${body}`).digest('base64url')}`;
  };
  return {
    issue,
    read(caseId, token) {
      const number = /^[^.]+\.(\d{1,15})\.[\w-]+$/.exec(token)?.[1];
      if (number === undefined) return undefined;
      return isSameSecret(issue(caseId, Number(number)), token) ? Number(number) : undefined;
    },
  };
}
