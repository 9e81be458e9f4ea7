import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Decision } from '../../src/model/decision.js';
import { eventually } from '../support/eventually.js';
import { aSignup, type Service, startService } from '../support/service.js';

let service: Service;
beforeAll(async () => {
  service = await startService();
}, 120_000);
afterAll(() => service?.remove(), 30_000);

const planOf = (n: number): string => (n % 4 === 0 ? 'hold' : 'free');

/** Eight at a time, as they were sent. */
async function inParallel<T>(items: readonly T[], check: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const checker = async (): Promise<void> => {
    for (let item = rest.pop(); item !== undefined; item = rest.pop()) await check(item);
  };
  await Promise.all(Array.from({ length: 8 }, checker));
}

describe('a service that is killed under load, on embedded stores', () => {
  it('loses nothing it has acknowledged: decisions, cases and the gate are as they were told', async () => {
    const acknowledged = new Map<string, Decision>();
    let sending = true;
    let next = 0;
    const sender = async (): Promise<void> => {
      while (sending) {
        const n = next++;
        const event = aSignup(`acct_${n}`, planOf(n));
        const answer = await service.call('POST', '/v1/evaluations', { body: event }).catch(() => undefined);
        if (answer?.status === 200) acknowledged.set(answer.body.account_id, answer.body);
        else await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const senders = Array.from({ length: 8 }, sender);
    for (let kill = 1; kill <= 2; kill++) {
      const before = acknowledged.size;
      await eventually(async () => acknowledged.size > before + 80);
      await service.kill();
      await service.start();
    }
    await eventually(async () => acknowledged.size > 240);
    sending = false;
    await Promise.all(senders);

    await inParallel([...acknowledged.values()], async (decision) => {
      const stored = await service.call('GET', `/v1/decisions/${decision.id}`);
      expect(stored.body).toMatchObject({ id: decision.id, outcome: decision.outcome, access: decision.access });
      const gate = await service.gate({ accountId: decision.account_id });
      expect(gate.body.state).toBe(decision.access.state);
      if (decision.access.state !== 'held') return;
      const found = await service.call('GET', `/v1/cases/${decision.case_id}`);
      expect(found.body).toMatchObject({ account_id: decision.account_id, state: 'open' });
    });
    // The rest was not acknowledged: sent again, each is decided, once.
    const refused = Array.from({ length: next }, (_none, n) => n).filter((n) => !acknowledged.has(`acct_${n}`));
    await inParallel(refused, async (n) => {
      const decision = await service.evaluate(aSignup(`acct_${n}`, planOf(n)));
      expect(decision.access).toMatchObject({ version: 1 });
    });
  }, 300_000);
});
