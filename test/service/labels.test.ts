import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { type Answer, anEvent, aSignup, type Service, startService, trialRules } from '../support/service.js';

/** Whoever shares a card with an account labelled as fraud is held, the account itself too. */
const fraudCards = `features:
  fraud_per_card_1h: { labelled: fraud, by: [payment.fingerprint], window: 1h }
rules:
  - id: trial-fraud-card
    family: payment
    on: [signup, api_key_created]
    when: fraud_per_card_1h >= 1
    points: 10
    at_least: hold
    reason: identity.trial
    title: "A card of a fraudulent account"
    owner: trial
`;

describe('an account that is learnt to be fraud, and let in again', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ rules: { ...trialRules, 'fraud.yml': fraudCards } });
  }, 120_000);
  afterAll(() => service.remove(), 30_000);

  const post = (path: string, body: unknown): Promise<Answer> => service.call('POST', path, { body });
  const payment = (accountId: string) => ({ payment: { fingerprint: `card-of-${accountId}` } });
  const signsUp = (accountId: string) => service.evaluate(aSignup(accountId, 'free', payment(accountId)));
  const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
  const isLabelled = (accountId: string, label: 'fraud' | 'honest', minutes = 0) =>
    post(`/v1/accounts/${accountId}/labels`, { label, source: 'chargeback', observed_at: minutesAgo(minutes) });
  const aKey = (accountId: string, id: string) =>
    anEvent(accountId, { type: 'api_key_created', event_id: `evt_${id}`, api_key: { id } });
  const makesKey = (accountId: string, id: string) => service.evaluate(aKey(accountId, id));
  /** Its next event would be held for its card. */
  const speaksAgainstIt = async (accountId: string): Promise<boolean> => {
    const { body } = await post('/v1/evaluations:simulate', aKey(accountId, `probe-${accountId}`));
    return body.reasons.some(({ rule }: { rule: string }) => rule === 'trial-fraud-card');
  };
  const caseOf = async (accountId: string) =>
    (await service.call('GET', `/v1/accounts/${accountId}`)).body.open_case_id;

  it.each(['release', 'approve'] as const)(
    'is not held again by its own label after a person’s %s',
    async (how) => {
      const id = `back-${how}`;
      await signsUp(id);
      await isLabelled(id, 'fraud');
      await eventually(() => speaksAgainstIt(id));
      if (how === 'release') await post(`/v1/accounts/${id}/release`, { reason: 'the bank was wrong' });
      else {
        const cases = [await caseOf(id)];
        await post('/v1/cases:decide', { case_ids: cases, decision: 'approve', reason: 'the bank was wrong' });
      }
      await eventually(async () => (await service.gate({ accountId: id })).status === 200);
      await eventually(async () => !(await speaksAgainstIt(id)));
      expect(await makesKey(id, `key-${how}`)).toMatchObject({ outcome: 'allow', access: { state: 'admitted' } });
    },
    60_000,
  );

  it('is neither held by a label that is older than what is known, nor counted as fraud', async () => {
    await signsUp('late');
    await isLabelled('late', 'honest', 1);
    const { body } = await isLabelled('late', 'fraud', 60);
    expect(body).toMatchObject({ case: null, access: { state: 'admitted' } });
    expect(await speaksAgainstIt('late')).toBe(false);
    expect((await service.gate({ accountId: 'late' })).status).toBe(200);
  });

  it('lets nobody in by the key of another account, wherever the two are named', async () => {
    await signsUp('good');
    await makesKey('good', 'key-good');
    await service.evaluate(aSignup('bad', 'deny'));
    const asks = async (headers: Record<string, string>, body: unknown) =>
      (await service.call('POST', '/v1/gate/check', { headers, body })).status;
    expect(await asks({ 'x-api-key-id': 'key-good' }, { account_id: 'good' })).toBe(200);
    expect(await asks({ 'x-api-key-id': 'key-good' }, { account_id: 'bad' })).toBe(403);
    expect(await asks({ 'x-account-id': 'bad' }, { api_key_id: 'key-good' })).toBe(403);
    expect(await asks({ 'x-account-id': 'good' }, { account_id: 'bad' })).toBe(403);
  });
});
