import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Remembered } from '../../../src/evaluate/account-memory.js';
import { mementoOf, withMemento } from '../../../src/evaluate/memento.js';
import { RecentSightings } from '../../../src/evaluate/recent-sightings.js';
import { sightEvent } from '../../../src/evaluate/sight-event.js';
import type { Event } from '../../../src/model/event.js';
import { parseEvent } from '../../../src/model/parse-event.js';
import { memoryStory } from '../../support/memory-story.js';

const start = Date.UTC(2026, 4, 1, 12);
const hourMs = 3_600_000;

const rules = new Map([
  [
    'rules.yml',
    `reasons:
  payment.prepaid: { title: Prepaid card, public: additional_verification_required }
features:
  accounts_per_card_7d: { distinct: account.id, by: [payment.fingerprint], window: 7d, on: [signup] }
rules:
  - id: prepaid
    family: payment
    on: [signup]
    when: payment.funding == "prepaid" && accounts_per_card_7d >= 2
    points: 35
    reason: payment.prepaid
    title: A prepaid card
    owner: trial
policy:
  thresholds: { limit: 30, hold: 60 }
`,
  ],
]);

const eventOf = (body: object): Event => {
  const parsed = parseEvent({ event_id: 'e1', account: { id: 'a1' }, ip: '203.0.113.7', ...body });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};

describe('seeing an event again', () => {
  const signup = eventOf({ type: 'signup' });
  const afterSignup = withMemento(undefined, mementoOf(signup, start));
  let world: ReturnType<typeof memoryStory>;
  let sightings: RecentSightings;
  beforeEach(() => {
    world = memoryStory(rules, start);
    sightings = new RecentSightings();
  });

  const see = (event: Event, before: Remembered | undefined, again: boolean) => {
    const seeing = { event, before, at: start, snapshot: world.story.snapshot(), again };
    return sightEvent(seeing, { sightings, clock: world.clock });
  };
  const fundingIn = ({ slots }: ReturnType<typeof see>) =>
    slots[world.story.snapshot().ruleSet.slotOf('payment.funding') ?? -1];

  it('is not looked at a second time while its account says the same', () => {
    const first = see(signup, undefined, false);
    const second = see(signup, first.account, true);
    expect(second.sighting).toBe(first.sighting);
    expect(second.slots).toEqual(first.slots);
    expect(second.slots).not.toBe(first.slots);
  });

  it('is looked at anew when its account has told of a card since', () => {
    const first = see(signup, undefined, false);
    const card = eventOf({
      type: 'payment_method_added',
      event_id: 'e2',
      payment: { fingerprint: 'pm1', funding: 'prepaid' },
    });
    const second = see(signup, withMemento(first.account, mementoOf(card, start + hourMs)), true);
    expect([fundingIn(first), fundingIn(second)]).toEqual([undefined, 'prepaid']);
    expect(sightings.of('e1')).toBe(second.sighting);
  });

  it('is looked at anew when its account was verified since', () => {
    const first = see(signup, undefined, false);
    expect(see(signup, { ...first.account, verified: true }, true).sighting).not.toBe(first.sighting);
  });

  it('is looked at anew under other rules', () => {
    const first = see(signup, undefined, false);
    world = memoryStory(rules, start);
    expect(see(signup, first.account, true).sighting).not.toBe(first.sighting);
  });

  it('is not kept where the account will be judged by another event', () => {
    see(eventOf({ type: 'api_key_created', api_key: { id: 'k1' } }), undefined, false);
    expect(sightings.of('e1')).toBeUndefined();
  });

  it('is forgotten when nobody has asked for a day and a half, or nobody will', () => {
    see(signup, afterSignup, true);
    for (const [hours, id] of [
      [18, 'e2'],
      [36, 'e3'],
    ] as const) {
      world.clock.at = start + hours * hourMs;
      see(eventOf({ type: 'signup', event_id: id }), undefined, false);
    }
    expect([sightings.of('e1'), sightings.of('e2') !== undefined]).toEqual([undefined, true]);
    sightings.drop('e2');
    expect(sightings.of('e2')).toBeUndefined();
  });
});
