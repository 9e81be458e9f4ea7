import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { type Answer, anEvent, aSignup, type Service } from './service.js';
import { planRule } from './trial-rules.js';

const hourMs = 3_600_000;
const hourAgo = (): string => new Date(Date.now() - hourMs).toISOString();

/** The whole service from outside, told once for each kind of stores. */
export function describeStory(title: string, open: () => Promise<Service>): void {
  describe(title, () => {
    let service: Service;
    let approvedCase: string;

    const post = (path: string, body?: unknown): Promise<Answer> => service.call('POST', path, { body });
    const gateStatus = async (accountId: string): Promise<number> => (await service.gate({ accountId })).status;
    const state = async (accountId: string): Promise<unknown> =>
      (await service.call('GET', `/v1/accounts/${accountId}`)).body?.access?.state;

    /** A held account and its case. */
    async function held(accountId: string): Promise<string> {
      const decision = await service.evaluate(aSignup(accountId, 'hold'));
      expect(decision).toMatchObject({ outcome: 'hold', access: { state: 'held' } });
      return String(decision.case_id);
    }

    async function decide(caseId: string, decision: 'approve' | 'reject', claimToken: string): Promise<void> {
      const body = { claim_token: claimToken, decision, reason: 'looked at it' };
      expect((await post(`/v1/cases/${caseId}/decisions`, body)).status).toBe(200);
    }

    /** The undo window takes ten seconds: it runs while everything else is tried. */
    beforeAll(async () => {
      service = await open();
      approvedCase = await held('approved');
      const claim = await post('/v1/cases:next');
      expect(claim.body).toMatchObject({ case: { id: approvedCase, account_id: 'approved', state: 'claimed' } });
      await decide(approvedCase, 'approve', claim.body.claim_token);
      expect(await gateStatus('approved')).toBe(403);
    }, 120_000);
    afterAll(() => service.remove(), 30_000);

    it('admits a signup that nothing speaks against, at the gate from the answer on', async () => {
      const decision = await service.evaluate(aSignup('fine', 'free'));
      expect(decision).toMatchObject({ outcome: 'allow', access: { state: 'admitted' }, case_id: null, degraded: [] });
      const gate = await service.gate({ accountId: 'fine' });
      expect(gate).toMatchObject({ status: 200, body: { state: 'admitted' } });
      expect(gate.headers['x-risk-state']).toBe('admitted');
    });

    it('holds a signup with a case, and the gate refuses it and whoever it does not know', async () => {
      const caseId = await held('waiting');
      expect(await service.gate({ accountId: 'waiting' })).toMatchObject({ status: 403, body: { state: 'held' } });
      expect((await service.call('GET', `/v1/cases/${caseId}`)).body).toMatchObject({
        account_id: 'waiting',
        state: 'open',
        reason: 'identity.trial',
        decision_record: { outcome: 'hold', signals: { 'account.plan': 'hold' } },
      });
      expect(await service.gate({ accountId: 'nobody' })).toMatchObject({ status: 403, body: { state: 'unknown' } });
      expect((await service.gate({})).status).toBe(400);
    });

    it('leaves a key with the account that it was announced for first, and says when another comes with it', async () => {
      const apiKeyId = 'key_of_the_first';
      const announce = (accountId: string) =>
        service.evaluate({ ...aSignup(accountId, 'free'), type: 'api_key_created', api_key: { id: apiKeyId } });
      const told = async () => {
        const { body } = await service.call('GET', '/metrics');
        return /^portcullis_foreign_keys_announced_total (\d+)$/m.exec(String(body))?.[1];
      };
      for (const accountId of ['key_owner', 'key_owner', 'key_taker'])
        expect(await announce(accountId)).toMatchObject({ outcome: 'allow', access: { state: 'admitted' } });
      expect((await service.gate({ accountId: 'key_owner', apiKeyId })).status).toBe(200);
      expect((await service.gate({ apiKeyId })).status).toBe(200);
      expect(await service.gate({ accountId: 'key_taker', apiKeyId })).toMatchObject({
        status: 403,
        body: { state: 'unknown' },
      });
      expect(await gateStatus('key_taker')).toBe(200);
      await eventually(async () => (await told()) === '1');
      expect(service.output).toContain('belongs to another account');
      expect(service.output).not.toContain(apiKeyId);
    });

    it('denies a rejected account at once', async () => {
      const caseId = await held('rejected');
      const claim = await post(`/v1/cases/${caseId}/claim`);
      await decide(caseId, 'reject', claim.body.claim_token);
      expect(await service.gate({ accountId: 'rejected' })).toMatchObject({ status: 403, body: { state: 'denied' } });
      const late = await post(`/v1/cases/${caseId}/decisions`, {
        claim_token: claim.body.claim_token,
        decision: 'approve',
        reason: 'too late',
      });
      expect(late.status).toBe(409);
    });

    it('admits a held account once every method that was asked for has passed', async () => {
      await held('verified');
      const passed = (method: string) => post('/v1/accounts/verified/verifications', { method, result: 'passed' });
      expect((await passed('email')).body.access.state).toBe('held');
      expect(await gateStatus('verified')).toBe(403);
      expect((await passed('phone')).body).toMatchObject({ access: { state: 'admitted' }, case: { state: 'decided' } });
      expect(await gateStatus('verified')).toBe(200);
    });

    it('holds an account that is learnt to be fraud; one that is learnt to be honest is not freed by that', async () => {
      await service.evaluate(aSignup('fraud', 'free'));
      const label = await post('/v1/accounts/fraud/labels', { label: 'fraud', source: 'chargeback' });
      expect(label.body).toMatchObject({ access: { state: 'held' }, case: { reason: 'history.fraud_label' } });
      expect(await gateStatus('fraud')).toBe(403);
      const caseId = await held('honest');
      await post('/v1/accounts/honest/labels', { label: 'honest', source: 'support' });
      expect((await service.call('GET', `/v1/cases/${caseId}`)).body.state).toBe('open');
      expect(await gateStatus('honest')).toBe(403);
    });

    it('does what a reviewer says: hold, release, deny', async () => {
      await service.evaluate(aSignup('by-hand', 'free'));
      const change = async (word: string, to: string, status: number): Promise<void> => {
        const answer = await post(`/v1/accounts/by-hand/${word}`, { reason: 'spoke with the customer' });
        expect(answer.body.access.state).toBe(to);
        expect(await gateStatus('by-hand')).toBe(status);
        expect(await state('by-hand')).toBe(to);
      };
      await change('hold', 'held', 403);
      await change('release', 'admitted', 200);
      await change('deny', 'denied', 403);
    });

    it('lets a key in with the account that announced it, and with no other', async () => {
      await service.evaluate(aSignup('key-owner', 'free'));
      const key = { type: 'api_key_created', event_id: 'evt_key', api_key: { id: 'key_1', scopes: ['messages'] } };
      await service.evaluate(anEvent('key-owner', key));
      expect((await service.gate({ apiKeyId: 'key_1' })).body.state).toBe('admitted');
      expect((await service.gate({ accountId: 'key-owner', apiKeyId: 'key_1' })).status).toBe(200);
      expect(await service.gate({ accountId: 'fine', apiKeyId: 'key_1' })).toMatchObject({
        status: 403,
        body: { state: 'unknown' },
      });
      expect((await service.gate({ apiKeyId: 'key_unannounced' })).body.state).toBe('unknown');
      // Whoever names the key later does not take it over.
      await service.evaluate(anEvent('fine', { ...key, event_id: 'evt_key_taken' }));
      expect((await service.gate({ accountId: 'fine', apiKeyId: 'key_1' })).body.state).toBe('unknown');
      expect((await service.gate({ accountId: 'key-owner', apiKeyId: 'key_1' })).status).toBe(200);
    });

    it('lets a limited account spend its daily quota and no more', async () => {
      const decision = await service.evaluate(aSignup('limited', 'limit'));
      expect(decision.access).toMatchObject({ state: 'limited', limits: { requests_per_day: 3 } });
      const answers = [];
      for (let n = 0; n < 4; n++) answers.push(await service.gate({ accountId: 'limited' }));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
      expect(answers[0]?.body.limits).toEqual({ requests_per_day: 3, remaining_today: 2 });
      expect(Number(answers[3]?.headers['retry-after'])).toBeGreaterThan(0);
    });

    it('answers the same event with the same decision, and another body under its id with a refusal', async () => {
      const event = aSignup('again', 'hold');
      const first = await post('/v1/evaluations', event);
      expect(first.headers['idempotency-replayed']).toBeUndefined();
      const reordered = Object.fromEntries(Object.entries(event).reverse());
      const second = await post('/v1/evaluations', reordered);
      expect(second.headers['idempotency-replayed']).toBe('true');
      expect(second.body).toEqual(first.body);
      const other = await post('/v1/evaluations', { ...event, ip: '203.0.113.78' });
      expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } });
      const refused = await post('/v1/evaluations', { ...event, event_id: 'evt_refused', ip: 'nowhere' });
      expect(refused.status).toBe(422);
      expect((await post('/v1/evaluations', { ...event, event_id: 'evt_refused' })).status).toBe(200);
    });

    it('decides fifty duplicates at once as one event that counts once', async () => {
      const device = { fingerprint: 'fp_fifty' };
      const event = aSignup('fifty', 'free', { device });
      const answers = await Promise.all(Array.from({ length: 50 }, () => post('/v1/evaluations', event)));
      const decided = answers.filter(({ status }) => status === 200);
      const waiting = answers.filter(({ status }) => status !== 200);
      expect(new Set(decided.map(({ body }) => body.id)).size).toBe(1);
      for (const answer of waiting) {
        expect(answer).toMatchObject({ status: 409, body: { code: 'in_flight' } });
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      }
      const next = await service.evaluate(aSignup('fifty-first', 'free', { device }));
      expect(next.reasons[0]?.evidence).toEqual({ signups_per_device_1h: 2 });
    });

    it('never lifts a hold because a later event is harmless', async () => {
      await held('still-held');
      const later = await service.evaluate(
        anEvent('still-held', { type: 'payment_method_added', event_id: 'evt_later', payment: { funding: 'credit' } }),
      );
      expect(later).toMatchObject({ outcome: 'allow', access: { state: 'held' } });
      expect(await gateStatus('still-held')).toBe(403);
    });

    it('remembers the card that was added an hour ago when a key is created', async () => {
      await service.evaluate(aSignup('card-first', 'free', { occurred_at: hourAgo() }));
      await service.evaluate(
        anEvent('card-first', {
          type: 'payment_method_added',
          event_id: 'evt_card',
          occurred_at: hourAgo(),
          payment: { funding: 'prepaid', fingerprint: 'pm_1' },
        }),
      );
      const key = { type: 'api_key_created', event_id: 'evt_card_key', api_key: { id: 'key_card' } };
      const simulated = await post('/v1/evaluations:simulate', anEvent('card-first', key));
      expect(simulated.body.outcome).toBe('hold');
      const decision = await service.evaluate(anEvent('card-first', key));
      expect(decision.reasons).toMatchObject([
        { rule: 'trial-remembered', evidence: { 'payment.funding': 'prepaid' } },
      ]);
      expect((await service.gate({ apiKeyId: 'key_card' })).body.state).toBe('held');
    });

    it('simulates without counting, storing or remembering', async () => {
      const event = aSignup('only-tried', 'hold', { device: { fingerprint: 'fp_tried' } });
      for (let n = 0; n < 2; n++) {
        const { body } = await post('/v1/evaluations:simulate', event);
        expect(body).toMatchObject({ outcome: 'hold', case_id: null });
        const counted = body.reasons.find((reason: { rule: string }) => reason.rule === 'trial-count');
        expect(counted.evidence).toEqual({ signups_per_device_1h: 1 });
      }
      expect((await service.call('GET', '/v1/accounts/only-tried')).status).toBe(404);
      expect((await service.gate({ accountId: 'only-tried' })).body.state).toBe('unknown');
      const real = await post('/v1/evaluations', event);
      expect(real.headers['idempotency-replayed']).toBeUndefined();
      expect(real.body.case_id).toMatch(/^case_/);
    });

    it('takes over a changed rule file by itself, and keeps the old rules when the new ones are broken', async () => {
      const current = async () => (await service.call('GET', '/v1/rulesets/current')).body;
      const file = join(service.rulesDir, 'later.yml');
      const write = async (text: string): Promise<void> => {
        await writeFile(`${file}.new`, text);
        await rename(`${file}.new`, file);
      };
      const before = await current();
      expect((await service.evaluate(aSignup('before-rule', 'late'))).outcome).toBe('allow');
      await write(`rules:${planRule('late', 'limit')}`);
      const loaded = await eventually(async () => {
        const found = await current();
        return found.hash !== before.hash && found;
      });
      expect(loaded).toMatchObject({ errors: [], rules: before.rules + 1 });
      expect((await service.evaluate(aSignup('after-rule', 'late'))).outcome).toBe('limit');

      await write(`rules:${planRule('late', 'deny').replace('account.plan', 'account.plam')}`);
      const kept = await eventually(async () => {
        const found = await current();
        return found.errors.length > 0 && found;
      });
      expect(kept.hash).toBe(loaded.hash);
      expect(kept.errors[0]).toMatchObject({ file: 'later.yml', line: 5, rule: 'trial-late' });
      expect((await service.evaluate(aSignup('broken-rule', 'late'))).outcome).toBe('limit');

      await rm(file);
      await eventually(async () => (await current()).hash === before.hash && (await current()).errors.length === 0);
    });

    it('refuses strangers and roles that may not, and takes keys that were made for a role', async () => {
      const made = await post('/v1/keys', { role: 'gateway', name: 'edge' });
      expect(made.status).toBe(201);
      const as = (authorization: string) => ({ headers: { authorization, 'x-account-id': 'fine' } });
      const bearer = `Bearer ${made.body.secret}`;
      expect((await service.call('GET', '/v1/gate/check', as(bearer))).status).toBe(200);
      expect((await service.call('GET', '/v1/cases', as(bearer))).status).toBe(403);
      expect((await service.call('GET', '/v1/gate/check', as('Bearer pk_gateway_never_made_0000'))).status).toBe(401);
    });

    it('keeps everything across a restart', async () => {
      const event = aSignup('kept', 'hold', { device: { fingerprint: 'fp_kept' } });
      const before = await service.evaluate(event);
      const key = (await post('/v1/keys', { role: 'reviewer', name: 'kept' })).body;
      expect(await service.stop()).toBe(0);
      await service.start();
      const headers = { authorization: `Bearer ${key.secret}` };
      const account = await service.call('GET', '/v1/accounts/kept', { headers });
      expect(account.body).toMatchObject({ access: before.access, open_case_id: before.case_id });
      const again = await post('/v1/evaluations', event);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(again.body).toEqual(before);
      expect(await gateStatus('fine')).toBe(200);
      expect(await gateStatus('kept')).toBe(403);
      const next = await service.evaluate(aSignup('kept-second', 'free', { device: { fingerprint: 'fp_kept' } }));
      expect(next.reasons[0]?.evidence).toEqual({ signups_per_device_1h: 2 });
    });

    it('admits an approved account once the undo window is over, and its rule does not hold it again', async () => {
      await eventually(async () => (await gateStatus('approved')) === 200);
      const { body } = await service.call('GET', `/v1/cases/${approvedCase}`);
      expect(body).toMatchObject({ state: 'decided', decision: 'approve' });
      expect(Date.parse(body.effective_at) - Date.parse(body.decided_at)).toBe(10_000);
      const later = await service.evaluate(aSignup('approved', 'hold', { event_id: 'evt_approved_later' }));
      expect(later.access.state).toBe('admitted');
    });
  });
}
