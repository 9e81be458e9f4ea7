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
  /** What the next posts are answered with, one after the other. */
  const refusals: { status: number; text: string }[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.setHeader('content-type', 'application/json');
    if (request.method === 'POST') {
      const body = JSON.parse(Buffer.concat(chunks).toString());
      posted.push({ path, body, authorization: request.headers.authorization });
      const refusal = refusals.shift();
      if (refusal !== undefined) {
        response.writeHead(refusal.status).end(refusal.text);
        return;
      }
      response.end('{}');
      return;
    }
    const id = path.split('/').at(-1) ?? '';
    if (id === 'case_gone') {
      response.writeHead(404).end('{}');
      return;
    }
    const state = decided.has(id) ? 'decided' : 'open';
    response.end(
      JSON.stringify(
        id === 'case_html'
          ? '<html>'
          : { id, account_id: `acct/${id}`, state, asks_for: ['phone', 'business'], whole_ring: id === 'case_ring' },
      ),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { posted, decided, refusals, baseUrl: `http://127.0.0.1:${port}`, server };
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
      body: { method: 'phone', result: 'passed', request_id: 'case_1_3_phone' },
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

  it('posts an outcome again under the same request id, so that it counts once while another is open', async () => {
    const before = api.posted.length;
    let deliveries = 0;
    const worker = await createVerificationWorker(async () => {
      deliveries += 1;
      const phone = { method: 'phone', result: 'failed' } as const;
      return deliveries < 3 ? [phone] : [phone, { method: 'business', result: 'passed' } as const];
    }, options());
    await queue.add([{ caseId: 'case_5', version: 2 }]);
    await eventually(async () => api.posted.length === before + 4);
    await worker.close();
    const phone = { method: 'phone', result: 'failed', request_id: 'case_5_2_phone' };
    const business = { method: 'business', result: 'passed', request_id: 'case_5_2_business' };
    expect(api.posted.slice(before).map(({ body }) => body)).toEqual([phone, phone, phone, business]);
  });

  it('asks for the members of a ring under ids of their own', async () => {
    const before = api.posted.length;
    const worker = await createVerificationWorker(
      async ({ methods }) => methods.map((method) => ({ method, result: 'passed' as const })),
      options(),
    );
    await queue.add([{ caseId: 'case_ring', version: 1 }]);
    await eventually(async () => api.posted.length === before + 2);
    await worker.close();
    expect(api.posted.at(-1)?.body).toMatchObject({
      request_id: expect.stringMatching(/^case_ring_1_business_[0-9a-f]{16}$/),
    });
  });

  it('lets the first outcome stand: another one is told and not tried again', async () => {
    const before = api.posted.length;
    const errors: string[] = [];
    const refusal = { code: 'idempotency_mismatch', detail: 'It has another result.', request_id: 'req_7' };
    api.refusals.push({ status: 422, text: JSON.stringify(refusal) });
    const worker = await createVerificationWorker(
      async ({ methods }) => methods.map((method) => ({ method, result: 'passed' as const })),
      { ...options(), onError: ({ message }) => errors.push(message) },
    );
    await queue.add([{ caseId: 'case_6', version: 1 }]);
    await eventually(async () => api.posted.length === before + 2);
    await worker.close();
    expect(errors).toEqual([
      `case_6: POST ${api.baseUrl}/v1/accounts/acct%2Fcase_6/verifications answered 422 idempotency_mismatch: It has another result. (request req_7)`,
    ]);
  });

  it('says of an outcome that could not be posted which case, where, and what the answer was', async () => {
    const before = api.posted.length;
    const errors: string[] = [];
    api.refusals.push({ status: 502, text: '<h1>\nBad Gateway</h1>' });
    const worker = await createVerificationWorker(
      async ({ methods }) => methods.map((method) => ({ method, result: 'passed' as const })),
      { ...options(), onError: ({ message }) => errors.push(message) },
    );
    await queue.add([{ caseId: 'case_7', version: 1 }]);
    await eventually(async () => api.posted.length === before + 3);
    await worker.close();
    expect(errors).toEqual([
      `case_7: POST ${api.baseUrl}/v1/accounts/acct%2Fcase_7/verifications answered 502: <h1> Bad Gateway</h1>`,
    ]);
  });

  it('says when nobody answers, and when it is something else that answers', async () => {
    const errors: string[] = [];
    const onError = ({ message }: Error) => errors.push(message);
    const nobody = await createVerificationWorker(async () => [], {
      ...options(),
      baseUrl: 'http://127.0.0.1:9',
      onError,
    });
    await queue.add([{ caseId: 'case_8', version: 1 }]);
    await eventually(async () => errors.length > 0);
    await nobody.close();
    expect(errors[0]).toMatch(/^GET http:\/\/127\.0\.0\.1:9\/v1\/cases\/case_8 was not answered: .+/);
    await queue.add([{ caseId: 'case_html', version: 1 }]);
    const other = await createVerificationWorker(async () => [], { ...options(), onError });
    await eventually(async () => errors.some((message) => message.includes('is no Portcullis')));
    await other.close();
  });
});
