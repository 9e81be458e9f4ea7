import { createEventSealer } from '../adapters/crypto/event-sealer.js';
import { SqlAppealRows } from '../adapters/postgres/appeal-rows.js';
import { postgresCaseRecords } from '../adapters/postgres/case-records.js';
import { SqlEmailCodes } from '../adapters/postgres/email-codes.js';
import { SqlVerificationHistory } from '../adapters/postgres/verification-history.js';
import { createVerificationNeeds } from '../adapters/postgres/verification-needs.js';
import { createHttpProvider } from '../adapters/verification/http-provider.js';
import { createSmtpMailer } from '../adapters/verification/smtp-mailer.js';
import { type Appeals, createAppeals } from '../cases/appeal.js';
import type { Config } from '../config.js';
import type { EvaluatorPorts } from '../evaluate/evaluator-ports.js';
import { openEvent } from '../evaluate/open-event.js';
import { hashEvidence } from '../http/hash-evidence.js';
import type { Mount } from '../http/http-options.js';
import type { VerificationServices } from '../http/verification-services.js';
import { createVerifyMount } from '../http/verify/verify-mount.js';
import { english } from '../http/verify/verify-words.js';
import { newId } from '../model/ids.js';
import { verificationMethods } from '../model/rule.js';
import { isSignedBy } from '../verification/callback-signature.js';
import { createEmailCodeCheck, type EmailCodeCheck } from '../verification/email-code.js';
import { askedOfProviders, type MethodProviders, providerOf, recordAnswer } from '../verification/provider-answers.js';
import { createVerificationDesk } from '../verification/verification-desk.js';
import { createVerificationLinks } from '../verification/verification-link.js';
import type { VerificationNeeds } from '../verification/verification-needs.js';
import type { VerificationRequest } from '../verification/verification-work.js';
import type { Loop } from '../workers/loop.js';
import { startVerificationUpkeep } from '../workers/verification-upkeep.js';
import type { CaseServices } from './case-services.js';
import { clock, type Listening, type Parts, random } from './parts.js';

interface Verification {
  readonly services: VerificationServices;
  /** The hosted page. */
  readonly mount: Mount;
}

/** What held people do for themselves. `services` are those that tell the gate at once. */
export function composeVerification(parts: Parts, ports: EvaluatorPorts, services: CaseServices): Verification {
  const { config, log, pepper, truth } = parts;
  const links = linksOf(pepper);
  const appeals = tellingAppeals(parts);
  const history = new SqlVerificationHistory(truth.patient);
  const needs = createVerificationNeeds(truth.patient);
  const { cases, recordVerification } = services;
  const desk = createVerificationDesk({
    log: ports.log,
    cases,
    recordVerification,
    history,
    needs,
    appeals,
    email: emailCheck(parts),
    emailOf: (accountId) => latestEmail(accountId, ports),
    hashEmail: (address) => {
      const hashed = hashEvidence({ email: address }, parts.hashIdentifier);
      return hashed.ok ? hashed.value.email : undefined;
    },
    attempts: () => policyOf(parts).attempts,
  });
  return {
    services: {
      record: recordVerification,
      appeals,
      isSigned: (signed, now) => {
        const secret = config.VERIFICATION_CALLBACK_SECRET;
        return secret !== undefined && isSignedBy(secret, signed, now);
      },
      recordAnswer: (answer) => recordAnswer({ needs, history, recordVerification }, answer),
      linkFor: verificationLinkOf(parts),
    },
    mount: createVerifyMount({ links, desk, appeals, clock, log }),
  };
}

const linksOf = (pepper: string) => createVerificationLinks(`verification-links:${pepper}`);

type LinkParts = Pick<Parts, 'config' | 'listening' | 'pepper'>;

/** The address of an account's page; the same account at the same time has the same one, on every instance. */
export const verificationLinkOf = ({ config, listening, pepper }: LinkParts): VerificationServices['linkFor'] => {
  const links = linksOf(pepper);
  return (accountId, now) => {
    const { token, expiresAt } = links.issue(accountId, now);
    return { url: `${publicUrl(config, listening)}/verify/${token}`, expiresAt };
  };
};

/** Wakes the relay, which tells the gate within a moment that a denied account is held again: it stays shut either way. */
function tellingAppeals(parts: Parts): Appeals {
  const appeals = createAppeals(appealPorts(parts));
  return {
    ...appeals,
    async make(appeal) {
      const made = await appeals.make(appeal);
      parts.committed.tell();
      return made;
    },
  };
}

const policyOf = ({ rules }: Parts) => rules.live.snapshot().ruleSet.policy.verification;

/** Who checks what over HTTP: the address of the method, else the one for all; mail codes are our own. */
function providersOf({ config, truth }: Parts): MethodProviders {
  const history = new SqlVerificationHistory(truth.patient);
  const addresses = config.VERIFICATION_PROVIDERS ?? new Map<string, string>();
  const own = config.SMTP_URL === undefined ? [] : ['email'];
  const found = verificationMethods.flatMap((method) => {
    const url = addresses.get(method) ?? (own.includes(method) ? undefined : config.VERIFICATION_PROVIDER_URL);
    if (url === undefined) return [];
    const secret = config.VERIFICATION_PROVIDER_SECRET;
    const onPending = (request: VerificationRequest, link: string | undefined) =>
      history.savePending(request, link, clock.now());
    return [[method, createHttpProvider({ url, secret, onPending })] as const];
  });
  return Object.fromEntries(found);
}

/** What a worker asks of providers; undefined where there is none, and jobs wait for a team's own worker. */
export function providerWork(parts: Parts, needs: VerificationNeeds) {
  const providers = providersOf(parts);
  if (Object.keys(providers).length === 0) return { provider: undefined, needs };
  const history = new SqlVerificationHistory(parts.truth.background);
  const outstanding = askedOfProviders({
    needs,
    history,
    providers,
    attempts: () => policyOf(parts).attempts,
    now: clock.now,
  });
  return { provider: providerOf(providers), needs: { ...needs, outstanding } };
}

export function startVerificationWork(parts: Parts): Loop {
  const { background } = parts.truth;
  const history = new SqlVerificationHistory(background);
  return startVerificationUpkeep({
    ...appealPorts(parts, background),
    silentSince: (before, limit) => history.silentSince(before, limit),
    expireAfterMs: () => policyOf(parts).expireAfterMs,
    clock,
    onChanged: () => parts.committed.tell(),
    onError: (error) => parts.log.warn({ error }, 'the needs of verifications failed and will be done again'),
  });
}

const appealPorts = ({ pepper, truth, rules }: Parts, database = truth.patient) => ({
  rows: new SqlAppealRows(database),
  records: postgresCaseRecords(database),
  sealer: createEventSealer(pepper),
  newId: (prefix: Parameters<typeof newId>[0], now: number) => newId(prefix, now, random),
  sla: () => rules.live.snapshot().ruleSet.policy.sla,
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

const publicUrl = ({ PUBLIC_URL, HOST }: Config, { port }: Listening): string =>
  PUBLIC_URL?.replace(/\/+$/, '') ?? `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}`;

/** From the latest event that has one and can still be opened. */
async function latestEmail(accountId: string, { log, sealer }: EvaluatorPorts): Promise<string | undefined> {
  for (const sealed of (await log.eventsOf(accountId)).toReversed()) {
    const email = openEvent(sealed, sealer)?.email;
    if (email !== undefined) return email.address;
  }
  return undefined;
}
