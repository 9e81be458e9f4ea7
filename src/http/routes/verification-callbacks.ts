import { z } from 'zod';
import { type Problem, problem } from '../../model/problem.js';
import { err, ok, type Result } from '../../model/result.js';
import { evidenceCards, hashEvidence } from '../hash-evidence.js';
import type { HttpServices } from '../http-services.js';
import { parseJson } from '../read-json.js';
import { answer, jsonBody, none, type RawCall, type Route } from '../route.js';

const body = jsonBody(
  z.strictObject({
    request_id: z.string().min(1).max(400),
    result: z.enum(['passed', 'failed']),
    evidence: z
      .record(z.string().regex(/^[a-z][a-z_]{0,31}$/, 'expected a kind such as "phone"'), z.string().min(1).max(512))
      .optional(),
  }),
  {
    example: {
      request_id: 'case_01JDA0000000000000000000000_1_phone',
      result: 'passed',
      evidence: { phone: '+15551234567' },
    },
    cards: evidenceCards,
  },
);

const headers = z.object({
  'webhook-id': z.string().optional(),
  'webhook-timestamp': z.string().optional().describe('Seconds; at most five minutes away from now.'),
  'webhook-signature': z.string().optional().describe('`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.'),
});

const reply = z.strictObject({
  recorded: z
    .boolean()
    .describe('False: nobody is waiting for this answer (any more). Sending the same again changes nothing.'),
});

/** Where providers tell later what they found, signed; the signature stands in for a key. */
export const verificationCallbackRoutes = (services: HttpServices): Route[] => [
  {
    method: 'post',
    path: '/v1/verification-callbacks',
    id: 'verificationCallback',
    tag: 'Accounts',
    summary: 'The later answer of a verification provider',
    description:
      'Signed as Standard Webhooks has it, with VERIFICATION_CALLBACK_SECRET. Idempotent by `request_id`: the same answer again changes nothing, another one is 422 `idempotency_mismatch`.',
    access: 'public',
    params: none,
    query: none,
    headers,
    body,
    problems: ['unauthenticated', 'invalid', 'idempotency_mismatch'],
    replies: { 200: { description: 'Understood', schema: reply } },
    async run(call) {
      const text = await signedText(call, services);
      if (!text.ok) return text;
      const parsed = parseJson(text.value);
      const given = parsed.ok ? body.parse(parsed.value) : parsed;
      if (!given.ok) return given;
      const { request_id: requestId, result, evidence = {} } = given.value;
      const hashed = hashEvidence(evidence, services.hashIdentifier);
      if (!hashed.ok) return hashed;
      const answered = { requestId, result, evidence: hashed.value, now: call.now };
      const recorded = await services.verification.recordAnswer(answered);
      return recorded.ok ? answer({ recorded: recorded.value }) : recorded;
    },
  },
];

async function signedText(call: RawCall, { verification }: HttpServices): Promise<Result<string, Problem>> {
  const text = await call.readText();
  if (!text.ok) return text;
  const header = (name: string): string => {
    const value = call.headers[name];
    return typeof value === 'string' ? value : '';
  };
  const signed = {
    id: header('webhook-id'),
    timestamp: header('webhook-timestamp'),
    signatures: header('webhook-signature'),
    text: text.value,
  };
  if (verification.isSigned(signed, call.now)) return ok(text.value);
  return err(problem('unauthenticated', { detail: 'the signature does not fit, or its time is too far from now' }));
}
