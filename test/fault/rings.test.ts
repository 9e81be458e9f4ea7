import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRedis, type RedisConnection } from '../../src/adapters/redis/connection.js';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { ringTrialRules } from '../support/ring-trial-rules.js';
import { ringWith, sharing } from '../support/rings-story.js';
import { type Service, startService } from '../support/service.js';

const env = { IDENTIFIER_PEPPER: 'a pepper that all instances of the trial share' };

let postgres: PostgresServer;
let redis: TestRedis;
let connection: RedisConnection;
let services: Service[] = [];
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  connection = await openRedis({ url: redis.url }, 'relay');
  await connection.ready(5000);
  const open = () => startService({ rules: ringTrialRules, databaseUrl: postgres.url, redisUrl: redis.url, env });
  services = await Promise.all([open(), open()]);
}, 120_000);
afterAll(async () => {
  await Promise.all(services.map((service) => service.remove()));
  await connection.close();
  await Promise.all([postgres.stop(), redis.stop()]);
}, 60_000);

const service = (index: number): Service => {
  const found = services[index % services.length];
  if (found === undefined) throw new Error('no service is running');
  return found;
};

/** A busy machine, or an instance that is down, answers nothing: the caller comes again, as any caller would. */
const signUp = (accountId: string, card: string, number: number, by = number) =>
  eventually(async () => {
    const body = sharing(accountId, card, number);
    const answer = await service(by)
      .call('POST', '/v1/evaluations', { body })
      .catch(() => undefined);
    return answer?.status === 200 && answer.body;
  });

const keepsRings = async (index: number): Promise<boolean> => {
  const { body } = await service(index).call('GET', '/metrics', { headers: { accept: 'text/plain' } });
  return /^portcullis_ring_worker_active 1$/m.test(String(body));
};

async function keeper(): Promise<number> {
  return eventually(async () => {
    const keeping = await Promise.all([0, 1].map((index) => keepsRings(index).catch(() => false)));
    const index = keeping.indexOf(true);
    return index < 0 ? undefined : { index };
  }).then(({ index }) => index);
}

const sizeOf = (accountId: string, by: number, size: number) =>
  eventually(async () => {
    const ring = await ringWith(service(by), accountId).catch(() => undefined);
    return ring?.size === size && ring;
  });

/** What would be decided of one more account, once rings can be read; nothing is counted meanwhile. */
const shownAgain = (card: string) =>
  eventually(async () => {
    const answer = await service(0).call('POST', '/v1/evaluations:simulate', { body: sharing('one-more', card, 99) });
    if (answer.status !== 200) return undefined;
    const { degraded, ring } = answer.body;
    if (degraded.includes('ring_unavailable')) expect(ring).toBeNull();
    return degraded.length === 0 && answer.body;
  });

describe('rings when things fail', () => {
  it('come back to Redis by themselves when it is wiped; meanwhile decisions say that they were not to be had', async () => {
    for (let n = 0; n < 5; n++) await signUp(`w${n}`, 'pm_wiped', n);
    await sizeOf('w0', 0, 5);
    await connection.call('FLUSHALL');
    const decision = await shownAgain('pm_wiped');
    expect(decision.ring).toMatchObject({ size: 6 });
    const keys = await connection.call('KEYS', '*wiped*');
    expect(keys).toEqual([]);
  }, 60_000);

  it('are kept by another instance when the one that keeps them is killed, and nobody is counted twice', async () => {
    const first = await keeper();
    const other = 1 - first;
    let killed: Promise<void> | undefined;
    for (let n = 0; n < 60; n++) {
      if (n === 20) killed = service(first).kill();
      await signUp(`k${n}`, `pm_killed_${n % 3}`, n, n < 20 ? n : other);
    }
    await killed;
    expect(await keeper()).toBe(other);
    for (const card of [0, 1, 2]) expect((await sizeOf(`k${card}`, other, 20)).members).toHaveLength(20);
    await service(first).start();
    // Stopped as an operator would: a snapshot is left, and the lease given back.
    expect(await service(other).stop()).toBe(0);
    expect(await keeper()).toBe(first);
    await signUp('k60', 'pm_killed_0', 60, first);
    expect((await sizeOf('k60', first, 21)).statistics.distinct_prefixes).toBeGreaterThanOrEqual(21);
    await service(other).start();
  }, 120_000);

  it('belong to the new keeper when the old one was only frozen and wakes up again', async () => {
    const first = await keeper();
    const other = 1 - first;
    for (let n = 0; n < 4; n++) await signUp(`f${n}`, 'pm_frozen', n);
    await sizeOf('f0', other, 4);
    process.kill(service(first).pid, 'SIGSTOP');
    try {
      for (let n = 4; n < 8; n++) await signUp(`f${n}`, 'pm_frozen', n, other);
      await eventually(() => keepsRings(other));
      await sizeOf('f7', other, 8);
    } finally {
      process.kill(service(first).pid, 'SIGCONT');
    }
    for (let n = 8; n < 14; n++) await signUp(`f${n}`, 'pm_frozen', n);
    await sizeOf('f13', first, 14);
    await eventually(async () => !(await keepsRings(first)) && (await keepsRings(other)));
    expect((await shownAgain('pm_frozen')).ring).toMatchObject({ size: 15 });
  }, 120_000);
});
