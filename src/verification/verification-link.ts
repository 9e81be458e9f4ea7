import { createHmac } from 'node:crypto';
import { isSameSecret } from '../cases/is-same-secret.js';
import type { Instant } from '../model/time.js';

/** How long a held person may use a link; a new one can be made at any time. */
export const linkMs = 7 * 86_400_000;

export interface VerificationLinks {
  issue(accountId: string, now: Instant): { readonly token: string; readonly expiresAt: Instant };
  /** The account that the token was made for; undefined when it is none of ours, was changed, or its time is over. */
  read(token: string, now: Instant): string | undefined;
  /** Goes into each form of the page: a form from elsewhere cannot know it. */
  formKeyOf(token: string): string;
  isFormKey(token: string, given: string): boolean;
}

/**
 * `<account, base64url>.<end, base 36>.<HMAC-SHA256>`: nothing is stored, nobody can make one, and it opens the page of one
 * account only. Every instance needs the same secret.
 */
export function createVerificationLinks(secret: string): VerificationLinks {
  const sign = (use: string, text: string): string =>
    createHmac('sha256', secret).update(`${use}:${text}`).digest('base64url');
  const formKeyOf = (token: string): string => sign('form', token);
  return {
    issue(accountId, now) {
      const expiresAt = now + linkMs;
      const body = `${Buffer.from(accountId).toString('base64url')}.${expiresAt.toString(36)}`;
      return { token: `${body}.${sign('page', body)}`, expiresAt };
    },
    read(token, now) {
      const [account = '', end = '', mark = ''] = linkForm.exec(token)?.slice(1) ?? [];
      if (!isSameSecret(sign('page', `${account}.${end}`), mark) || Number.parseInt(end, 36) <= now) return undefined;
      return Buffer.from(account, 'base64url').toString('utf8');
    },
    formKeyOf,
    isFormKey: (token, given) => isSameSecret(formKeyOf(token), given),
  };
}

const linkForm = /^([\w-]{1,1400})\.([0-9a-z]{1,12})\.([\w-]{43})$/;
