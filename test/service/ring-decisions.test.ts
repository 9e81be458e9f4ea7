import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { ringRules } from '../support/ring-rules.js';
import { anEvent, type Service, startService } from '../support/service.js';
import { signUpMany } from '../support/sign-up-many.js';

const size = 450;
const rules = { 'rules.yml': ringRules.replace('hub_cap: 20', 'hub_cap: 2000') };

let postgres: PostgresServer;
let redis: TestRedis;
let first: Service;
let second: Service;
let ringId = '';

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const shared = { rules, databaseUrl: postgres.url, redisUrl: redis.url, env: { IDENTIFIER_PEPPER: 'x'.repeat(40) } };
  [first, second] = await Promise.all([startService(shared), startService(shared)]);
  const farm = Array.from({ length: size }, (_, n) =>
    anEvent(`acct_farm_${n}`, { payment: { fingerprint: 'pm_farm' }, ip: `203.0.${n % 250}.7` }),
  );
  await signUpMany(second, farm);
  ringId = await eventually(async () => {
    const [ring] = (await second.call('GET', '/v1/rings')).body.data;
    return ring?.size === size && ring.id;
  });
}, 120_000);
afterAll(async () => {
  await Promise.all([first?.remove(), second?.remove()]);
  await Promise.all([postgres?.stop(), redis?.stop()]);
}, 30_000);

const path = (rest: string): string => `/v1/rings/${ringId}/${rest}`;
const stateOf = async (n: number): Promise<string> =>
  (await second.call('GET', `/v1/accounts/acct_farm_${n}`)).body.access.state;

describe('a ring that two instances decide', () => {
  it('is decided to the end, everybody once, although the instance that began is killed in the middle', async () => {
    const body = { decision: 'reject', reason: 'one farm', exclude: ['acct_farm_3'] };
    const trial = await first.call('POST', path('decisions'), { body: { ...body, dry_run: true } });
    expect(trial.body).toMatchObject({ dry_run: true, total: size, counts: { changed: size - 1, excluded: 1 } });
    expect(trial.body.examples).toHaveLength(50);
    expect((await second.call('GET', path('batches'))).body.data).toEqual([]);
    const begun = await first.call('POST', path('decisions'), { body });
    process.kill(first.pid, 'SIGKILL');
    expect(begun.body).toMatchObject({ dry_run: false, state: 'planned', total: size });
    expect(begun.body.done).toBeLessThan(size);
    const done = await eventually(async () => {
      const { body: batch } = await second.call('GET', path(`batches/${begun.body.id}`));
      return batch.state === 'done' && batch;
    });
    expect(done).toMatchObject({ total: size, done: size, counts: { changed: size - 1, excluded: 1 }, failed: [] });
    const { body: account } = await second.call('GET', '/v1/accounts/acct_farm_400');
    expect(account.access).toMatchObject({ state: 'denied', version: 2 });
    expect(await stateOf(3)).not.toBe('denied');
    // Of another account than below: it is limited until then, and each question is one of its day.
    await eventually(async () => (await second.gate({ accountId: 'acct_farm_401' })).body.state === 'denied');
  }, 60_000);

  it('is as before when it is taken back', async () => {
    const [batch] = (await second.call('GET', path('batches'))).body.data;
    const undone = await second.call('POST', path('undo'), { body: { batch_id: batch.id } });
    expect(undone.body).toMatchObject({ batch: { kind: 'ring_decision', state: 'undone' } });
    expect(undone.body.counts.restored).toBe(size - 1);
    await eventually(async () => (await second.gate({ accountId: 'acct_farm_400' })).status === 200);
  }, 60_000);

  it('loses a key that somebody marks as a hub, for good, also after a restart, until the mark is taken away', async () => {
    const { body: graph } = await second.call('GET', path('graph'));
    const key = graph.nodes.find((node: { kind: string }) => node.kind === 'key').id;
    const body = { key, reason: 'the card of a reseller' };
    expect((await second.call('POST', path('hubs'), { body: { ...body, key: '0123456789' } })).status).toBe(422);
    expect((await second.call('POST', path('hubs'), { body })).body).toMatchObject({ key, link: 'card' });
    const dissolved = async () => (await second.call('GET', `/v1/rings/${ringId}`)).body.state === 'dissolved';
    await eventually(dissolved);
    let more = 0;
    const joins = () => second.evaluate(anEvent(`acct_more_${++more}`, { payment: { fingerprint: 'pm_farm' } }));
    await eventually(async () => (await joins()).ring === null);
    await second.stop();
    await second.start();
    await eventually(async () => (await joins()).ring === null);
    expect(await dissolved()).toBe(true);
    const { body: marks } = await second.call('GET', path('hubs'));
    expect(marks.data).toMatchObject([{ key, reason: 'the card of a reseller', removed_at: null }]);
    expect((await second.call('DELETE', path(`hubs/${key}`))).status).toBe(200);
    expect((await second.call('DELETE', path(`hubs/${key}`))).status).toBe(404);
    const joinedAgain = async () => {
      const [ring] = (await second.call('GET', '/v1/rings')).body.data;
      return ring?.size === size + more;
    };
    await eventually(joinedAgain, 60_000);
  }, 150_000);
});
