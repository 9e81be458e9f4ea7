import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Decision } from '../../src/model/decision.js';
import { eventually } from './eventually.js';
import { ringTrialRules } from './ring-trial-rules.js';
import { aSignup, type Service, writeRules } from './service.js';

/** Each from an address of its own: only the card is shared. */
export const sharing = (accountId: string, card: string, number: number): object =>
  aSignup(accountId, 'free', { ip: `198.51.${number % 200}.7`, payment: { fingerprint: card, brand: 'visa' } });

// biome-ignore lint/suspicious/noExplicitAny: an answer of the API, looked at by the test that asked.
export async function ringWith(service: Service, accountId: string): Promise<any> {
  const { body } = await service.call('GET', '/v1/rings?min_size=2');
  for (const { id } of body.data) {
    const ring = (await service.call('GET', `/v1/rings/${id}`)).body;
    const members: { account_id: string }[] = ring.members;
    if (members.some((member) => member.account_id === accountId)) return ring;
  }
  return undefined;
}

/** What the service tells of rings from outside, once for each kind of stores. */
export function describeRings(title: string, open: () => Promise<Service>): void {
  describe(title, () => {
    let service: Service;
    const decisions: Decision[] = [];
    beforeAll(async () => {
      service = await open();
    }, 120_000);
    afterAll(() => service.remove(), 30_000);

    it('names the ring in decisions once a card is shared, and finds it out when it is large', async () => {
      for (let n = 0; n < 12; n++) {
        decisions.push(await service.evaluate(sharing(`ring-${n}`, 'pm_ring', n)));
        const joined = n + 1;
        if (n > 0) await eventually(async () => (await ringWith(service, `ring-${n}`))?.size === joined);
      }
      expect(decisions.map(({ degraded }) => degraded)).toEqual(decisions.map(() => []));
      expect(decisions.slice(0, 2).map(({ ring }) => ring)).toEqual([null, null]);
      const sizes = decisions.slice(2).map(({ ring }) => ring?.size);
      expect(sizes).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      expect(new Set(decisions.slice(2).map(({ ring }) => ring?.id)).size).toBe(1);
      expect(decisions.map(({ outcome }) => outcome)).toEqual([
        ...Array.from({ length: 7 }, () => 'allow'),
        ...Array.from({ length: 5 }, () => 'hold'),
      ]);
    });

    it('shows it in the API: members, what holds them together, when it was found out', async () => {
      const id = decisions.at(-1)?.ring?.id ?? '';
      const list = await service.call('GET', '/v1/rings?min_size=12');
      expect(list.body.data.map((ring: { id: string }) => ring.id)).toEqual([id]);
      const { body: ring } = await service.call('GET', `/v1/rings/${id}`);
      expect(ring).toMatchObject({
        size: 12,
        statistics: { strong_links: 1, families: 1, distinct_prefixes: 12 },
        reasons: [{ link: 'card', keys: 1, accounts: 12 }],
      });
      expect(ring.members.map((member: { account_id: string }) => member.account_id)[0]).toBe('ring-0');
      const { body: graph } = await service.call('GET', `/v1/rings/${id}/graph`);
      expect(graph).toMatchObject({ id, size: 12, is_whole: true });
      expect(graph.nodes).toHaveLength(13);
      expect(graph.edges).toHaveLength(12);
      expect(JSON.stringify([ring, graph])).not.toContain('pm_ring');
      expect((await service.call('GET', '/v1/rings/ring_nothing')).status).toBe(404);
    });

    it('says when it was found out, by which decision, and who was held for it afterwards', async () => {
      const found = await eventually(async () => {
        const ring = await ringWith(service, 'ring-0');
        return ring.state === 'detected' && ring.holds[0]?.held >= 7 && ring;
      });
      const detecting = decisions[7];
      expect(found).toMatchObject({ decision_id: detecting?.id, case_id: detecting?.case_id });
      expect(detecting?.case_id).toMatch(/^case_/);
      const { body } = await service.call('GET', '/v1/rings?state=detected');
      expect(body.data.map((ring: { id: string }) => ring.id)).toEqual([found.id]);
      expect((await service.gate({ accountId: 'ring-0' })).status).toBe(403);
      const { body: itsCase } = await service.call('GET', `/v1/cases/${found.case_id}`);
      expect(itsCase.ring).toEqual({ id: found.id, size: 12 });
    });

    it('makes two rings one when an account shares with both, and answers to either id', async () => {
      for (const [n, account] of ['m1', 'm2', 'm3'].entries())
        await service.evaluate(sharing(account, 'pm_one', 20 + n));
      for (const [n, account] of ['m4', 'm5'].entries()) await service.evaluate(sharing(account, 'pm_two', 30 + n));
      const one = await eventually(async () => ringWith(service, 'm3'));
      const two = await eventually(async () => ringWith(service, 'm5'));
      expect(two.id).not.toBe(one.id);
      await service.evaluate({
        ...sharing('m1', 'pm_two', 20),
        event_id: 'evt_m1_again',
        type: 'payment_method_added',
      });
      const merged = await eventually(async () => {
        const { body } = await service.call('GET', `/v1/rings/${two.id}`);
        return body.id === one.id && body;
      });
      expect(merged).toMatchObject({ id: one.id, size: 5 });
      const joining = await service.evaluate(sharing('m6', 'pm_two', 40));
      expect(joining.ring).toEqual({ id: one.id, size: 6 });
    });

    it('tells of held and verified members', async () => {
      await service.call('POST', '/v1/accounts/m2/hold', { body: { reason: 'trial' } });
      await service.call('POST', '/v1/accounts/m3/verifications', { body: { method: 'phone', result: 'passed' } });
      await eventually(async () => {
        const { statistics } = await ringWith(service, 'm2');
        return statistics.held_share > 0 && statistics.verified_share > 0;
      });
    });

    it('keeps its rings when the rules are loaded again with other links', async () => {
      const before = await ringWith(service, 'ring-0');
      const { hash } = (await service.call('GET', '/v1/rulesets/current')).body;
      const rings = (ringTrialRules['rings.yml'] ?? '')
        .replace(/ {2}device:.*\n/, '')
        .replace('links:', 'links:\n  phone: { by: [phone.number], strength: strong, hub_cap: 5, ttl: 180d }');
      await writeRules(service.rulesDir, { 'rings.yml': rings });
      await eventually(async () => (await service.call('GET', '/v1/rulesets/current')).body.hash !== hash);
      const phone = { number: '+15551230001' };
      await service.evaluate({ ...sharing('p1', 'pm_p1', 50), phone });
      await service.evaluate({ ...sharing('p2', 'pm_p2', 51), phone });
      const made = await eventually(async () => ringWith(service, 'p2'));
      expect(made.reasons).toEqual([{ link: 'phone', keys: 1, accounts: 2 }]);
      const after = await ringWith(service, 'ring-0');
      expect([after.id, after.size]).toEqual([before.id, before.size]);
      expect((await service.evaluate(sharing('ring-more', 'pm_ring', 60))).ring).toEqual({ id: before.id, size: 13 });
    });
  });
}
