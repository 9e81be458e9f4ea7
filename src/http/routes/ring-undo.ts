import { z } from 'zod';
import { batchKinds, batchResults, batchStates } from '../../cases/access-batch.js';
import { toIso } from '../../model/time.js';
import type { UndoneBatch } from '../../ring-decisions/undo-batch.js';
import type { HttpServices } from '../http-services.js';
import { answer, bodyRoute, jsonBody, none, type Route } from '../route.js';
import { idParams } from '../schemas.js';

const bodySchema = z.strictObject({ batch_id: z.string().min(1).max(64) });
const exampleBatch = 'batch_01JDA0000000000000000000ZZ';

const undoneReply = z.object({
  batch: z.object({
    id: z.string(),
    ring_id: z.string(),
    kind: z.enum(batchKinds),
    state: z.enum(batchStates),
    created_at: z.string(),
    undone_at: z.string().nullable(),
    undone_by: z.string().nullable(),
  }),
  counts: z
    .record(z.enum([...batchResults, 'pending']), z.number().int())
    .describe('Accounts: restored as they were; kept, since they had changed; left alone from the start.'),
});

const undoneJson = ({ batch, counts }: Pick<UndoneBatch, 'batch' | 'counts'>) => ({
  batch: {
    id: batch.id,
    ring_id: batch.ringId,
    kind: batch.kind,
    state: batch.state,
    created_at: toIso(batch.createdAt),
    undone_at: batch.undoneAt === null ? null : toIso(batch.undoneAt),
    undone_by: batch.undoneBy,
  },
  counts: { ...noCounts, ...counts },
});

const noCounts = { pending: 0, ...Object.fromEntries(batchResults.map((name) => [name, 0])) };

function undo({ undoBatch, ringDesk }: HttpServices): Route {
  return bodyRoute(
    {
      method: 'post',
      path: '/v1/rings/{id}/undo',
      id: 'undoRingBatch',
      tag: 'Rings',
      summary: 'Take back a decision about a ring, what its finding out did to its earlier members, or their gathering',
      description:
        'Whoever the batch changed, and nothing has changed since, is as before. A proposal is withdrawn. Asked again, it says what it did.',
      access: ['senior'],
      params: idParams,
      query: none,
      body: jsonBody(bodySchema, { example: { batch_id: exampleBatch } }),
      problems: ['not_found'],
      replies: { 200: { description: 'What was taken back', schema: undoneReply } },
    },
    async ({ params, body, actor }) => {
      const command = { ringId: params.id, batchId: body.batch_id, actor };
      const decided = await ringDesk.undo(command);
      if (decided.ok) return answer(undoneJson(decided.value));
      const undone = await undoBatch(command);
      return undone.ok ? answer(undoneJson(undone.value)) : undone;
    },
  );
}

export const ringUndoRoutes = (services: HttpServices): Route[] => [undo(services)];
