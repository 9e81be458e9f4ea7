import { afterAll, beforeAll, expect } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService } from '../support/service.js';
import { sideBySide, type Telling } from '../support/side-by-side.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop(), 30_000);

/** A service of its own, and the network between it and its Redis. */
function useNetwork(database: string, { beforeAll, afterAll }: Telling) {
  let redis: TestRedis;
  let network: TcpProxy;
  let service: Service;
  beforeAll(async () => {
    redis = await startRedis();
    const url = new URL(redis.url);
    network = await startTcpProxy(Number(url.port));
    url.port = String(network.port);
    const databaseUrl = await postgres.create(database);
    service = await startService({ databaseUrl, redisUrl: url.href });
  }, 120_000);
  afterAll(async () => {
    await service?.remove();
    await network?.stop();
    await redis?.stop();
  });
  const stateOf = async (accountId: string): Promise<string> =>
    (await service.call('GET', `/v1/accounts/${accountId}`)).body.access?.state;
  let signups = 0;
  /** Decided with everything, by somebody who tries until it is so. */
  const isWhole = async (): Promise<boolean> => {
    const decision = await service.evaluate(signup(`whole-${++signups}`, 'free'));
    return decision.degraded.length === 0;
  };
  return { network: () => network, service: () => service, stateOf, isWhole };
}

/** Every rule that counts has something to count. */
const signup = (accountId: string, kind: 'free' | 'hold') =>
  aSignup(accountId, kind, { device: { fingerprint: `fp-of-${accountId}` } });

sideBySide({
  'connections to Redis with nobody at their other end': (telling) => {
    const { network, service, stateOf, isWhole } = useNetwork('lost', telling);
    const { it } = telling;

    it('are made anew, and what was decided meanwhile is judged again', async () => {
      await eventually(isWhole);
      network().loseOpen();
      const blind = await service().evaluate(signup('half-open', 'free'));
      expect(blind).toMatchObject({ outcome: 'limit', access: { state: 'limited' } });
      await eventually(isWhole, 30_000);
      await eventually(async () => (await stateOf('half-open')) === 'admitted', 30_000);
      await eventually(async () => (await service().gate({ accountId: 'half-open' })).body.state === 'admitted');
    }, 90_000);
  },

  'a Redis whose answers take longer than a caller can wait, or never come': (telling) => {
    const { network, service, stateOf, isWhole } = useNetwork('slow', telling);
    const { it } = telling;

    it('is not waited for: accounts are limited, marked, and judged again when it is quick again', async () => {
      await eventually(isWhole);
      network().delay(80);
      const slow = await service().evaluate(signup('slow', 'free'));
      expect(slow).toMatchObject({ outcome: 'limit', access: { state: 'limited' } });
      expect(slow.degraded).toContain('velocity_unavailable');
      const held = await service().evaluate(signup('slow-held', 'hold'));
      expect(held.access.state).toBe('held');
      network().delay(0);
      await eventually(async () => (await stateOf('slow')) === 'admitted');
      expect(await stateOf('slow-held')).toBe('held');
    }, 60_000);

    it('is told of as what could not be had, until somebody is there again', async () => {
      await eventually(isWhole);
      network().silence();
      for (const name of ['silent-1', 'silent-2', 'silent-3']) {
        const decision = await service().evaluate(signup(name, 'free'));
        expect(decision.access.state).toBe('limited');
        expect(decision.degraded).toContain('velocity_unavailable');
      }
      expect((await service().gate({ accountId: 'silent-1' })).body).toMatchObject({
        state: 'unknown',
        degraded: true,
      });
      network().revive();
      await eventually(async () => (await stateOf('silent-3')) === 'admitted', 60_000);
    }, 90_000);
  },
});
