import { z } from 'zod';
import type { ManualChange } from '../../accounts/account-changes.js';
import type { CaseChange } from '../../cases/review-queue.js';
import type { HashIdentifier } from '../../model/entity.js';
import { instantText } from '../../model/instant-text.js';
import { labels } from '../../model/label.js';
import { type Problem, problem } from '../../model/problem.js';
import { err, type Result } from '../../model/result.js';
import { verificationMethods } from '../../model/rule.js';
import { toIso } from '../../model/time.js';
import type { RecordVerification } from '../../verification/verification-result.js';
import { accountHistory } from '../account-history.js';
import { evidenceCards, hashEvidence } from '../hash-evidence.js';
import type { HttpServices } from '../http-services.js';
import { type Answer, answer, bodyRoute, jsonBody, none, type Route, route } from '../route.js';
import { accountReply, caseChangeReply, idParams, reasonText, said } from '../schemas.js';
import { accessJson, changeJson } from '../wire.js';

const reasonSchema = z.strictObject({ reason: reasonText });

const verificationSchema = z.strictObject({
  method: z.enum(verificationMethods),
  result: z.enum(['passed', 'failed']),
  request_id: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe(
      'What a machine was asked under, or an id of your own. The same again changes nothing; with another method, result or evidence, or for another account, it is 422 `idempotency_mismatch`.',
    ),
  evidence: z
    .record(z.string().regex(/^[a-z][a-z_]{0,31}$/, 'expected a kind such as "phone"'), z.string().min(1).max(512))
    .optional()
    .describe(
      'What was verified, by kind; identifiers are stored hashed and link accounts like any other. Card numbers are refused. A `document` may have as many digits as a card: it is refused where it can be nothing but a card of American Express, Visa or Mastercard.',
    ),
});
const verificationExample = { method: 'phone', result: 'passed', evidence: { phone: '+15551234567' } };

const labelSchema = z.strictObject({
  label: z.enum(labels),
  source: said(256).describe('Where it comes from, such as `chargeback`. Erased with the person: name no one in it.'),
  observed_at: instantText.optional().describe('When it was learnt; now, when left out.'),
});
/** Clocks differ; nobody has learnt anything yet tomorrow. */
const clockSkewMs = 300_000;
const labelExample = { label: 'fraud', source: 'chargeback', observed_at: '2026-05-20T08:00:00Z' };

const changed = (result: Result<CaseChange, Problem>): Answer =>
  result.ok ? answer(changeJson(result.value)) : result;

const changeReplies = { 200: { description: 'What changed', schema: caseChangeReply } };

function readAccount({ decisions, cases, audit }: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/accounts/{id}',
      id: 'getAccount',
      tag: 'Accounts',
      summary: 'State and history of an account',
      access: ['reviewer'],
      params: idParams,
      query: none,
      problems: ['not_found'],
      replies: { 200: { description: 'The account', schema: accountReply } },
    },
    async ({ params: { id } }) => {
      const status = await decisions.status(id);
      if (status === undefined) return err(problem('not_found'));
      return answer({
        id,
        access: accessJson(status.access),
        verified: status.verified,
        cleared_rules: status.clearedRules,
        open_case_id: status.openCaseId,
        pending_verifications: status.pendingVerifications,
        first_seen_at: toIso(status.firstSeenAt),
        history: await accountHistory({ decisions, cases, audit }, id),
      });
    },
  );
}

interface ManualRoute {
  readonly word: 'hold' | 'release' | 'deny';
  readonly to: ManualChange['to'];
  readonly summary: string;
  readonly description?: string;
}

const manualRoutes: readonly ManualRoute[] = [
  { word: 'hold', to: 'held', summary: 'Hold an account' },
  {
    word: 'release',
    to: 'admitted',
    summary: 'Release an account',
    description: 'Takes a `fraud` label of the account back: `honest` is recorded, source `manual`.',
  },
  { word: 'deny', to: 'denied', summary: 'Deny an account' },
];

function changeAccount({ accounts }: HttpServices, { word, to, summary, description }: ManualRoute): Route {
  return bodyRoute(
    {
      method: 'post',
      path: `/v1/accounts/{id}/${word}`,
      id: `${word}Account`,
      tag: 'Accounts',
      summary,
      description,
      access: ['reviewer'],
      params: idParams,
      query: none,
      body: jsonBody(reasonSchema, { example: { reason: 'spoke with the customer' } }),
      problems: ['not_found', 'conflict'],
      replies: changeReplies,
    },
    async ({ params, body, actor, now }) =>
      changed(await accounts.changeManually({ accountId: params.id, to, reason: body.reason, actor, now })),
  );
}

function recordVerification(record: RecordVerification, hash: HashIdentifier): Route {
  return bodyRoute(
    {
      method: 'post',
      path: '/v1/accounts/{id}/verifications',
      id: 'recordVerification',
      tag: 'Accounts',
      summary: 'Record the result of a verification',
      description:
        'A held account is admitted once every method its case asks for (`asks_for`) has passed; a limited one once every method that the decisions which limit it asked for (`verify`) has.',
      access: ['worker'],
      params: idParams,
      query: none,
      body: jsonBody(verificationSchema, { example: verificationExample, cards: evidenceCards }),
      problems: ['not_found', 'conflict', 'idempotency_mismatch'],
      replies: changeReplies,
    },
    async ({ params, body, actor, now }) => {
      const evidence = hashEvidence(body.evidence ?? {}, hash);
      if (!evidence.ok) return evidence;
      const { method, result, request_id: requestId } = body;
      return changed(
        await record({
          accountId: params.id,
          method,
          result,
          requestId,
          evidence: evidence.value,
          actor,
          now,
        }),
      );
    },
  );
}

function recordLabel({ accounts }: HttpServices): Route {
  return bodyRoute(
    {
      method: 'post',
      path: '/v1/accounts/{id}/labels',
      id: 'labelAccount',
      tag: 'Accounts',
      summary: 'Say what was learnt about an account later',
      description:
        'Of several labels the newest by `observed_at` counts, whenever it came; of one time the last. `fraud` holds an admitted account and opens a case; `honest` lifts nothing by itself. One that is older than what counts is kept, and changes nothing.',
      access: ['reviewer', 'integration'],
      params: idParams,
      query: none,
      body: jsonBody(labelSchema, { example: labelExample }),
      problems: ['not_found'],
      replies: changeReplies,
    },
    async ({ params, body, actor, now }) => {
      const observedAt = body.observed_at === undefined ? now : Date.parse(body.observed_at);
      if (observedAt > now + clockSkewMs) {
        const detail = 'expected a time that is not more than five minutes from now';
        return err(problem('invalid', { errors: [{ pointer: '/observed_at', detail }] }));
      }
      const label = { accountId: params.id, label: body.label, source: body.source, observedAt };
      return changed(await accounts.recordLabel(label, actor, now));
    },
  );
}

export const accountRoutes = (services: HttpServices): Route[] => [
  readAccount(services),
  ...manualRoutes.map((change) => changeAccount(services, change)),
  recordVerification(services.verification.record, services.hashIdentifier),
  recordLabel(services),
];
