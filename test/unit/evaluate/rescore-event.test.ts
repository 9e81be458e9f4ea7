import { describe, expect, it } from '@jest/globals';
import type { Rescored } from '../../../src/decisions/judged-again.js';
import { rescoreEvent } from '../../../src/evaluate/rescore-event.js';
import type { ProvisionalAccess, RescoreQueue } from '../../../src/evaluate/rescore-queue.js';
import type { FeatureStore } from '../../../src/features/feature-store.js';
import { unreached } from '../../../src/features/feature-store.js';
import { Unavailable } from '../../../src/model/value.js';
import { memoryStory } from '../../support/memory-story.js';

const start = Date.UTC(2026, 4, 1, 12);
const rules = new Map([
  [
    'rules.yml',
    `features:
  signups_per_device: { count: event, by: [device.fingerprint], window: 1h, on: [signup] }
rules:
  - { id: crowd, owner: risk, family: device, on: [signup], when: signups_per_device >= 3, points: 70, at_least: hold, reason: device.trial }
  - { id: crowd-card, owner: risk, family: device, on: [payment_method_added], when: signups_per_device >= 100, points: 70, reason: device.trial }
policy:
  thresholds: { limit: 30, hold: 60 }
  limit: { requests_per_day: 50 }
  unavailable: { velocity: limit }
`,
  ],
  ['reasons.yml', 'reasons:\n  device.trial: { title: Crowded, public: additional_verification_required }\n'],
]);

/** A queue of one account: what is settled, and what is given up. */
function aQueue() {
  const settled: Rescored[] = [];
  const givenUp: string[] = [];
  const queue: RescoreQueue = {
    pending: async () => [],
    putBehind: async () => undefined,
    release: async () => undefined,
    share: async () => undefined,
    settle: async (_pending, rescored) => settled.push(rescored) > 0,
    giveUp: async (_accountId, eventId) => void givenUp.push(eventId),
  };
  return { queue, settled, givenUp };
}

/** Three signups on one device, of which the last was decided blindly, and so was its card. */
async function blindAccount() {
  const world = memoryStory(rules, start);
  const device = { fingerprint: 'fp' };
  const signup = (id: string) => ({
    type: 'signup',
    event_id: `evt_${id}`,
    account: { id },
    ip: '203.0.113.7',
    device,
  });
  for (const id of ['one', 'two', 'blind']) await world.evaluate(signup(id));
  world.clock.at += 60_000;
  await world.evaluate({ type: 'payment_method_added', event_id: 'evt_card', account: { id: 'blind' }, payment: {} });
  const [first, card] = await world.story.log.eventsOf('blind');
  if (first === undefined || card === undefined) throw new Error('two events');
  const pending: ProvisionalAccess = {
    ...card,
    accountId: 'blind',
    version: 1,
    floor: 'admitted',
    tightensFrom: undefined,
    others: [first],
  };
  return { world, pending };
}

describe('an account with several degraded decisions', () => {
  it('comes to the strictest of them, and each is told by itself', async () => {
    const { world, pending } = await blindAccount();
    const { queue, settled } = aQueue();
    expect(await rescoreEvent(pending, world.story, queue)).toBe('changed');
    expect(settled).toMatchObject([
      {
        eventId: 'evt_blind',
        state: 'held',
        rules: ['crowd'],
        found: [
          { eventId: 'evt_card', outcome: 'allow' },
          { eventId: 'evt_blind', outcome: 'hold', reasons: ['device.trial'], rules: ['crowd'] },
        ],
      },
    ]);
  });

  it('is left as it is while one of them still misses an input, and no rule has counted', async () => {
    const { world, pending } = await blindAccount();
    const { queue, settled, givenUp } = aQueue();
    const { features } = world.story;
    const hits = world.story.snapshot().activity.hitsOf('crowd');
    // Of the two only the signup is not counted a second time.
    const halfBlind: FeatureStore = Object.assign(Object.create(features), {
      peek: async ({ lookups }: Parameters<FeatureStore['peek']>[0]) => lookups.map(() => new Unavailable(unreached)),
    });
    const story = { ...world.story, features: halfBlind };
    expect(await rescoreEvent(pending, story, queue)).toBe('still_blind');
    expect([settled, givenUp]).toEqual([[], []]);
    expect(story.snapshot().activity.hitsOf('crowd')).toBe(hits);
  });

  it('is judged by those that can still be opened', async () => {
    const { world, pending } = await blindAccount();
    const { queue, settled } = aQueue();
    const sealer = {
      ...world.story.sealer,
      open: (salt: string, text: string) => (text === '' ? undefined : world.story.sealer.open(salt, text)),
    };
    const erased = pending.others.map((one) => ({ ...one, sealed: '' }));
    await rescoreEvent({ ...pending, others: erased }, { ...world.story, sealer }, queue);
    expect(settled).toMatchObject([{ eventId: 'evt_card', state: 'admitted', found: [{ eventId: 'evt_card' }] }]);
  });
});
