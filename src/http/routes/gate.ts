import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { GateAnswer, GateQuestion } from '../../gate/gate-store.js';
import { callerId, isCallerId } from '../../model/caller-id.js';
import { inspectJson } from '../../model/inspect-json.js';
import { type Problem, problem } from '../../model/problem.js';
import { err, ok, type Result } from '../../model/result.js';
import type { Instant } from '../../model/time.js';
import { validate } from '../../model/validate.js';
import type { HttpServices } from '../http-services.js';
import { isJson } from '../read-json.js';
import { type Answer, none, type RawCall, type Route } from '../route.js';
import { gateReply } from '../schemas.js';

const gatePath = '/v1/gate/check';

const bodySchema = z.strictObject({ account_id: callerId.optional(), api_key_id: callerId.optional() });
const bodyExample = { account_id: 'acct_9134', api_key_id: 'key_77' };
const cardExemptions = { ids: new Set(['/account_id', '/api_key_id']), phones: new Set<string>() };

const headersSchema = z.object({
  'X-Account-Id': z.string().optional().describe('The account that wants in.'),
  'X-Api-Key-Id': z
    .string()
    .optional()
    .describe(
      'The API key it uses; with both, the key must be that account’s: announced for it by `api_key_created`, and for no other account before.',
    ),
  'X-Portcullis-Key': z
    .string()
    .optional()
    .describe('The gateway’s own key, where Authorization belongs to the visitor (Traefik, Envoy).'),
});

/** Node reads header bytes as Latin-1; ids are UTF-8. An empty header is none. */
function headerId(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  if (typeof value !== 'string' || value === '') return undefined;
  return /[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
}

/** Undefined: headers and body contradict each other. */
type Asked = GateQuestion | undefined;

async function questionOf(call: RawCall): Promise<Result<Asked, Problem>> {
  const accountId = headerId(call.headers, 'x-account-id');
  const apiKeyId = headerId(call.headers, 'x-api-key-id');
  const inHeaders = { accountId, apiKeyId };
  // With a suffix the path is the visitor's too, so that only the exact path takes a body.
  const takesBody = call.method === 'POST' && call.path === gatePath && isJson(call.headers['content-type']);
  const isNamed = accountId !== undefined || apiKeyId !== undefined;
  if (!takesBody || (isNamed && !hasBody(call.headers))) return ok(inHeaders);
  const inBody = await questionInBody(call);
  if (inBody.ok) return ok(bothOf(inHeaders, inBody.value));
  // What a proxy passes on is the visitor's body, and no question to the gate: only what would be one alone counts. But by
  // a header, such as Content-Encoding, nobody keeps a question from being read.
  return isNamed && inBody.error.code !== 'unsupported_media_type' ? ok(inHeaders) : inBody;
}

const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Neither goes first: a visitor who may set one of them must not choose the account. */
function bothOf(headers: GateQuestion, body: GateQuestion): Asked {
  if (isOther(headers.accountId, body.accountId) || isOther(headers.apiKeyId, body.apiKeyId)) return undefined;
  return { accountId: headers.accountId ?? body.accountId, apiKeyId: headers.apiKeyId ?? body.apiKeyId };
}

const isOther = (one: string | undefined, another: string | undefined): boolean =>
  one !== undefined && another !== undefined && one !== another;

async function questionInBody(call: RawCall): Promise<Result<GateQuestion, Problem>> {
  const json = await call.readJson();
  if (!json.ok) return json;
  const unfit = inspectJson(json.value, cardExemptions);
  if (unfit !== undefined) return err(unfit);
  const body = validate(bodySchema, json.value);
  return body.ok ? ok({ accountId: body.value.account_id, apiKeyId: body.value.api_key_id }) : body;
}

const dayMs = 86_400_000;
const secondsToMidnight = (now: Instant): number => Math.ceil((dayMs - (now % dayMs)) / 1000);

function limitsOf(answer: GateAnswer): { requests_per_day: number; remaining_today: number } | undefined {
  if (answer.requestsPerDay === undefined) return undefined;
  return { requests_per_day: answer.requestsPerDay, remaining_today: answer.remainingToday ?? 0 };
}

function gateHeaders(answer: GateAnswer): Record<string, string> {
  const limits = limitsOf(answer);
  const state = { 'X-Risk-State': answer.state };
  if (limits === undefined) return state;
  const { requests_per_day, remaining_today } = limits;
  return { ...state, 'X-Risk-Limit': String(requests_per_day), 'X-Risk-Remaining': String(remaining_today) };
}

const detailOf: Readonly<Record<GateAnswer['state'], string>> = {
  admitted: 'the account is admitted',
  limited: 'the quota of a limited account is spent until midnight UTC',
  held: 'the account is held for verification',
  denied: 'the account is denied',
  unknown: 'nothing is known of this account',
};

/** Fails closed, and says that this is not about the account. */
const cannotTell = 'the gate cannot look this account up right now, so it does not pass';

function answerGate(answer: GateAnswer, now: Instant): Answer {
  const { state, allowed, degraded } = answer;
  const headers = gateHeaders(answer);
  const limits = limitsOf(answer);
  if (allowed) {
    return ok({
      status: 200,
      json: { state, allowed, degraded, ...(limits === undefined ? {} : { limits }) },
      headers,
    });
  }
  const spent = answer.refusal === 'quota_spent';
  return err({
    ...problem(spent ? 'quota_spent' : 'not_admitted', {
      detail: state === 'unknown' && degraded ? cannotTell : detailOf[state],
      ...(spent ? { retryAfterSeconds: secondsToMidnight(now) } : {}),
    }),
    headers,
    members: { state, allowed, degraded },
  });
}

/** No event can have named it: the answer is known without asking. */
const cannotExist = ({ accountId, apiKeyId }: GateQuestion): boolean =>
  [accountId, apiKeyId].some((id) => id !== undefined && !isCallerId(id));

const unknownAnswer: GateAnswer = { allowed: false, state: 'unknown', refusal: 'not_admitted', degraded: false };

async function check(services: HttpServices, call: RawCall): Promise<Answer> {
  const question = await questionOf(call);
  if (!question.ok) return question;
  const asked = question.value;
  if (asked !== undefined && asked.accountId === undefined && asked.apiKeyId === undefined) {
    return err(problem('missing_id', { detail: 'send X-Account-Id, X-Api-Key-Id, or both' }));
  }
  const end = services.metrics.gateSeconds.startTimer();
  const answer = asked === undefined || cannotExist(asked) ? unknownAnswer : await services.checkGate(asked);
  end();
  const status = answer.allowed ? '200' : answer.refusal === 'quota_spent' ? '429' : '403';
  services.metrics.gateAnswers.inc({ state: answer.state, status });
  return answerGate(answer, call.now);
}

export const gateRoutes = (services: HttpServices): Route[] => [
  {
    method: 'any',
    path: `${gatePath}{suffix}`,
    id: 'checkGate',
    tag: 'Gate',
    summary: 'May this account come in?',
    description:
      'Any method and any path suffix, so that it serves as nginx `auth_request`, Envoy HTTP ext_authz and Traefik ' +
      'ForwardAuth. Ids come in headers; a POST with JSON to the exact path may carry them in its body, too. What headers ' +
      'and body name must be the same, and an account and a key from wherever belong together; else the answer is 403 ' +
      '`unknown`. Beside ids in headers a body that is no question by itself, such as one that a proxy passes on, is not ' +
      'looked at. The bodies of other requests are not read.\n\n' +
      'Access belongs to the account, and a key inherits it. A key is that of the account for which `api_key_created` ' +
      'announced it first; with another account it is unknown (403), whatever later events say.',
    access: ['gateway'],
    params: none,
    query: none,
    headers: headersSchema,
    body: { schema: bodySchema, example: bodyExample },
    frequent: true,
    problems: ['missing_id', 'not_admitted', 'quota_spent', 'unavailable'],
    replies: {
      200: {
        description: 'Admitted, or limited within its quota',
        schema: gateReply,
        example: { state: 'admitted', allowed: true, degraded: false },
        headers: {
          'X-Risk-State': 'admitted, limited, held, denied or unknown; on 403 and 429 too',
          'X-Risk-Limit': 'requests a day, of limited accounts',
          'X-Risk-Remaining': 'requests left today, of limited accounts',
        },
      },
    },
    run: (call) => check(services, call),
  },
];
