import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openVerificationQueue, type VerificationQueue } from '../../src/adapters/bullmq/verification-queue.js';
import { createVerificationWorker, type VerificationTask } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';

/** The two calls of the service's API that a worker uses. */
async function startApi() {
  const posted: { path: string; body: unknown; authorization: string | undefined }[] = [];
  const decided = new Set<string>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.setHeader('content-type', 'application/json');
    if (request.method === 'POST') {
      const body = JSON.parse(Buffer.concat(chunks).toString());
      posted.push({ path, body, authorization: request.headers.authorization });
      response.end('{}');
      return;
    }
    const id = path.split('/').at(-1) ?? '';
    if (id === 'case_gone') {
      response.writeHead(404).end('{}');
      return;
    }
    const state = decided.has(id) ? 'decided' : 'open';
    response.end(JSON.stringify({ id, account_id: `acct/${id}`, state, asks_for: ['phone', 'business'] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { posted, decided, baseUrl: `http://127.0.0.1:${port}`, server };
}

describe("a team's own verification worker", () => {
  let redis: TestRedis;
  let queue: VerificationQueue;
  let api: Awaited<ReturnType<typeof startApi>>;
  beforeAll(async () => {
    [redis, api] = await Promise.all([startRedis(), startApi()]);
    queue = await openVerificationQueue({ url: redis.url }, { backoffMs: 10 });
  }, 60_000);
  afterAll(async () => {
    await queue.close();
    await redis.stop();
    api.server.closeAllConnections();
    api.server.close();
  });

  const options = () => ({ redisUrl: redis.url, baseUrl: api.baseUrl, apiKey: 'pk_worker', pendingMs: 10 });

  it('reads the case over HTTP and posts the outcomes there', async () => {
    const tasks: VerificationTask[] = [];
    const worker = await createVerificationWorker(async (task) => {
      tasks.push(task);
      return task.methods.map((method) => ({ method, result: 'passed' as const }));
    }, options());
    await queue.add([{ caseId: 'case_1', version: 3 }]);
    await eventually(async () => api.posted.length === 2);
    await worker.close();
    expect(tasks).toEqual([
      { caseId: 'case_1', accountId: 'acct/case_1', methods: ['phone', 'business'], requestId: 'case_1_3' },
    ]);
    expect(api.posted[0]).toEqual({
      path: '/v1/accounts/acct%2Fcase_1/verifications',
      body: { method: 'phone', result: 'passed' },
      authorization: 'Bearer pk_worker',
    });
  });

  it('hands a task out again when the handler fails or leaves a method open, under the same request id', async () => {
    const ids: string[] = [];
    const worker = await createVerificationWorker(async ({ requestId, methods }) => {
      ids.push(requestId);
      if (ids.length === 1) throw new Error('the camera is broken');
      return ids.length === 2 ? [] : methods.map((method) => ({ method, result: 'failed' as const }));
    }, options());
    const before = api.posted.length;
    await queue.add([{ caseId: 'case_2', version: 1 }]);
    await eventually(async () => api.posted.length === before + 2);
    await worker.close();
    expect(ids).toEqual(['case_2_1', 'case_2_1', 'case_2_1']);
  });

  it('does not hand out cases that are decided or gone', async () => {
    api.decided.add('case_3');
    const seen: string[] = [];
    const worker = await createVerificationWorker(
      async ({ caseId, methods }) => {
        seen.push(caseId);
        return methods.map((method) => ({ method, result: 'passed' as const }));
      },
      { ...options(), concurrency: 1 },
    );
    const jobs = ['case_3', 'case_gone', 'case_4'].map((caseId) => ({ caseId, version: 1 }));
    await queue.add(jobs);
    await eventually(async () => seen.length > 0);
    await worker.close();
    expect(seen).toEqual(['case_4']);
  });
});
