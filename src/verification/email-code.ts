import { createHmac } from 'node:crypto';
import { isSameSecret } from '../cases/is-same-secret.js';
import { canonicalMailbox } from '../lists/canonical-mailbox.js';
import type { RandomBytes } from '../model/ids.js';
import type { Instant } from '../model/time.js';

export const codeMs = 600_000;
export const triesPerCode = 5;
/** Codes sent to one account; whoever has them all spent waits, or a person decides. */
export const sendLimits = { perHour: 3, perDay: 10 } as const;

/** Codes sent to one address, whichever accounts name it: nobody's mailbox is flooded by those who sign up in its name. */
export const addressLimits = { perHour: 5, perDay: 20 } as const;

export interface StoredCode {
  readonly accountId: string;
  /** HMAC of the address, without what providers ignore in it. */
  readonly address: string;
  /** HMAC of account and code. */
  readonly hash: string;
  readonly sentAt: Instant;
  readonly expiresAt: Instant;
}

/** Port: one code for each account, and when the latest ones were sent. Each call is atomic. */
export interface EmailCodes {
  /**
   * Replaces the account's code; false when too many were sent lately, to the account or the address. Tries that were spent
   * on a code that was never right are spent on the next one too: asking for new codes is no way to guess on.
   */
  put(code: StoredCode): Promise<boolean>;
  /** It could not be sent after all: this code is gone and does not count, but for its address; a newer one stays. */
  withdraw(code: Pick<StoredCode, 'accountId' | 'hash' | 'sentAt'>): Promise<void>;
  /** Uses up a try before anything is compared; undefined when there is no code that may be tried. */
  takeTry(accountId: string, now: Instant): Promise<{ readonly hash: string; readonly triesLeft: number } | undefined>;
  /** False: someone else has used it, or it was replaced. */
  use(accountId: string, hash: string): Promise<boolean>;
  /** The code that was used, until it would have run out or a new one is sent. */
  used(accountId: string, now: Instant): Promise<string | undefined>;
}

/** Port: sends one message to one address; rejects when nobody took it. */
export interface Mailer {
  send(message: { readonly to: string; readonly subject: string; readonly text: string }): Promise<void>;
}

interface EmailCodePorts {
  readonly codes: EmailCodes;
  readonly mailer: Mailer;
  /** The same on every instance. */
  readonly secret: string;
  /** Six digits may be guessed by whoever can foretell them: nothing but the system's generator. */
  readonly random: RandomBytes;
  readonly message: (code: string) => { readonly subject: string; readonly text: string };
}

export type SentCode = 'sent' | 'too_many' | 'not_sent';
export type EnteredCode = 'right' | 'wrong' | 'used_up' | 'none';

export interface EmailCodeCheck {
  send(accountId: string, address: string, now: Instant): Promise<SentCode>;
  enter(accountId: string, code: string, now: Instant): Promise<EnteredCode>;
  /** It is the code that was used just before: what a second click sends. Uses up no try, and proves nothing new. */
  wasRight(accountId: string, code: string, now: Instant): Promise<boolean>;
}

/** The method `email`: six digits by mail. The code is stored hashed, and the address not at all. */
export function createEmailCodeCheck({ codes, mailer, secret, random, message }: EmailCodePorts): EmailCodeCheck {
  const hashOf = (accountId: string, code: string): string =>
    createHmac('sha256', secret).update(`code:${accountId}\0${code}`).digest('base64url');
  const hashOfAddress = (address: string): string =>
    createHmac('sha256', secret)
      .update(`address:${foldedAddress(address)}`)
      .digest('base64url');
  return {
    async send(accountId, address, now) {
      const code = sixDigits(random);
      const stored = {
        accountId,
        address: hashOfAddress(address),
        hash: hashOf(accountId, code),
        sentAt: now,
        expiresAt: now + codeMs,
      };
      if (!(await codes.put(stored))) return 'too_many';
      try {
        await mailer.send({ to: address, ...message(code) });
        return 'sent';
      } catch {
        // What the mail server says may quote the address: it is neither logged nor shown.
        await codes.withdraw(stored);
        return 'not_sent';
      }
    },
    async enter(accountId, code, now) {
      const taken = await codes.takeTry(accountId, now);
      if (taken === undefined) return 'none';
      if (isSameSecret(taken.hash, hashOf(accountId, code)))
        return (await codes.use(accountId, taken.hash)) ? 'right' : 'none';
      return taken.triesLeft === 0 ? 'used_up' : 'wrong';
    },
    async wasRight(accountId, code, now) {
      const used = await codes.used(accountId, now);
      return used !== undefined && isSameSecret(used, hashOf(accountId, code));
    },
  };
}

/**
 * The mailbox as signals name it, however it is written. Many more providers ignore dots and what follows a plus than say
 * so: one mailbox is one here, even where two would be right.
 */
function foldedAddress(written: string): string {
  const address = canonicalMailbox(written) ?? written.toLowerCase();
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at).split('+', 1)[0] ?? '';
  return local.replaceAll('.', '') + address.slice(at);
}

/** Numbers from here on would make some codes likelier than others. */
const fairBelow = 4_294_000_000;

export function sixDigits(random: RandomBytes): string {
  for (;;) {
    const [a = 0, b = 0, c = 0, d = 0] = random(4);
    const drawn = ((a * 256 + b) * 256 + c) * 256 + d;
    if (drawn < fairBelow) return String(drawn % 1_000_000).padStart(6, '0');
  }
}
