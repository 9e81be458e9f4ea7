import { expect } from '@jest/globals';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { aSignup, type Service, startService } from '../support/service.js';
import { sideBySide, type Telling } from '../support/side-by-side.js';
import { type SkewedClock, skewedClock } from '../support/skewed-clock.js';

const hourMs = 3_600_000;
const pepper = { IDENTIFIER_PEPPER: 'a pepper that all instances of the trial share' };

const skewedBy =
  (how: string, skewMs: number) =>
  ({ beforeAll, it, afterAll }: Telling): void => {
    let postgres: PostgresServer;
    let redis: TestRedis;
    let clock: SkewedClock;
    let right: Service;
    let wrong: Service;
    beforeAll(async () => {
      [postgres, redis, clock] = await Promise.all([startPostgres(), startRedis(), skewedClock(skewMs)]);
      const servers = { databaseUrl: postgres.url, redisUrl: redis.url };
      [right, wrong] = await Promise.all([
        startService({ ...servers, env: pepper }),
        startService({ ...servers, env: { ...pepper, ...clock.env } }),
      ]);
    }, 120_000);
    afterAll(async () => {
      await Promise.all([right?.remove(), wrong?.remove()]);
      await Promise.all([postgres.stop(), redis.stop(), clock.remove()]);
    }, 30_000);

    const claim = (service: Service, caseId: string | null) =>
      service.call('POST', `/v1/cases/${caseId}/claim`, { body: {} });

    it('gives no claim away that another has made, and takes no approval for due before its time', async () => {
      const held = await right.evaluate(aSignup(`held-${how}`, 'hold'));
      const claimed = await claim(right, held.case_id);
      expect(claimed.status).toBe(200);
      expect((await wrong.call('POST', '/v1/cases:next', { body: {} })).status).toBe(204);

      const { claim_token } = claimed.body;
      const body = { claim_token, decision: 'approve', reason: 'trial' };
      const approved = await right.call('POST', `/v1/cases/${held.case_id}/decisions`, { body });
      expect(approved.status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 4000));
      for (const service of [right, wrong])
        expect((await service.gate({ accountId: `held-${how}` })).body.state).toBe('held');
      expect((await wrong.call('POST', `/v1/cases/${held.case_id}/undo`, { body: {} })).status).toBe(200);
    }, 60_000);

    it('makes claims that last as long as any, and dates its decisions as the others do', async () => {
      const held = await wrong.evaluate(aSignup(`dated-${how}`, 'hold'));
      expect(Math.abs(Date.parse(held.decided_at) - Date.now())).toBeLessThan(30_000);
      expect(held.degraded).toEqual([]);
      const claimed = await claim(wrong, held.case_id);
      const leaseMs = Date.parse(claimed.body.lease_until) - Date.now();
      expect(leaseMs).toBeGreaterThan(0);
      expect(leaseMs).toBeLessThan(hourMs / 2);
    }, 60_000);
  };

sideBySide({
  'an instance whose clock is an hour ahead': skewedBy('ahead', hourMs),
  'an instance whose clock is an hour behind': skewedBy('behind', -hourMs),
});
