import { describe, expect, it } from '@jest/globals';
import type { DecisionLog } from '../../../src/decisions/decision-log.js';
import { canonicalJson } from '../../../src/evaluate/canonical-json.js';
import { evaluateEvent } from '../../../src/evaluate/evaluate-event.js';
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
    const away = async () => Promise.reject(new StoreUnavailable('away'));
    const event = {
      type: 'api_key_created',
      event_id: 'evt_1',
      account: { id: 'a' },
      ip: '203.0.113.7',
      api_key: { id: 'k' },
    };
    const giveBack = changeLog(world, { status: away, eventsOf: away });
    await expect(world.evaluate(event)).rejects.toThrow(StoreUnavailable);
    giveBack();
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

/** Three accounts on a card are limited. */
const counting = `features:
  accounts_per_card: { distinct: account.id, by: [payment.fingerprint], window: 30d, on: [signup] }
rules:
  - id: prepaid
    owner: risk
    family: payment
    on: [signup]
    when: payment.funding == "prepaid"
    points: 5
    reason: payment.reused
    fuse: { share: 5%, min: 50, over: 10m }
  - id: crowded-card
    owner: risk
    family: payment
    on: [signup]
    when: accounts_per_card >= 3
    points: 40
    reason: payment.reused
policy:
  thresholds: { limit: 30, hold: 60 }
  limit: { requests_per_day: 50 }
`;
const countingWorld = () =>
  memoryStory(
    new Map([
      ['rules.yml', counting],
      ['reasons.yml', reasons],
    ]),
    start,
  );
type World = ReturnType<typeof memoryStory>;

const aSignup = (accountId: string, eventId: string, card: string, plan = 'free') => ({
  type: 'signup',
  event_id: eventId,
  occurred_at: new Date(start).toISOString(),
  account: { id: accountId, plan },
  ip: '203.0.113.7',
  payment: { fingerprint: card, funding: 'prepaid' },
});

async function answerTo(body: object, { story }: World) {
  const event = parseEvent(body);
  if (!event.ok) throw new Error(JSON.stringify(event.error));
  return evaluateEvent(event.value, story);
}

const hitsOf = (rule: string, { story }: World): number => story.snapshot().activity.hitsOf(rule);

/** The log with some of its calls answered otherwise. */
function changeLog({ story }: World, changes: Partial<DecisionLog>): () => void {
  const { log } = story;
  Object.assign(story, { log: Object.assign(Object.create(log), changes) });
  return () => void Object.assign(story, { log });
}

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

  it('leaves nothing behind under another body when only the log still knows its id: no count, no memory, no hit', async () => {
    const world = countingWorld();
    await world.evaluate(aSignup('first', 'evt_1', 'one'));
    await world.evaluate(aSignup('second', 'evt_2', 'two'));
    world.clock.at += 2 * dayMs;
    for (const [accountId, eventId] of [
      ['stranger', 'evt_1'],
      ['stranger-too', 'evt_2'],
    ] as const) {
      const refused = await answerTo(aSignup(accountId, eventId, 'shared'), world);
      expect(refused).toMatchObject({ ok: false, error: { code: 'idempotency_mismatch' } });
      expect(await world.story.memory.recall(accountId)).toEqual({ kind: 'nothing' });
    }
    expect(hitsOf('prepaid', world)).toBe(2);
    expect(await world.evaluate(aSignup('honest', 'evt_3', 'shared'))).toMatchObject({ outcome: 'allow', score: 5 });
  });

  it('counts, and is remembered, once: the same body again changes nothing when only the log still knows its id', async () => {
    const world = countingWorld();
    const { occurred_at: _, ...undated } = aSignup('ann', 'evt_1', 'one', 'old');
    const decided = await answerTo(undated, world);
    world.clock.at += 60_000;
    await world.evaluate({ ...aSignup('ann', 'evt_2', 'two', 'new'), occurred_at: undefined });
    const before = await world.story.memory.recall('ann');
    world.clock.at += 2 * dayMs;
    const again = await answerTo(undated, world);
    if (!decided.ok) throw new Error(decided.error.code);
    expect(again).toEqual({ ok: true, value: { decision: decided.value.decision, replayed: true } });
    expect(await world.story.memory.recall('ann')).toEqual(before);
    expect(hitsOf('prepaid', world)).toBe(2);
    // And nobody is in the way of the next one.
    expect(await world.story.ledger.claim('evt_1', 'any')).toEqual({ kind: 'decided' });
  });
});

describe('while the log cannot be asked', () => {
  const away = async () => Promise.reject(new StoreUnavailable('away'));

  it('an event is neither counted nor remembered, and may come again at once', async () => {
    const world = countingWorld();
    const giveBack = changeLog(world, { byEventId: away });
    await expect(answerTo(aSignup('ann', 'evt_1', 'one'), world)).rejects.toThrow(StoreUnavailable);
    expect(await world.story.memory.recall('ann')).toEqual({ kind: 'nothing' });
    expect(hitsOf('prepaid', world)).toBe(0);
    giveBack();
    expect(await world.evaluate(aSignup('ann', 'evt_1', 'one'))).toMatchObject({ outcome: 'allow' });
  });

  it('an event that another is deciding is told to wait, and stays with whoever has it', async () => {
    const world = countingWorld();
    changeLog(world, { byEventId: away });
    const { ledger, hashBody } = world.story;
    const event = aSignup('ann', 'evt_1', 'one');
    const bodyHash = hashBody(canonicalJson(event));
    await ledger.claim('evt_1', bodyHash);
    expect(await answerTo(event, world)).toMatchObject({ ok: false, error: { code: 'in_flight' } });
    expect(await ledger.claim('evt_1', bodyHash)).toEqual({ kind: 'in_flight' });
  });
});

describe('an event whose decision could not be recorded', () => {
  it('is no hit of any rule, however often it comes, and blows no fuse', async () => {
    const world = countingWorld();
    const giveBack = changeLog(world, { commit: async () => ({ kind: 'unavailable', reason: 'away' }) });
    for (let n = 0; n < 60; n++)
      expect(await answerTo(aSignup('ann', 'evt_1', 'one'), world)).toMatchObject({
        ok: false,
        error: { code: 'unavailable' },
      });
    const { activity } = world.story.snapshot();
    expect(activity.hitsOf('prepaid')).toBe(0);
    expect([...activity.blownRules]).toEqual([]);
    giveBack();
    await world.evaluate(aSignup('ann', 'evt_1', 'one'));
    expect(activity.hitsOf('prepaid')).toBe(1);
  });
});
