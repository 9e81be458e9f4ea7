import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../src/adapters/postgres/database.js';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.js';
import type { Decision } from '../../src/model/decision.js';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { anEvent, aSignup, type Service, startService } from '../support/service.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { trialRules } from '../support/trial-rules.js';

/** The fifth signup of a device is held, and its key; its card is not, however much the rule reads. */
const rules = {
  ...trialRules,
  'crowd.yml': `rules:
  - id: trial-crowd
    family: device
    on: [signup]
    when: signups_per_device_1h >= 5
    points: 10
    at_least: hold
    reason: identity.trial
    title: "{signups_per_device_1h} signups from this device"
    owner: trial
  - id: trial-crowd-key
    family: device
    on: [api_key_created]
    when: signups_per_device_1h >= 5
    points: 10
    at_least: hold
    reason: identity.trial
    title: "A key of a crowded device"
    owner: trial
  - id: trial-crowd-card
    family: device
    on: [payment_method_added]
    when: signups_per_device_1h >= 500
    points: 10
    at_least: hold
    reason: identity.trial
    title: "A card of a very crowded device"
    owner: trial
`,
};
const env = { IDENTIFIER_PEPPER: 'a pepper that all instances of the trial share' };

let postgres: PostgresServer;
let redis: TestRedis;
let networks: readonly [TcpProxy, TcpProxy];
let services: readonly [Service, Service];
let database: Database;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  database = await openPostgres(postgres.url);
  const port = Number(new URL(redis.url).port);
  networks = await Promise.all([startTcpProxy(port), startTcpProxy(port)]);
  const start = (network: TcpProxy) => {
    const url = new URL(redis.url);
    url.port = String(network.port);
    return startService({ rules, databaseUrl: postgres.url, redisUrl: url.href, env });
  };
  services = await Promise.all([start(networks[0]), start(networks[1])]);
}, 120_000);
afterAll(async () => {
  await Promise.all(services.map((service) => service.remove()));
  await Promise.all([...networks.map((network) => network.stop()), database.close()]);
  await Promise.all([postgres.stop(), redis.stop()]);
}, 60_000);

const signUp = (service: Service, device: string, accountId: string): Promise<Decision> =>
  service.evaluate(aSignup(accountId, 'free', { device: { fingerprint: device } }));
const signUpMany = async (service: Service, device: string, names: readonly string[]): Promise<Decision[]> => {
  const decisions: Decision[] = [];
  for (const name of names) decisions.push(await signUp(service, device, name));
  return decisions;
};
const stateOf = async (accountId: string): Promise<string> =>
  (await services[0].call('GET', `/v1/accounts/${accountId}`)).body.access?.state;
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

const isWhole = async (): Promise<boolean> => {
  let further = 0;
  const decisions = await Promise.all(
    services.map((service, i) => signUp(service, `warm-${i}`, `warm-${i}-${further++}-${performance.now()}`)),
  );
  return decisions.every(({ degraded }) => degraded.length === 0);
};

describe('signups that could not be counted', () => {
  it('by one instance are counted by another, and who was let in before that is judged again', async () => {
    await eventually(isWhole);
    networks[0].silence();
    const unseen = await signUpMany(services[0], 'fp-one', names('one', 6));
    for (const { degraded } of unseen) expect(degraded).toContain('velocity_unavailable');
    await signUpMany(services[1], 'fp-one', names('one-meanwhile', 3));
    await eventually(async () => {
      const states = await Promise.all(names('one-meanwhile', 3).map(stateOf));
      return states.every((state) => state === 'held');
    }, 20_000);
    expect(await signUp(services[1], 'fp-one', 'one-later')).toMatchObject({ outcome: 'hold', degraded: [] });
    networks[0].revive();
    await eventually(isWhole, 30_000);
    // The first four are as they would have been, had nothing failed.
    await eventually(async () => {
      const states = await Promise.all(names('one', 6).map(stateOf));
      return states.join() === 'admitted,admitted,admitted,admitted,held,held';
    }, 30_000);
  }, 120_000);

  it('by any instance are counted before anybody is let in without a mark', async () => {
    for (const network of networks) network.silence();
    await signUpMany(services[0], 'fp-all', names('all', 4));
    const crowd = names('crowd', 120);
    for (let n = 0; n < crowd.length; n += 6)
      await Promise.all(
        crowd.slice(n, n + 6).map((name, i) => signUp(services[i % 2 === 0 ? 0 : 1], `fp-${name}`, name)),
      );
    await sleep(4000);
    for (const network of networks) network.revive();
    const after: Decision[] = [];
    for (let n = 0; n < 60; n++) {
      after.push(await signUp(services[n % 2 === 0 ? 0 : 1], 'fp-all', `all-after-${n}`));
      await sleep(50);
    }
    for (const { outcome, degraded } of after)
      expect(outcome === 'hold' || degraded.includes('velocity_unavailable')).toBe(true);
    await eventually(isWhole, 30_000);
    await eventually(async () => {
      const states = await Promise.all(names('all-after', 60).map(stateOf));
      return states.every((state) => state === 'held');
    }, 60_000);
    for (const name of names('all', 4)) await eventually(async () => (await stateOf(name)) === 'admitted', 30_000);
    await eventually(async () => (await stateOf('crowd-119')) === 'admitted', 60_000);
  }, 180_000);

  it('are counted each, also where an account had two of them, and where its first decision was complete', async () => {
    await eventually(isWhole, 30_000);
    await signUpMany(services[0], 'fp-two', names('two', 2));
    for (const network of networks) network.silence();
    for (const name of names('two-unseen', 3)) {
      await signUp(services[0], 'fp-two', name);
      const key = { type: 'api_key_created', event_id: `evt_key_${name}`, api_key: { id: `key_${name}` } };
      await services[0].evaluate(anEvent(name, key));
    }
    for (const network of networks) network.revive();
    await eventually(isWhole, 30_000);
    const next = await signUp(services[1], 'fp-two', 'two-next');
    expect(next.reasons.find(({ rule }) => rule === 'trial-crowd')?.evidence).toEqual({ signups_per_device_1h: 6 });
  }, 120_000);
});

describe('an account that sent several events that could not be remembered', () => {
  const card = (name: string) => ({
    type: 'payment_method_added',
    event_id: `evt_card_${name}`,
    payment: { fingerprint: `pm_${name}`, funding: 'prepaid' },
  });
  const key = (name: string, n: number) => ({
    type: 'api_key_created',
    event_id: `evt_key_${name}_${n}`,
    api_key: { id: `key_${name}_${n}` },
  });
  const isJudgedAgain = async (): Promise<boolean> => {
    const sql = 'select account_id from accounts where rescore_event_id is not null limit 1';
    return (await database.query(sql)).length === 0;
  };

  it('is remembered by all of them before it is judged again, and by its next events', async () => {
    await eventually(isWhole, 30_000);
    const [service] = services;
    await signUpMany(service, 'fp-known', ['known', 'known-too']);
    for (const network of networks) network.silence();
    // No feature counts a card that is added, so that only the memory misses it.
    await service.evaluate(anEvent('known', card('known')));
    expect(await service.evaluate(anEvent('known', key('known', 1)))).toMatchObject({ outcome: 'hold' });
    await service.evaluate(anEvent('known-too', card('known-too')));
    await service.evaluate(anEvent('known-too', { ...card('known-too'), event_id: 'evt_plan', payment: undefined }));
    for (const network of networks) network.revive();
    await eventually(isWhole, 30_000);
    await eventually(isJudgedAgain, 30_000);
    expect(await stateOf('known')).toBe('held');
    for (const name of ['known', 'known-too'])
      expect(await services[1].evaluate(anEvent(name, key(name, 2)))).toMatchObject({ outcome: 'hold', degraded: [] });
  }, 120_000);

  it('is judged by each of them: one that speaks against it counts although a harmless one came after it', async () => {
    await eventually(isWhole, 30_000);
    const [service] = services;
    await signUpMany(service, 'fp-crowded', names('crowded', 4));
    for (const network of networks) network.silence();
    expect(await signUp(service, 'fp-crowded', 'crowded-blind')).toMatchObject({ outcome: 'limit' });
    await service.evaluate(anEvent('crowded-blind', card('crowded-blind')));
    await signUp(service, 'fp-quiet', 'quiet-blind');
    await service.evaluate(anEvent('quiet-blind', card('quiet-blind')));
    for (const network of networks) network.revive();
    await eventually(isWhole, 30_000);
    await eventually(isJudgedAgain, 30_000);
    expect(await stateOf('crowded-blind')).toBe('held');
    expect(await stateOf('quiet-blind')).toBe('admitted');
  }, 120_000);
});
