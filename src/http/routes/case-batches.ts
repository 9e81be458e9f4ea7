import { z } from 'zod';
import type { Ended } from '../../cases/review-queue.js';
import { undoWindowMs } from '../../cases/transition-case.js';
import { undoMany } from '../../cases/undo-many.js';
import { caseDecisions } from '../../model/case.js';
import { labels } from '../../model/label.js';
import { type Instant, toIso } from '../../model/time.js';
import type { HttpServices } from '../http-services.js';
import { isSenior } from '../roles.js';
import { answer, bodyRoute, jsonBody, none, type Route } from '../route.js';
import { reasonText } from '../schemas.js';

const atMost = 200;
const caseIds = z.array(z.string().min(1).max(128)).min(1).max(atMost);
const cards = { ids: { has: (pointer: string) => pointer.startsWith('/case_ids/') }, phones: new Set<string>() };
const exampleIds = ['case_01JDA0000000000000000000AA', 'case_01JDA0000000000000000000AB'];

const decideBody = jsonBody(
  z.strictObject({
    case_ids: caseIds,
    decision: z.enum(caseDecisions),
    label: z.enum(labels).optional(),
    reason: reasonText,
    note: z.string().max(10_000).optional(),
  }),
  { example: { case_ids: exampleIds, decision: 'reject', reason: 'one card for all of them' }, cards },
);
const undoBody = jsonBody(z.strictObject({ case_ids: caseIds }), { example: { case_ids: exampleIds }, cards });

const endedReply = z
  .strictObject({
    data: z.array(
      z.strictObject({
        case_id: z.string(),
        account_id: z.string().nullable(),
        problem: z
          .strictObject({ code: z.string(), detail: z.string().nullable() })
          .nullable()
          .describe('Null when it was done.'),
      }),
    ),
    done: z.int().min(0).describe('How many were done; the others say why not.'),
    undo_until: z.iso.datetime().nullable().describe('Until when they can be taken back; null where nothing can.'),
  })
  .meta({ id: 'CasesEnded' });

/** Undefined where nothing was decided: what people were asked for cannot be taken back. */
function undoUntilOf(ended: readonly Ended[]): Instant | undefined {
  const decidedAt = ended.flatMap(({ result }) => (result.ok ? (result.value.case?.decidedAt ?? []) : []));
  return decidedAt.length === 0 ? undefined : Math.min(...decidedAt) + undoWindowMs;
}

const endedJson = (ended: readonly Ended[], undoUntil: Instant | undefined) => {
  return {
    data: ended.map(({ caseId, result }) => ({
      case_id: caseId,
      account_id: result.ok ? (result.value.case?.accountId ?? null) : null,
      problem: result.ok ? null : { code: result.error.code, detail: result.error.detail ?? null },
    })),
    done: ended.filter(({ result }) => result.ok).length,
    undo_until: undoUntil === undefined ? null : toIso(undoUntil),
  };
};

const shared = {
  method: 'post',
  tag: 'Cases',
  access: ['worker', 'reviewer'],
  params: none,
  query: none,
  replies: { 200: { description: 'What became of each', schema: endedReply } },
} as const;

export const caseBatchRoutes = ({ cases, clock }: HttpServices): Route[] => [
  bodyRoute(
    {
      ...shared,
      path: '/v1/cases:decide',
      id: 'decideCases',
      summary: 'Decide several cases with one reason',
      description:
        'Each is claimed and decided for itself; one that somebody else works on is left to them, and the case of a whole ring to a senior, but for asking for verification. All have the same undo window of 10 s, which begins when they are decided, not before.',
      body: decideBody,
    },
    async ({ body: { case_ids, ...body }, actor, role }) => {
      const ended = await cases.decideMany({ ...body, caseIds: case_ids, actor, isSenior: isSenior(role), clock });
      return answer(endedJson(ended, undoUntilOf(ended)));
    },
  ),
  bodyRoute(
    {
      ...shared,
      path: '/v1/cases:undo',
      id: 'undoCases',
      summary: 'Take several decisions back within the undo window',
      body: undoBody,
    },
    async ({ body, actor, role, now }) => {
      const command = { caseIds: body.case_ids, actor, isSenior: isSenior(role), now };
      return answer(endedJson(await undoMany(cases, command), undefined));
    },
  ),
];
