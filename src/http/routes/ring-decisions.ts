import { z } from 'zod';
import { callerId } from '../../model/caller-id.js';
import { labels } from '../../model/label.js';
import type { Problem } from '../../model/problem.js';
import { problem } from '../../model/problem.js';
import { err, ok, type Result } from '../../model/result.js';
import type { RingProgress } from '../../ring-decisions/decide-ring.js';
import { exampleRing } from '../examples.js';
import type { HttpServices } from '../http-services.js';
import { ringBatchJson, ringBatchReply, ringDecisions, ringTrialJson, ringTrialReply } from '../ring-decision-json.js';
import { type Answer, answer, bodyRoute, jsonBody, none, type Route, route } from '../route.js';
import { idParams, listOf, reasonText } from '../schemas.js';

const readers = ['reviewer'] as const;
const deciders = ['senior'] as const;

const bodySchema = z.strictObject({
  decision: z.enum(ringDecisions),
  reason: reasonText,
  dry_run: z.boolean().default(false).describe('Tells what would happen, and writes nothing.'),
  exclude: z
    .array(callerId)
    .max(1000)
    .default([])
    .describe('Accounts of the ring, or of its case, that are left as they are.'),
  label: z.enum(labels).optional().describe('Given to every account that is changed.'),
});

const exampleBody = { decision: 'reject', reason: 'one farm: same cards, same device', dry_run: true };
const batchParams = idParams.extend({ batch_id: idParams.shape.id });

const exampleCounts = {
  changed: 40,
  excluded: 1,
  spared: 1,
  already: 0,
  denied_before: 0,
  claimed: 0,
  barred: 0,
  other_case: 0,
  gone: 0,
  error: 0,
  restored: 0,
  kept: 0,
};
const exampleTrial = {
  dry_run: true,
  ring_id: exampleRing.id,
  decision: 'reject',
  total: 42,
  counts: exampleCounts,
  needs_second: false,
  case_id: 'case_01JDA3Q5Z8K2M4N6P8R0S2T4V6',
  case_claimed: false,
  examples: [{ account_id: 'acct_9134', from: 'held', to: 'denied', result: 'changed' }],
};
const exampleBatch = {
  dry_run: false,
  id: 'batch_01JDA3Q5Z8K2M4N6P8R0S2T4V6',
  ring_id: exampleRing.id,
  decision: 'reject',
  reason: 'one farm: same cards, same device',
  label: 'fraud',
  state: 'done',
  actor: 'key_01JDA3Q5Z8K2M4N6P8R0S2T4V6',
  second: null,
  exclude: ['acct_77'],
  case_id: 'case_01JDA3Q5Z8K2M4N6P8R0S2T4V6',
  created_at: '2026-11-21T02:20:11.402Z',
  expires_at: null,
  finished_at: '2026-11-21T02:20:12.017Z',
  undone_at: null,
  undone_by: null,
  total: 42,
  done: 42,
  counts: exampleCounts,
  failed: [],
};

/** 202: nothing has happened yet. */
function progressAnswer(result: Result<RingProgress, Problem>): Answer {
  if (!result.ok) return result;
  const status = result.value.batch.state === 'awaiting_second' ? 202 : 200;
  return ok({ status, json: ringBatchJson(result.value) });
}

const awaiting = {
  description: 'It waits for a second senior, with another key, for 24 hours',
  schema: ringBatchReply,
};

function decide({ ringDesk }: HttpServices): Route {
  return bodyRoute(
    {
      method: 'post',
      path: '/v1/rings/{id}/decisions',
      id: 'decideRing',
      tag: 'Rings',
      summary: 'Decide a whole ring at once, or try what that would do',
      description:
        'Changes access at once: approve admits who is held, reject denies who is not spared. The case of the ring is decided with it. The first 200 accounts are told before the answer, the others in the seconds after: see the batch. It is about the members of the ring and the accounts of its case. An approval without `label` takes `fraud` labels of those it admits back: `honest` is recorded, source `case:` and the id of the batch, until it is undone. A release waits for a second person where those are more than policy.four_eyes.ring_release.',
      access: deciders,
      params: idParams,
      query: none,
      body: jsonBody(bodySchema, { example: exampleBody }),
      problems: ['not_found', 'conflict'],
      replies: {
        200: {
          description: 'What was done, or would be',
          schema: z.discriminatedUnion('dry_run', [ringTrialReply, ringBatchReply]),
          example: exampleTrial,
        },
        202: awaiting,
      },
    },
    async ({ params, body: { dry_run, label, ...body }, actor }) => {
      const command = { ...body, label: label ?? null, ringId: params.id, actor };
      if (!dry_run) return progressAnswer(await ringDesk.decide(command));
      const tried = await ringDesk.tryOut(command);
      return tried.ok ? answer(ringTrialJson(tried.value, body.decision)) : tried;
    },
  );
}

function confirm({ ringDesk }: HttpServices): Route {
  return route(
    {
      method: 'post',
      path: '/v1/rings/{id}/decisions/{batch_id}/confirm',
      id: 'confirmRingDecision',
      tag: 'Rings',
      summary: 'Confirm what another senior proposed',
      access: deciders,
      params: batchParams,
      query: none,
      problems: ['not_found', 'conflict', 'forbidden'],
      replies: { 200: { description: 'What was done', schema: ringBatchReply, example: exampleBatch } },
    },
    async ({ params, actor }) =>
      progressAnswer(await ringDesk.confirm({ ringId: params.id, batchId: params.batch_id, actor })),
  );
}

function find({ ringDesk }: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/rings/{id}/batches/{batch_id}',
      id: 'getRingBatch',
      tag: 'Rings',
      summary: 'How far a decision about a ring has come, and whom it could not reach',
      access: readers,
      params: batchParams,
      query: none,
      problems: ['not_found'],
      replies: { 200: { description: 'The batch', schema: ringBatchReply, example: exampleBatch } },
    },
    async ({ params }) => {
      const found = await ringDesk.find({ ringId: params.id, batchId: params.batch_id });
      return found.ok ? answer(ringBatchJson(found.value)) : found;
    },
  );
}

function list({ rings, ringDesk }: HttpServices): Route {
  return route(
    {
      method: 'get',
      path: '/v1/rings/{id}/batches',
      id: 'listRingBatches',
      tag: 'Rings',
      summary: 'The latest decisions about a ring, those that wait for a second person too',
      access: readers,
      params: idParams,
      query: none,
      problems: ['not_found'],
      replies: {
        200: {
          description: 'At most twenty, the newest first',
          schema: listOf(ringBatchReply),
          example: { data: [exampleBatch], next_cursor: null },
        },
      },
    },
    async ({ params }) => {
      const ring = await rings.get(params.id);
      if (ring === undefined) return err(problem('not_found'));
      return answer({ data: (await ringDesk.list(ring.id)).map(ringBatchJson), next_cursor: null });
    },
  );
}

export const ringDecisionRoutes = (services: HttpServices): Route[] => [
  decide(services),
  confirm(services),
  list(services),
  find(services),
];
