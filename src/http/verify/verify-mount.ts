import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Appeals, maxAppealLength } from '../../cases/appeal.js';
import { containsCardNumber } from '../../model/card-number.js';
import { err, ok, type Result } from '../../model/result.js';
import { isStorable } from '../../model/storable-text.js';
import type { Clock, Instant } from '../../model/time.js';
import type { Logger } from '../../telemetry/logger.js';
import type { VerificationDesk } from '../../verification/verification-desk.js';
import type { VerificationLinks } from '../../verification/verification-link.js';
import { isFromOwnPage } from '../console/session-cookie.js';
import type { Mount, MountRequest } from '../http-options.js';
import { RequestAborted, readBody } from '../read-body.js';
import { createPageLimits } from './page-limits.js';
import { verifyHeaders, verifyPage } from './verify-page.js';
import { english, type VerifyNotice, verifyNotices } from './verify-words.js';

interface VerifyServices {
  readonly links: VerificationLinks;
  readonly desk: VerificationDesk;
  readonly appeals: Pick<Appeals, 'make'>;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Visit {
  readonly token: string;
  readonly accountId: string;
  readonly form: URLSearchParams;
  readonly now: Instant;
}

const words = english;
/** A character takes up to nine bytes in a form: a whole appeal fits in any script, and what belongs to it. */
const bodyLimits = { maxBytes: maxAppealLength * 9 + 4096, timeoutMs: 10_000 };
/** An office behind one address may be many people; one link is one person. */
const perAddress = { most: 240, windowMs: 60_000 };
const perToken = { most: 40, windowMs: 60_000 };

/** The hosted page at `/verify/{token}`: whoever has the link completes what is asked for, without an account here. */
export function createVerifyMount(services: VerifyServices): Mount {
  const addresses = createPageLimits(perAddress);
  const tokens = createPageLimits(perToken);
  const serve = async (request: MountRequest, response: ServerResponse): Promise<void> => {
    const now = services.clock.now();
    const { token, notice } = placeOf(request.url ?? '/');
    if (!addresses.allows(request.ip ?? '', now)) return tooMany(response);
    const accountId = services.links.read(token, now);
    if (accountId === undefined) return sendPage(response, 404, verifyPage({ words, view: undefined, formKey: '' }));
    if (!tokens.allows(token, now)) return tooMany(response);
    if (request.method !== 'POST')
      return show({ token, accountId, now, form: new URLSearchParams() }, notice, response);
    const form = await formOf(request);
    if (!form.ok) return sendText(response, refusals[form.error], words.refusals[form.error]);
    const said = await actOn({ token, accountId, form: form.value, now }, request);
    // Back to the page by GET: loading it again sends nothing again. A relative address: a proxy may have put it elsewhere.
    response.writeHead(303, { ...verifyHeaders, Location: `?n=${said}`, 'Content-Length': 0 }).end();
  };
  const show = async (visit: Visit, notice: VerifyNotice | undefined, response: ServerResponse): Promise<void> => {
    const view = await services.desk.view(visit.accountId, visit.now);
    const formKey = services.links.formKeyOf(visit.token);
    sendPage(response, view === undefined ? 404 : 200, verifyPage({ words, view, formKey, notice }));
  };
  const actOn = async (visit: Visit, request: IncomingMessage): Promise<VerifyNotice> => {
    const isOurs = services.links.isFormKey(visit.token, visit.form.get('form_key') ?? '');
    if (!isOurs || !isFromOwnPage(request.headers, request.method)) return 'stale_form';
    return (await steps.get(visit.form.get('step') ?? '')?.(visit, services)) ?? 'not_asked';
  };
  return (request, response, next) => {
    if (!['GET', 'HEAD', 'POST'].includes(request.method ?? '')) return next();
    serve(request, response).catch((error: unknown) => {
      if (error instanceof RequestAborted) return;
      services.log.error({ error }, 'the verification page failed');
      if (response.headersSent) response.destroy();
      else sendText(response, 503, 'Please try again in a minute.', { 'Retry-After': '60' });
    });
  };
}

type Step = (visit: Visit, services: VerifyServices) => Promise<VerifyNotice>;

const send: Step = async ({ accountId, now }, { desk }) => {
  const sent = await desk.sendCode(accountId, now);
  return sent === 'sent' ? 'code_sent' : sent;
};

const enter: Step = async ({ accountId, form, now }, { desk }) => {
  // Full-width digits are digits.
  const code = (form.get('code') ?? '').normalize('NFKC').replace(/[\s-]/g, '');
  // What cannot be a code costs no try.
  return /^\d{6}$/.test(code) ? desk.enterCode(accountId, code, now) : 'wrong';
};

const appeal: Step = async ({ accountId, form, now }, { appeals }) => {
  // Browsers count a line break as one character, and send two.
  const message = (form.get('message') ?? '').replaceAll('\r\n', '\n').trim().slice(0, maxAppealLength);
  if (message === '') return 'appeal_empty';
  if (!isStorable(message)) return 'appeal_unreadable';
  if (containsCardNumber(message)) return 'appeal_card_number';
  const made = await appeals.make({ accountId, message, actor: 'account', now });
  return made.ok ? 'appealed' : 'appeal_refused';
};

/** What the page's forms do. */
const steps: ReadonlyMap<string, Step> = new Map([
  ['send', send],
  ['code', enter],
  ['appeal', appeal],
]);

function placeOf(url: string): { token: string; notice: VerifyNotice | undefined } {
  const [path = '', query = ''] = url.split('?', 2);
  const said = new URLSearchParams(query).get('n');
  return { token: path.slice(1), notice: verifyNotices.find((one) => one === said) };
}

const formType = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** The statuses of what is no form of the page. */
const refusals = { no_form: 415, too_long: 413, too_slow: 408 } as const;

async function formOf(request: IncomingMessage): Promise<Result<URLSearchParams, keyof typeof refusals>> {
  if (!formType.test(request.headers['content-type'] ?? '')) return err('no_form');
  const body = await readBody(request, bodyLimits);
  if (body.ok) return ok(new URLSearchParams(body.value.toString('utf8')));
  return err(body.error.code === 'too_large' ? 'too_long' : 'too_slow');
}

function sendPage(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { ...verifyHeaders, 'Content-Length': Buffer.byteLength(body) }).end(body);
}

function sendText(response: ServerResponse, status: number, text: string, headers = {}): void {
  // The body may not have been read: the connection is not to be used again.
  const head = { ...verifyHeaders, 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close', ...headers };
  response.writeHead(status, { ...head, 'Content-Length': Buffer.byteLength(text) }).end(text);
}

const tooMany = (response: ServerResponse): void =>
  sendText(response, 429, words.notices.slow_down, { 'Retry-After': '60' });
