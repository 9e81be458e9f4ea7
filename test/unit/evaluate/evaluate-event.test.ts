import { describe, expect, it } from '@jest/globals';
import { simulateEvent } from '../../../src/evaluate/simulate-event.js';
import { parseEvent } from '../../../src/model/parse-event.js';
import { StoreUnavailable } from '../../../src/model/store-unavailable.js';
import { memoryStory } from '../../support/memory-story.js';

const start = Date.UTC(2026, 4, 1, 12);
const dayMs = 86_400_000;

const rules = `rules: []
policy:
  thresholds: { limit: 30, hold: 60 }
  limit: { requests_per_day: 50 }
`;

const reasons = `reasons:
  payment.reused: { title: Card on many accounts, public: additional_verification_required }
`;
const holding = `rules:
  - id: everybody
    owner: risk
    family: payment
    on: [signup]
    when: 'true'
    points: 90
    at_least: hold
    reason: payment.reused
    verify: [phone]
policy:
  thresholds: { limit: 30, hold: 60 }
  limit: { requests_per_day: 50 }
`;

describe('an event that could not be decided', () => {
  it('may come again at once where the truth was away while its account was recalled', async () => {
    const world = memoryStory(new Map([['rules.yml', rules]]), start);
    const { log } = world.story;
    const status = async () => Promise.reject(new StoreUnavailable('away'));
    const event = {
      type: 'api_key_created',
      event_id: 'evt_1',
      account: { id: 'a' },
      ip: '203.0.113.7',
      api_key: { id: 'k' },
    };
    Object.assign(world.story, { log: { status, eventsOf: status } });
    await expect(world.evaluate(event)).rejects.toThrow(StoreUnavailable);
    Object.assign(world.story, { log });
    expect(await world.evaluate(event)).toMatchObject({ event_id: 'evt_1', outcome: 'allow' });
  });
});

describe('a simulated event', () => {
  it('leaves no memory of its account behind, also where that has to be rebuilt', async () => {
    const world = memoryStory(new Map([['rules.yml', rules]]), start);
    const account = { id: 'a', plan: 'team' };
    const signup = { type: 'signup', event_id: 'evt_1', account, ip: '203.0.113.7' };
    await world.evaluate(signup);
    await world.story.memory.forget('a');
    const key = parseEvent({ ...signup, type: 'api_key_created', event_id: 'evt_2', api_key: { id: 'k' } });
    if (!key.ok) throw new Error('an event');
    expect(await simulateEvent(key.value, world.story)).toMatchObject({ ok: true });
    expect(await world.story.memory.recall('a')).toEqual({ kind: 'nothing' });
  });
});

describe('a simulated event of a denied account', () => {
  it('is told as it would be if it were decided: nothing is offered', async () => {
    const world = memoryStory(
      new Map([
        ['rules.yml', holding],
        ['reasons.yml', reasons],
      ]),
      start,
    );
    const signup = { type: 'signup', event_id: 'evt_1', account: { id: 'a' }, ip: '203.0.113.7' };
    const event = parseEvent(signup);
    if (!event.ok) throw new Error('an event');
    const offered = await simulateEvent(event.value, world.story);
    expect(offered).toMatchObject({ value: { outcome: 'hold', public_reason: 'additional_verification_required' } });
    const access = { accountId: 'a', state: 'denied', version: 2 };
    Object.assign(world.story, { log: { status: async () => ({ access, openCaseId: null }) } });
    const refused = await simulateEvent(event.value, world.story);
    expect(refused).toMatchObject({ value: { access: { state: 'denied' }, public_reason: 'access_refused' } });
  });
});

describe('an event that was decided before', () => {
  it('gets its decision right after another body was refused under its id, also where only the log still knows it', async () => {
    const world = memoryStory(new Map([['rules.yml', rules]]), start);
    const event = {
      type: 'signup',
      event_id: 'evt_1',
      occurred_at: new Date(start).toISOString(),
      account: { id: 'acct_1' },
      ip: '203.0.113.7',
    };
    const decided = await world.evaluate(event);
    world.clock.at += 2 * dayMs;
    await expect(world.evaluate({ ...event, ip: '203.0.113.8' })).rejects.toThrow('idempotency_mismatch');
    expect(await world.evaluate(event)).toEqual(decided);
  });
});
