import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import {
  startVerificationConsumer,
  type VerificationConsumer,
  type VerificationConsumerOptions,
} from '../../src/adapters/bullmq/verification-consumer.js';
import { openVerificationQueue, type VerificationQueue } from '../../src/adapters/bullmq/verification-queue.js';
import { SqlAccessTruth } from '../../src/adapters/postgres/access-truth.js';
import { postgresCaseRecords } from '../../src/adapters/postgres/case-records.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { gateEntriesAfter } from '../../src/adapters/postgres/gate-entries.js';
import { heldWithoutCase } from '../../src/adapters/postgres/held-without-case.js';
import { ensureEpoch } from '../../src/adapters/postgres/meta.js';
import { migrate } from '../../src/adapters/postgres/migrate.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import { SqlOutbox } from '../../src/adapters/postgres/outbox.js';
import { SqlVerificationHistory } from '../../src/adapters/postgres/verification-history.js';
import { createVerificationNeeds } from '../../src/adapters/postgres/verification-needs.js';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { redisEpoch } from '../../src/adapters/redis/redis-epoch.js';
import { createHttpProvider } from '../../src/adapters/verification/http-provider.js';
import type { GateEntry } from '../../src/gate/gate-store.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { createReconciler, type ReconcilerPorts } from '../../src/workers/reconciler.js';
import {
  lanes,
  publishWithinMs,
  type RelayPorts,
  relayLane,
  relayPollMs,
  startRelay,
} from '../../src/workers/relay.js';
import { startWorkers } from '../../src/workers/start-workers.js';
import { createVerificationProcessor } from '../../src/workers/verification.js';
import { allOfCases } from '../support/all-of-cases.js';
import { decisionRecord } from '../support/decision-record-builder.js';
import { eventually } from '../support/eventually.js';
import { startFakeProvider } from '../support/fake-provider.js';
import { findStuck } from '../support/find-stuck.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { relayOnce } from '../support/relay-once.js';

const clock = { now: () => Date.now() };
const options = { claimSecret: 'a secret that every instance knows', random: (count: number) => randomBytes(count) };

describe('what happens after a commit', () => {
  let server: PostgresServer;
  let redis: TestRedis;
  let database: Database;
  let connection: RedisConnection;
  let queue: VerificationQueue;
  let world: ReturnType<typeof worldOf>;
  const errors: unknown[] = [];

  beforeAll(async () => {
    [server, redis] = await Promise.all([startPostgres(), startRedis()]);
    database = await openPostgres(server.url, { callTimeoutMs: 20_000 });
    await migrate(database);
    connection = await openRedis({ url: redis.url }, 'relay');
    await connection.ready(10_000);
    queue = await openVerificationQueue({ url: redis.url }, { backoffMs: 20 });
  }, 60_000);

  beforeEach(async () => {
    await database.query(
      'truncate accounts, account_keys, decisions, envelope_salts, cases, case_entries, verifications, labels, outbox',
    );
    await connection.call('FLUSHALL');
    errors.length = 0;
    world = worldOf();
  });

  afterAll(async () => {
    await queue.close();
    await connection.close();
    await database.close();
    await redis.stop();
    await server.stop();
  });

  /** One instance of the service without its edges. */
  function worldOf() {
    const published = new Map<string, GateEntry>();
    const labelled: unknown[] = [];
    const cleared: unknown[] = [];
    const stood: unknown[] = [];
    const observed: string[] = [];
    const repaired: string[] = [];
    const log = new SqlDecisionLog(database, { deadlineMs: 20_000 });
    const outbox = new SqlOutbox(database);
    const cases = allOfCases(postgresCaseRecords(database), options);
    const needs = createVerificationNeeds(database);
    const projection = {
      check: async () => ({ kind: 'missing' }) as const,
      publish: async (entries: readonly GateEntry[]) => {
        for (const entry of entries) published.set(entry.access.accountId, entry);
      },
    };
    const relay: RelayPorts = {
      outbox,
      truth: new SqlAccessTruth(database),
      projection,
      jobs: queue,
      features: {
        label: async (...label) => void labelled.push(label),
        standing: async (...standing) => void stood.push(standing),
      },
      memory: { clear: async (...what) => void cleared.push(what) },
      log,
      observeEvidence: async (id) => void observed.push(id),
      onError: (error) => errors.push(error),
    };
    const reconciler: ReconcilerPorts = {
      cases,
      heldWithoutCase: (limit) => heldWithoutCase(database, limit),
      needs,
      jobs: queue,
      projection,
      entriesAfter: (after, limit) => gateEntriesAfter(database, after, limit),
      outbox,
      epoch: { expected: () => ensureEpoch(database, 'first'), ...redisEpoch(connection) },
      clock,
      onCommitted: () => undefined,
      onRepaired: (what, count) => repaired.push(`${what} ${count}`),
      onError: (error) => errors.push(error),
    };
    return {
      published,
      labelled,
      stood,
      cleared,
      repaired,
      log,
      outbox,
      cases,
      recordVerification: cases.recordVerification,
      needs,
      queue: { late: async () => 0 },
      relay,
      reconciler,
    };
  }

  const commit = (number: string, outcome: 'allow' | 'hold', apiKeyId?: string) =>
    world.log.commit(decisionRecord({ number, account: number, outcome, ...(apiKeyId && { apiKeyId }) }));

  const settle = async () => {
    while (await relayOnce(world.relay, {}));
  };

  const consumeJobs = (work: Omit<VerificationConsumerOptions, 'addressing'>): Promise<VerificationConsumer> =>
    startVerificationConsumer({ addressing: { url: redis.url }, ...work });

  const consume = (url: string, pendingMs = 20): Promise<VerificationConsumer> =>
    consumeJobs({
      pendingMs,
      process: createVerificationProcessor({
        needs: world.needs,
        provider: createHttpProvider({
          url,
          secret: 'sixteen characters',
          onPending: (request, link) => new SqlVerificationHistory(database).savePending(request, link, clock.now()),
        }),
        recordVerification: world.cases.recordVerification,
        clock,
        onCommitted: () => undefined,
      }),
    });

  it('carries access with its keys to the gate and a job to the queue', async () => {
    await commit('free', 'allow', 'key_1');
    await commit('risky', 'hold');
    await settle();
    expect(world.stood).toEqual([['risky', 'out', expect.any(Number)]]);
    expect(world.published.get('free')).toMatchObject({ access: { state: 'admitted' }, apiKeyIds: ['key_1'] });
    expect(world.published.get('risky')).toMatchObject({ access: { state: 'held', version: 1 } });
    expect(await findStuck(database, queue)).toEqual({ heldWithoutCase: [], casesWithoutJob: [] });
    expect(await world.outbox.backlog()).toMatchObject({ count: 0 });
    expect(errors).toEqual([]);
  });

  it('shares the work between relays without doing any of it twice', async () => {
    for (let i = 0; i < 40; i++) await commit(`many_${i}`, 'allow');
    let writes = 0;
    const count = async () => {
      writes += 1;
    };
    const counting = {
      ...world.relay,
      projection: { ...world.relay.projection, publish: count },
    };
    await Promise.all(Array.from({ length: 8 }, () => relayOnce(counting, { batch: 10 })));
    expect(writes).toBe(40);
  });

  it('tries again what failed, and the rest is not held up by it', async () => {
    await commit('good', 'allow');
    await commit('bad', 'allow');
    const publish = async (entries: readonly GateEntry[]) => {
      if (entries[0]?.access.accountId === 'bad') throw new Error('redis is gone');
      await world.relay.projection.publish(entries);
    };
    await relayOnce({ ...world.relay, projection: { ...world.relay.projection, publish } }, {});
    expect([...world.published.keys()]).toEqual(['good']);
    expect(errors).toHaveLength(1);
    await database.query('update outbox set not_before = now() where done_at is null');
    await settle();
    expect([...world.published.keys()]).toEqual(['good', 'bad']);
  });

  describe('what the gate has to hear of within two seconds', () => {
    /** Milliseconds until each message may be taken again, by the clock of the truth. */
    const untilDue = async () => {
      const rows = await database.query<{ kind: string; ms: number }>(`select kind,
        (extract(epoch from not_before - now()) * 1000)::float8 as ms from outbox where done_at is null order by id`);
      return new Map(rows.map(({ kind, ms }) => [kind, ms]));
    };

    it('is tried again in a moment when the first try fails, whatever else waits', async () => {
      await commit('late', 'hold');
      const publish = async () => {
        throw new Error('time ran out');
      };
      await relayOnce({ ...world.relay, projection: { ...world.relay.projection, publish } });
      const pauseMs = (await untilDue()).get('access_changed');
      expect(pauseMs).toBeLessThanOrEqual(lanes.access.pauses.firstMs);
      // A try that is given up, a pause, and an instance that looks by itself.
      expect(publishWithinMs + lanes.access.pauses.firstMs + relayPollMs).toBeLessThan(2000);
      expect(await findStuck(database, queue)).toEqual({ heldWithoutCase: [], casesWithoutJob: [] });
    });

    it('is given up when Redis does not answer, and another try is made', async () => {
      await commit('hanging', 'hold');
      const publish = () => new Promise<never>(() => undefined);
      await relayLane('access', { ...world.relay, projection: { ...world.relay.projection, publish } });
      expect(errors).toHaveLength(1);
      expect((await untilDue()).get('access_changed')).toBeLessThanOrEqual(lanes.access.pauses.firstMs);
    });

    it('is brought by another instance when the one that took it has died', async () => {
      await commit('left', 'hold');
      await world.outbox.take({ lane: 'access', limit: 10, leaseMs: lanes.access.leaseMs });
      expect((await untilDue()).get('access_changed')).toBeLessThanOrEqual(lanes.access.leaseMs);
      expect(lanes.access.leaseMs + relayPollMs).toBeLessThan(2000);
      const lease = `update outbox set not_before = not_before - ${lanes.access.leaseMs} * interval '1 millisecond'`;
      await database.query(`${lease} where done_at is null`);
      await settle();
      expect(world.published.get('left')).toMatchObject({ access: { state: 'held' } });
    });

    it('does not wait for a queue that hangs', async () => {
      await commit('quick', 'hold');
      let letGo: () => void = () => undefined;
      const hangs = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const jobs = { ...queue, add: () => hangs };
      const relay = startRelay({ ...world.relay, jobs });
      await eventually(async () => world.published.has('quick'));
      await eventually(async () => !(await world.outbox.isWaiting('access', 0)));
      // The job is under way, and not there.
      expect(await world.outbox.backlog()).toMatchObject({ count: 1 });
      letGo();
      await relay.stop();
    });
  });

  it('tells memory and features what people have decided', async () => {
    await commit('person', 'allow');
    const now = Date.now();
    await world.cases.recordLabel({ accountId: 'person', label: 'fraud', source: 's', observedAt: now }, 'ann', now);
    const result = { accountId: 'person', method: 'email', result: 'passed', evidence: {}, actor: 'p', now } as const;
    await world.cases.recordVerification(result);
    await settle();
    expect(world.labelled).toEqual([['person', 'fraud', now]]);
    expect(world.cleared).toContainEqual(['person', expect.objectContaining({ clearedRules: [], verified: true })]);
    expect(world.published.get('person')).toMatchObject({ access: { state: 'held', version: 2 } });
  });

  it('asks a provider that fails twice again under the same request id, and admits the account in the end', async () => {
    const provider = await startFakeProvider((_call, count) =>
      count <= 2 ? { status: 503, text: '{}' } : { status: 200, text: '{"result":"passed"}' },
    );
    await commit('verified', 'hold');
    await settle();
    const consumer = await consume(provider.url);
    try {
      const status = await eventually(async () => {
        const found = await world.log.status('verified');
        return found?.access.state === 'admitted' ? found : undefined;
      });
      expect(status).toMatchObject({ verified: true, clearedRules: ['payment-many-accounts-hold'] });
    } finally {
      await consumer.close();
      await provider.stop();
    }
    const ids = provider.calls.map(({ key }) => key);
    expect(new Set(ids)).toEqual(new Set(['case_verified_1_phone', 'case_verified_1_business']));
    expect(ids).toHaveLength(6);
    expect(provider.calls[0]?.body).toEqual({
      request_id: ids[0],
      account_id: 'verified',
      case_id: 'case_verified',
      method: provider.calls[0]?.body.method,
    });
    await settle();
    expect(world.published.get('verified')).toMatchObject({ access: { state: 'admitted', version: 2 } });
  });

  it('waits for an answer that is still to come, and asks nothing twice that was answered', async () => {
    const provider = await startFakeProvider(({ body }, count) => ({
      status: 200,
      text: JSON.stringify({ result: body.method === 'phone' ? 'failed' : count < 3 ? 'pending' : 'passed' }),
    }));
    await commit('slow', 'hold');
    await settle();
    const consumer = await consume(provider.url);
    const answered = () =>
      database.query("select method, state from verifications where account_id = 'slow' order by method");
    try {
      await eventually(async () => (await answered()).length === 2);
    } finally {
      await consumer.close();
      await provider.stop();
    }
    expect(await answered()).toEqual([
      { method: 'business', state: 'passed' },
      { method: 'phone', state: 'failed' },
    ]);
    expect(provider.calls.filter(({ body }) => body.method === 'phone')).toHaveLength(1);
    expect((await world.log.status('slow'))?.access.state).toBe('held');
  });

  describe('a pending answer that a process with a wrong clock waits for', () => {
    const minuteMs = 60_000;
    const delayed = async () => Number(await connection.call('ZCARD', '{portcullis}:verification:delayed'));
    const job = { caseId: 'case_clock', version: 1 };
    const record = '{portcullis}:verification:case_clock_1';

    it('is asked for no sooner, though that process takes it for due', async () => {
      const provider = await startFakeProvider(() => ({ status: 200, text: '{"result":"pending"}' }));
      await commit('clock', 'hold');
      await settle();
      const consumer = await consume(provider.url, minuteMs);
      const bull = new Queue('verification', { connection: { url: redis.url }, prefix: '{portcullis}' });
      try {
        await eventually(async () => (await delayed()) === 1);
        const asked = provider.calls.length;
        expect(asked).toBeGreaterThan(0);
        await (await bull.getJob('case_clock_1'))?.promote();
        await eventually(async () => (await delayed()) === 1 && (await connection.call('HGET', record, 'ats')) === '2');
        expect(provider.calls).toHaveLength(asked);
      } finally {
        await consumer.close();
        await bull.close();
        await provider.stop();
      }
    });

    it('is asked for after all when that process has left it for a time that does not come', async () => {
      const provider = await startFakeProvider(() => ({ status: 200, text: '{"result":"pending"}' }));
      await commit('clock', 'hold');
      await settle();
      const consumer = await consume(provider.url, 24 * 60 * minuteMs);
      try {
        await eventually(async () => (await delayed()) === 1);
        const asked = provider.calls.length;
        expect(await queue.repair([job])).toBe(0);
        const due = JSON.stringify({ case_id: job.caseId, version: 1, not_before: Date.now() - 6 * minuteMs });
        await connection.call('HSET', record, 'data', due);
        expect(await queue.repair([job])).toBe(1);
        await eventually(async () => provider.calls.length > asked);
      } finally {
        await consumer.close();
        await provider.stop();
      }
    });
  });

  it('asks whoever tried and failed again under a new id, and only once what a provider fails at once', async () => {
    const provider = await startFakeProvider(({ key, body }, count) => {
      const isSecond = key?.endsWith('.2') === true;
      const answer = count < 3 ? 'pending' : isSecond ? 'passed' : 'failed';
      return { status: 200, text: JSON.stringify({ result: body.method === 'business' ? 'failed' : answer }) };
    });
    await commit('tried', 'hold');
    await settle();
    const consumer = await consume(provider.url);
    const answered = () => database.query("select id, state from verifications where account_id = 'tried' order by id");
    try {
      await eventually(async () => (await answered()).length === 3);
      await eventually(async () => (await connection.call('ZCARD', '{portcullis}:verification:completed')) === 1);
    } finally {
      await consumer.close();
      await provider.stop();
    }
    expect(await answered()).toEqual([
      { id: 'case_tried_1_business', state: 'failed' },
      { id: 'case_tried_1_phone', state: 'failed' },
      { id: 'case_tried_1_phone.2', state: 'passed' },
    ]);
    expect(provider.calls.filter(({ body }) => body.method === 'business')).toHaveLength(1);
  });

  it('asks nothing for a job that is delivered again after its case was decided', async () => {
    await commit('late', 'hold');
    const asked: unknown[] = [];
    const processJob = createVerificationProcessor({
      needs: world.needs,
      provider: {
        async verify(request) {
          asked.push(request);
          return 'passed';
        },
      },
      recordVerification: world.cases.recordVerification,
      clock,
      onCommitted: () => undefined,
    });
    const job = { caseId: 'case_late', version: 1 };
    await Promise.all([processJob(job), processJob(job)]);
    const before = asked.length;
    expect(await processJob(job)).toBe('done');
    expect(asked).toHaveLength(before);
    expect((await world.log.status('late'))?.access).toMatchObject({ state: 'admitted', version: 2 });
  });

  it('queues the same work once, however often it is asked for', async () => {
    await commit('once', 'hold');
    await settle();
    const job = { caseId: 'case_once', version: 1 };
    await Promise.all([queue.add([job]), queue.add([job]), queue.add([job])]);
    expect(await connection.call('LLEN', '{portcullis}:verification:wait')).toBe(1);
  });

  it('asks again, an hour later, a provider that was away longer than all attempts took', async () => {
    let isBack = false;
    const provider = await startFakeProvider(() =>
      isBack ? { status: 200, text: '{"result":"passed"}' } : { status: 503, text: '' },
    );
    const impatient = await openVerificationQueue({ url: redis.url }, { backoffMs: 0.1, failedRestMs: 1500 });
    const consumer = await consume(provider.url);
    const failed = async () => Number(await connection.call('ZCARD', '{portcullis}:verification:failed'));
    try {
      await commit('forsaken', 'hold');
      await relayOnce({ ...world.relay, jobs: impatient }, {});
      await eventually(async () => (await failed()) === 1, 15_000);
      isBack = true;
      // It rests first: a provider that is away is not stormed.
      expect(await impatient.repair([{ caseId: 'case_forsaken', version: 1 }])).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 1600));
      const reconcile = createReconciler({ ...world.reconciler, jobs: impatient });
      await reconcile();
      expect(world.repaired).toContain('job 1');
      await eventually(async () => (await world.log.status('forsaken'))?.access.state === 'admitted');
      expect(await failed()).toBe(0);
    } finally {
      await consumer.close();
      await impatient.close();
      await provider.stop();
    }
  });

  it('rebuilds gate and jobs when Redis was wiped, once', async () => {
    for (let i = 0; i < 5; i++) await commit(`held_${i}`, 'hold');
    await commit('admitted', 'allow');
    await settle();
    const reconcile = createReconciler(world.reconciler);
    await reconcile();
    await connection.call('FLUSHALL');
    world.published.clear();
    world.repaired.length = 0;
    expect((await findStuck(database, queue)).casesWithoutJob).toHaveLength(5);
    await reconcile();
    expect(world.published.size).toBe(6);
    expect(world.repaired).toEqual(['job 5', 'redis 1']);
    expect(await findStuck(database, queue)).toEqual({ heldWithoutCase: [], casesWithoutJob: [] });
    await reconcile();
    expect(world.repaired).toEqual(['job 5', 'redis 1']);
    expect(errors).toEqual([]);
  });

  it('heals by itself: an approval reaches the gate after its window, a wiped Redis is filled again', async () => {
    const metrics = createMetrics();
    const { relay, reconciler } = world;
    const workers = await startWorkers({
      ...reconciler,
      ...relay,
      ...world,
      consume: consumeJobs,
      logger: silentLogger,
      metrics,
    });
    try {
      await commit('patient', 'hold');
      await commit('other', 'hold');
      const past = Date.now() - 20_000;
      const claim = await world.cases.claim('case_patient', 'ann', past);
      if (!claim.ok) throw new Error('not claimed');
      const { claimToken } = claim.value;
      const decision = { caseId: 'case_patient', claimToken, actor: 'ann', decision: 'approve', now: past } as const;
      await world.cases.decide(decision);
      await eventually(async () => world.published.get('patient')?.access.state === 'admitted');
      await connection.call('FLUSHALL');
      await eventually(async () => (await connection.call('EXISTS', '{portcullis}:verification:case_other_1')) === 1);
    } finally {
      await workers.stop();
    }
    expect(await metrics.text()).toContain('portcullis_outbox_waiting');
  });

  it('asks the provider as soon as a case is opened, where there is one', async () => {
    const provider = await startFakeProvider(() => ({ status: 200, text: '{"result":"passed"}' }));
    const { relay, reconciler } = world;
    const told = { logger: silentLogger, metrics: createMetrics() };
    const verifying = { provider: createHttpProvider({ url: provider.url }), consume: consumeJobs };
    const workers = await startWorkers({ ...reconciler, ...relay, ...world, ...verifying, ...told });
    try {
      await commit('quick', 'hold');
      workers.wake();
      await eventually(async () => world.published.get('quick')?.access.state === 'admitted');
    } finally {
      await workers.stop();
      await provider.stop();
    }
    expect(await told.metrics.text()).toMatch(/portcullis_jobs_total\{queue="verification",result="done"\} 1/);
  });

  it('goes on with the jobs that come after Redis was wiped', async () => {
    const provider = await startFakeProvider(() => ({ status: 200, text: '{"result":"passed"}' }));
    const consumer = await consume(provider.url);
    try {
      await commit('before', 'hold');
      await settle();
      await eventually(async () => (await world.log.status('before'))?.access.state === 'admitted');
      await connection.call('FLUSHALL');
      await commit('after', 'hold');
      await settle();
      await eventually(async () => (await world.log.status('after'))?.access.state === 'admitted');
    } finally {
      await consumer.close();
      await provider.stop();
    }
  });

  it('gives up on a Redis that hangs, and delivers once it answers again', async () => {
    await commit('stalled', 'hold');
    redis.freeze();
    try {
      await relayOnce(world.relay, {});
    } finally {
      redis.thaw();
    }
    expect(errors).not.toEqual([]);
    expect((await findStuckOnceBack()).heldWithoutCase).toEqual([]);
    await database.query('update outbox set not_before = now() where done_at is null');
    await settle();
    expect(await findStuck(database, queue)).toEqual({ heldWithoutCase: [], casesWithoutJob: [] });
    expect(await world.outbox.backlog()).toMatchObject({ count: 0 });
  });

  /** The queue's connection may take a moment to be back. */
  const findStuckOnceBack = () => eventually(() => findStuck(database, queue).catch(() => undefined));

  it('takes no message while it cannot deliver', async () => {
    await commit('waiting', 'allow');
    expect(await relayOnce({ ...world.relay, canDeliver: () => false }, {})).toBe(false);
    expect(await world.outbox.backlog()).toMatchObject({ count: 1 });
  });

  it('opens a case for a held account that has none', async () => {
    await commit('orphan', 'hold');
    await database.query('delete from cases');
    expect((await findStuck(database, queue)).heldWithoutCase).toEqual(['orphan']);
    await createReconciler(world.reconciler)();
    await settle();
    expect(await findStuck(database, queue)).toEqual({ heldWithoutCase: [], casesWithoutJob: [] });
    expect(await world.log.status('orphan')).toMatchObject({ access: { state: 'held', version: 1 } });
  });
});
