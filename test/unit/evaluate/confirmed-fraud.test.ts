import { describe, expect, it } from '@jest/globals';
import { explainEvent } from '../../../src/evaluate/explain-event.js';
import { memoryStory } from '../../support/memory-story.js';

const noon = Date.parse('2026-05-01T12:00:00.000Z');

interface RuleText {
  readonly when: string;
  readonly points?: string;
  readonly title?: string;
  readonly family?: string;
}

const ruleOf = ({ when, points = '70', title = 'a title', family = 'network' }: RuleText, index: number): string => `
  - id: rule-${index}
    family: ${family}
    on: [signup]
    when: ${JSON.stringify(when)}
    points: ${JSON.stringify(points)}
    reason: network.anonymous
    title: ${JSON.stringify(title)}
    owner: team`;

const rulesOf = (rules: readonly RuleText[]): ReadonlyMap<string, string> =>
  new Map([
    [
      'rules.yml',
      `reasons:
  network.anonymous: { title: T, public: additional_verification_required }
policy:
  thresholds: { limit: 30, hold: 60 }
  family_caps: {}
  hold_needs_families: 2
features:
  card_fraud_180d: { labelled: fraud, by: [payment.fingerprint], window: 180d }
  phone_fraud_180d: { labelled: fraud, by: [phone.number], window: 180d }
  ip_fraud_180d: { labelled: fraud, by: [ip.address], window: 180d }
rules:${rules.map(ruleOf).join('')}
`,
    ],
  ]);

const signup = (id: string) => ({
  type: 'signup',
  event_id: `evt_${id}`,
  account: { id, path: 'standard' },
  ip: '203.0.113.9',
  payment: { fingerprint: 'pm_shared' },
});

/** What a signup comes to whose card one fraudster has used before. */
async function afterOneFraud(...rules: readonly RuleText[]) {
  const story = memoryStory(rulesOf(rules), noon);
  await story.evaluate({ ...signup('fraudster') });
  await story.story.features.label('fraudster', 'fraud', noon + 1);
  story.clock.at = noon + 60_000;
  return (await story.evaluate(signup('second'))).outcome;
}

const path = 'account.path == "standard"';

describe('a hold on one family alone', () => {
  it.each<[string, RuleText]>([
    ['asks for the label', { when: 'card_fraud_180d >= 1' }],
    ['asks for it beside something else', { when: `${path} && card_fraud_180d >= 1` }],
    [
      'asks for it beside another label that is not there',
      { when: 'card_fraud_180d >= 1 || default(phone_fraud_180d, 0) >= 1' },
    ],
    ['gives more points for it', { when: path, points: '40 + 30 * card_fraud_180d' }],
    ['has no points without it', { when: path, points: '70 * log2(1 + card_fraud_180d) / card_fraud_180d' }],
  ])('rests on confirmed fraud where the rule %s', async (_, rule) => {
    expect(await afterOneFraud(rule)).toBe('hold');
  });

  it.each<[string, readonly RuleText[]]>([
    ['does not ask', [{ when: path }]],
    ['only names the count in its title', [{ when: path, title: '{card_fraud_180d} frauds' }]],
    ['would have fired without it', [{ when: `${path} || card_fraud_180d >= 5` }]],
    ['would have fired without it, also where it is met', [{ when: `${path} || card_fraud_180d >= 1` }]],
    ['counts it where people meet by chance', [{ when: 'ip_fraud_180d >= 1' }]],
    ['gives fewer points for it', [{ when: path, points: '80 - 5 * card_fraud_180d' }]],
    [
      'is one that speaks for the account',
      [{ when: path }, { when: 'card_fraud_180d <= 1', points: '-5', family: 'list' }],
    ],
    [
      'is one that speaks for the account because of it',
      [{ when: path }, { when: 'card_fraud_180d >= 1', points: '-5', family: 'list' }],
    ],
  ])('does not where the rule %s', async (_, rules) => {
    expect(await afterOneFraud(...rules)).toBe('limit');
  });
});

describe('an explanation', () => {
  const explained = async (rule: RuleText, cardFraud: number) => {
    const { ruleSet } = memoryStory(rulesOf([rule]), noon).story.snapshot();
    const slots = ruleSet.newSlots();
    slots[ruleSet.slotOf('card_fraud_180d') ?? -1] = cardFraud;
    slots[ruleSet.slotOf('account.path') ?? -1] = 'standard';
    const { outcome } = await explainEvent(ruleSet, { slots, type: 'signup', now: noon, context: { accountId: 'a' } });
    return outcome;
  };

  it('names the rules that rest on confirmed fraud, as the decision counts them', async () => {
    expect((await explained({ when: 'card_fraud_180d >= 1' }, 1)).confirmed_fraud).toEqual(['rule-0']);
    expect((await explained({ when: path, title: '{card_fraud_180d} frauds' }, 1)).confirmed_fraud).toEqual([]);
  });

  it('says what one more label would have made of it', async () => {
    const { outcome, raise } = await explained({ when: 'card_fraud_180d >= 1' }, 0);
    expect(outcome).toBe('allow');
    expect(raise).toEqual([{ with: ['rule-0'], outcome: 'hold', score: 70 }]);
  });
});
