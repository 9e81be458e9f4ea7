import { describe, expect, it } from '@jest/globals';
import type { DecisionRecord } from '../../../src/decisions/decision-log.js';
import type { AccountMemory } from '../../../src/evaluate/account-memory.js';
import type { PastEvent } from '../../../src/evaluate/event-history.js';
import type { UncountedEvents } from '../../../src/evaluate/uncounted-events.js';
import { countMissed } from '../../../src/workers/count-missed.js';
import { memoryStory } from '../../support/memory-story.js';

const start = Date.UTC(2026, 4, 1, 12);
const minuteMs = 60_000;

/** Nothing is counted when a card is added. */
const rules = new Map([
  [
    'rules.yml',
    `features:
  signups_per_device: { count: event, by: [device.fingerprint], window: 1h, on: [signup] }
rules: []
policy:
  thresholds: { limit: 30, hold: 60 }
  limit: { requests_per_day: 50 }
`,
  ],
]);

/** The story with a memory that takes nothing while it is away, and what its commits have noted. */
function aWorld() {
  const world = memoryStory(rules, start);
  const { memory, log } = world.story;
  const noted: PastEvent[] = [];
  const state = { isAway: false };
  const away: Pick<AccountMemory, 'recall' | 'remember'> = {
    recall: async () => ({ kind: 'unavailable', reason: 'account_memory_unavailable' }),
    remember: async () => false,
  };
  const withAbsence = Object.assign(Object.create(memory), {
    recall: (accountId: string) => (state.isAway ? away : memory).recall(accountId),
    remember: (...told: Parameters<AccountMemory['remember']>) => (state.isAway ? away : memory).remember(...told),
  });
  const commit = (record: DecisionRecord) => {
    const { draft, occurredAt, sealed, salt, uncounted } = record;
    if (uncounted === true)
      noted.push({
        eventId: draft.event_id,
        accountId: draft.account_id,
        decisionId: draft.id,
        type: draft.type,
        occurredAt,
        sealed,
        salt,
      });
    return log.commit(record);
  };
  Object.assign(world.story, { memory: withAbsence, log: Object.assign(Object.create(log), { commit }) });
  const uncounted: UncountedEvents = {
    waitingMs: async () => undefined,
    waiting: async (limit) => noted.slice(0, limit),
    counted: async (ids) => void noted.splice(0, noted.length, ...noted.filter((one) => !ids.includes(one.decisionId))),
    noteSpan: async () => undefined,
    span: async () => undefined,
    judgeAgain: async () => undefined,
    forget: async () => undefined,
  };
  const { snapshot, features } = world.story;
  // An erased event has no seal.
  const sealer = { open: (_salt: string, sealed: string) => (sealed === '' ? undefined : sealed) };
  const history = { eventsBefore: async () => [] };
  const ports = { snapshot, sealer, features, memory: withAbsence, uncounted, history, isStopping: () => false };
  return { ...world, state, noted, makeUp: () => countMissed(ports) };
}

const signup = { type: 'signup', event_id: 'evt_1', account: { id: 'ann', plan: 'free' }, ip: '203.0.113.7' };
const card = {
  type: 'payment_method_added',
  event_id: 'evt_2',
  account: { id: 'ann', plan: 'team' },
  payment: { fingerprint: 'c1', funding: 'prepaid' },
};
const key = { ...signup, type: 'api_key_created', event_id: 'evt_3', account: { id: 'ann' }, api_key: { id: 'k' } };

describe('an event that its account could not be remembered by', () => {
  it('is noted also where no feature counts it, and is remembered later at its own time', async () => {
    const world = aWorld();
    await world.evaluate(signup);
    world.state.isAway = true;
    world.clock.at += minuteMs;
    await world.evaluate(card);
    world.clock.at += minuteMs;
    await world.evaluate(key);
    expect(world.noted.map(({ eventId }) => eventId)).toEqual(['evt_2', 'evt_3']);
    expect(await world.makeUp()).toBe(false);
    expect(world.noted).toHaveLength(2);
    world.state.isAway = false;
    expect(await world.makeUp()).toBe(true);
    expect(world.noted).toEqual([]);
    expect(await world.story.memory.recall('ann')).toMatchObject({
      kind: 'remembered',
      remembered: {
        parts: { plan: 'team', payment: { fingerprint: 'c1', funding: 'prepaid' } },
        signup: { at: start, ip: '203.0.113.7' },
        firstPaymentAt: start + minuteMs,
        firstKeyAt: start + 2 * minuteMs,
        firstSeenAt: start,
      },
    });
  });

  it('is left to the log where nothing is remembered of its account: a part would be taken for the whole', async () => {
    const world = aWorld();
    await world.evaluate(signup);
    world.state.isAway = true;
    world.clock.at += minuteMs;
    await world.evaluate(card);
    world.state.isAway = false;
    await world.story.memory.forget('ann');
    expect(await world.makeUp()).toBe(true);
    expect(world.noted).toEqual([]);
    expect(await world.story.memory.recall('ann')).toEqual({ kind: 'nothing' });
    world.clock.at += minuteMs;
    await world.evaluate(key);
    expect(await world.story.memory.recall('ann')).toMatchObject({
      remembered: { parts: { plan: 'team', payment: { fingerprint: 'c1' } }, firstSeenAt: start },
    });
  });

  it('is left alone where it was erased since', async () => {
    const world = aWorld();
    await world.evaluate(signup);
    const before = await world.story.memory.recall('ann');
    world.state.isAway = true;
    await world.evaluate(card);
    world.state.isAway = false;
    for (const one of world.noted) Object.assign(one, { sealed: '', salt: '' });
    expect(await world.makeUp()).toBe(true);
    expect(await world.story.memory.recall('ann')).toEqual(before);
  });
});
