import { createTransport } from 'nodemailer';
import type { Mailer } from '../../verification/email-code.js';

interface SmtpOptions {
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly url: string;
  /** The sender's address. */
  readonly from: string;
  readonly timeoutMs?: number | undefined;
}

/** One connection for each message: they are few, and a server that was away is back with the next. */
export function createSmtpMailer({ url, from, timeoutMs = 8000 }: SmtpOptions): Mailer {
  const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
  const transport = createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  return {
    async send({ to, subject, text }) {
      // Mail programs read commas, brackets and quotes their own way: the code could reach another than was judged.
      if (!plainAddress.test(to)) throw new Error('the address is not a plain one');
      await transport.sendMail({
        from,
        to: { name: '', address: to },
        envelope: { from: addressOf(from), to: [to] },
        subject,
        text,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
  };
}

const plainAddress = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;

/** Of `Name <address>`. */
const addressOf = (from: string): string => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;
