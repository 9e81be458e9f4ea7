import { describe, expect, it } from '@jest/globals';
import { memoryStory } from '../../support/memory-story.js';

const rules = (level = 'enforce') =>
  new Map([
    [
      'rules.yml',
      `reasons:
  payment.reused: { title: Reused, public: additional_verification_required }
  list.partner: { title: A partner, public: additional_verification_required }
  history.fraud: { title: Known to be fraud, public: additional_verification_required }
policy:
  level: ${level}
  thresholds: { limit: 30, hold: 60 }
  rescore: [1h]
features:
  accounts_per_card_1d: { distinct: account.id, by: [payment.fingerprint], window: 1d, on: [signup] }
  own_fraud_90d: { labelled: fraud, by: [account.id], window: 90d }
rules:
  - id: reused
    family: payment
    on: [signup, api_key_created]
    when: accounts_per_card_1d >= 2
    points: 40
    at_least: hold
    reason: payment.reused
    owner: abuse-team
  - id: known-fraud
    family: history
    on: [signup, api_key_created]
    when: own_fraud_90d >= 1
    points: 80
    at_least: hold
    reason: history.fraud
    owner: abuse-team
  - id: partners
    family: list
    on: [signup, api_key_created]
    when: account.id in lists.partners
    points: 0
    at_most: allow
    reason: list.partner
    owner: trust
`,
    ],
    ['lists/partners.txt', '# source: contracts\n# date: 2026-05-01\n# type: value\npartner\npartner-late\n'],
  ]);

const noon = Date.parse('2026-05-01T12:00:00.000Z');
const signup = (id: string) => ({
  type: 'signup',
  event_id: `evt_${id}`,
  account: { id },
  ip: '203.0.113.9',
  payment: { fingerprint: 'pm_shared' },
});
const key = (id: string, number: number) => ({
  ...signup(id),
  type: 'api_key_created',
  event_id: `evt_${id}_key_${number}`,
  api_key: { id: `key_${id}_${number}` },
});

describe('an allow-list, in the whole story', () => {
  it('lets in whom it names, with every reason and who overruled them', async () => {
    const story = memoryStory(rules(), noon);
    await story.evaluate(signup('first'));
    expect((await story.evaluate(signup('second'))).access.state).toBe('held');
    const partner = await story.evaluate(signup('partner'));
    expect(partner).toMatchObject({
      outcome: 'allow',
      access: { state: 'admitted' },
      overruled_by: 'partners',
      case_id: null,
    });
    expect(partner.reasons.map(({ rule }) => rule)).toEqual(['reused', 'partners']);
  });

  it('lifts no hold that is there already', async () => {
    const story = memoryStory(rules(), noon);
    await story.evaluate(signup('partner-late'));
    const held = { accountId: 'partner-late', to: 'held' as const, reason: 'by hand', actor: 'ann', now: noon };
    await story.cases.changeManually(held);
    const later = await story.evaluate(key('partner-late', 1));
    expect(later).toMatchObject({ outcome: 'allow', access: { state: 'held' } });
  });

  it('yields to a label of fraud on the very account', async () => {
    const story = memoryStory(rules(), noon);
    await story.evaluate(signup('partner'));
    await story.story.features.label('partner', 'fraud', noon + 1);
    story.clock.at = noon + 60_000;
    const later = await story.evaluate(key('partner', 1));
    expect(later).toMatchObject({ outcome: 'hold', access: { state: 'held' } });
    expect(later).not.toHaveProperty('overruled_by');
  });
});

describe('a policy that only reports, in the whole story', () => {
  it('judges nobody again when their time comes', async () => {
    const reporting = memoryStory(rules('report'), noon);
    const decisions = [];
    for (const id of ['one', 'two', 'three']) decisions.push(await reporting.evaluate(signup(id)));
    expect(decisions.map(({ reported }) => reported?.outcome)).toEqual(['allow', 'hold', 'hold']);
    expect(decisions.map(({ access }) => access.state)).toEqual(['admitted', 'admitted', 'admitted']);
    expect(await reporting.passTo(noon + 2 * 3_600_000)).toEqual([]);
  });
});
