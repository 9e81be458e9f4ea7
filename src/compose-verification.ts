import { createEventSealer } from './adapters/crypto/event-sealer.js';
import { SqlAppealRows } from './adapters/postgres/appeal-rows.js';
import { postgresCaseRecords } from './adapters/postgres/case-store.js';
import { SqlEmailCodes } from './adapters/postgres/email-codes.js';
import { SqlVerificationHistory } from './adapters/postgres/verification-history.js';
import { createSmtpMailer } from './adapters/verification/smtp-mailer.js';
import { createAppeals } from './cases/appeal.js';
import type { CaseStore } from './cases/case-store.js';
import { createEmailCodeCheck, type EmailCodeCheck } from './cases/email-code.js';
import { createVerificationDesk } from './cases/verification-desk.js';
import { createVerificationLinks } from './cases/verification-link.js';
import { clock, type Parts, random } from './compose-parts.js';
import type { Config } from './config.js';
import type { EvaluatorPorts } from './evaluate/evaluator-ports.js';
import { hashEvidence } from './http/hash-evidence.js';
import type { Mount } from './http/http-options.js';
import type { VerificationServices } from './http/verification-services.js';
import { createVerifyMount } from './http/verify/verify-mount.js';
import { english } from './http/verify/verify-words.js';
import type { Event } from './model/event.js';
import { newId } from './model/ids.js';

export interface Verification {
  readonly services: VerificationServices;
  /** The hosted page. */
  readonly mount: Mount;
}

/** Wrong tries and dead codes of one method, in 30 days, after which only a person goes on. */
const attempts = 5;

/** What held people do for themselves. `cases` is the store that tells the gate at once. */
export function composeVerification(parts: Parts, ports: EvaluatorPorts, cases: CaseStore): Verification {
  const { config, log, pepper, truth } = parts;
  const links = createVerificationLinks(`verification-links:${pepper}`);
  const appeals = createAppeals(appealPorts(parts));
  const desk = createVerificationDesk({
    log: ports.log,
    cases,
    history: new SqlVerificationHistory(truth.patient),
    appeals,
    email: emailCheck(parts),
    emailOf: (accountId) => latestEmail(accountId, ports),
    hashEmail: (address) => {
      const hashed = hashEvidence({ email: address }, parts.hashIdentifier);
      return hashed.ok ? (hashed.value.email ?? '') : '';
    },
    attempts: () => attempts,
  });
  return {
    services: {
      appeals,
      linkFor(accountId, now) {
        const { token, expiresAt } = links.issue(accountId, now);
        return { url: `${publicUrl(config)}/verify/${token}`, expiresAt };
      },
    },
    mount: createVerifyMount({ links, desk, appeals, clock, log, trustProxy: config.TRUST_PROXY !== false }),
  };
}

export const appealPorts = ({ pepper, truth }: Parts) => ({
  rows: new SqlAppealRows(truth.patient),
  records: postgresCaseRecords(truth.patient),
  sealer: createEventSealer(pepper),
  newId: (prefix: Parameters<typeof newId>[0], now: number) => newId(prefix, now, random),
});

function emailCheck({ config, pepper, truth }: Parts): EmailCodeCheck | undefined {
  if (config.SMTP_URL === undefined || config.MAIL_FROM === undefined) return undefined;
  return createEmailCodeCheck({
    codes: new SqlEmailCodes(truth.patient),
    mailer: createSmtpMailer({ url: config.SMTP_URL, from: config.MAIL_FROM }),
    secret: `email-codes:${pepper}`,
    random,
    message: english.mail,
  });
}

const publicUrl = ({ PUBLIC_URL, HOST, PORT }: Config): string =>
  PUBLIC_URL?.replace(/\/+$/, '') ?? `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;

/** From the latest event that has one and can still be opened. */
async function latestEmail(accountId: string, { log, sealer }: EvaluatorPorts): Promise<string | undefined> {
  for (const { salt, sealed } of (await log.eventsOf(accountId)).toReversed()) {
    const json = sealer.open(salt, sealed);
    const event: Event | undefined = json === undefined ? undefined : JSON.parse(json);
    if (event?.email !== undefined) return event.email.address;
  }
  return undefined;
}
