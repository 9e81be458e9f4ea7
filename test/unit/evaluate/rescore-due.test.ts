import { beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStory } from '../../support/memory-story.js';

const start = Date.UTC(2026, 4, 1, 12);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const rules = (policy = '') => `reasons:
  device.shared: { title: Device used by several accounts, public: additional_verification_required }
  payment.prepaid: { title: Prepaid card, public: additional_verification_required }
features:
  accounts_per_device_7d: { distinct: account.id, by: [device.fingerprint], window: 7d, on: [signup] }
  signups_per_device_30m: { count: event, by: [device.fingerprint], window: 30m, on: [signup] }
rules:
  - id: device-shared
    family: device
    on: [signup]
    when: accounts_per_device_7d >= 3
    points: 10
    at_least: hold
    reason: device.shared
    title: "{accounts_per_device_7d} accounts used this device"
    owner: trial
  - id: device-rush
    family: device
    on: [signup]
    when: signups_per_device_30m >= 2
    points: 35
    reason: device.shared
    title: "{signups_per_device_30m} signups from this device"
    owner: trial
  - id: prepaid
    family: payment
    on: [signup]
    when: payment.funding == "prepaid"
    points: 35
    reason: payment.prepaid
    title: A prepaid card
    owner: trial
policy:
  thresholds: { limit: 30, hold: 60 }
  limit: { requests_per_day: 50 }
  rescore: [1h, 6h, 24h]
${policy}`;

const filesOf = (text: string) => new Map([['rules.yml', text]]);

describe('judging an account again', () => {
  let world: ReturnType<typeof memoryStory>;
  beforeEach(() => {
    world = memoryStory(filesOf(rules()), start);
  });

  const signup = (id: string, more: object = {}) =>
    world.evaluate({
      type: 'signup',
      event_id: `evt_${id}`,
      account: { id },
      ip: '203.0.113.7',
      device: { fingerprint: 'fp_1' },
      ...more,
    });

  it('lets the case wait as long as the policy says, by what the plan of earlier events would cost', async () => {
    world = memoryStory(filesOf(rules('  sla: { device.shared: 2h }\n  cost: { plan: { team: 12 } }')), start);
    await signup('first', { account: { id: 'first', plan: 'team' } });
    await world.evaluate({ type: 'payment_method_added', event_id: 'evt_card', account: { id: 'first' } });
    world.clock.at = start + 2 * hourMs;
    await signup('second', { account: { id: 'second', plan: 'team' } });
    await signup('third');
    await world.passTo(start + 2 * hourMs);
    const { cases } = await world.cases.list({ accountId: 'first', sort: 'priority', limit: 5 });
    expect(cases).toMatchObject([{ priority: (cases[0]?.score ?? 0) + 12, dueAt: start + 4 * hourMs }]);
    const again = await signup('second', { event_id: 'evt_again' });
    const held = await world.cases.list({ accountId: 'second', sort: 'priority', limit: 5 });
    expect(held.cases).toMatchObject([{ priority: again.score + 12 }]);
  });

  it('holds whoever came before the evidence, at its next time, and opens a case that says why', async () => {
    await signup('first');
    world.clock.at = start + 2 * hourMs;
    await signup('second');
    world.clock.at = start + 4 * hourMs;
    expect((await signup('third')).outcome).toBe('hold');
    expect((await world.accessOf('first'))?.state).toBe('admitted');
    expect(await world.passTo(start + 6 * hourMs)).toContain('changed');
    expect(await world.accessOf('first')).toMatchObject({ state: 'held', version: 2 });
    const page = await world.cases.list({ accountId: 'first', sort: 'priority', limit: 5 });
    expect(page.cases).toMatchObject([{ state: 'open', reason: 'device.shared' }]);
    expect(world.truth.outbox.filter(({ subject }) => subject === 'first').at(-1)).toMatchObject({
      kind: 'access_changed',
      payload: { from: 'admitted', to: 'held', cause: 'rescore', version: 2 },
    });
  });

  it('sees what was remembered since, such as a card', async () => {
    await signup('buyer');
    world.clock.at = start + 60_000;
    const payment = { fingerprint: 'pm_1', funding: 'prepaid' };
    await world.evaluate({ type: 'payment_method_added', event_id: 'evt_card', account: { id: 'buyer' }, payment });
    expect((await world.accessOf('buyer'))?.state).toBe('admitted');
    await world.passTo(start + hourMs);
    expect(await world.accessOf('buyer')).toMatchObject({ state: 'limited', requestsPerDay: 50 });
  });

  it('looks at windows as they are now, counts nothing, and leaves no decision behind', async () => {
    await signup('alone');
    world.clock.at = start + 50 * 60_000;
    await signup('beside');
    // Half an hour before the first judging there was one signup from this device, not two.
    const before = world.truth.decisions.size;
    expect(await world.passTo(start + hourMs)).toEqual(['unchanged']);
    expect(world.truth.decisions.size).toBe(before);
    expect(await world.passTo(start + 30 * hourMs)).toHaveLength(5);
    const third = await signup('third', { event_id: 'evt_third' });
    const seen = third.reasons.find(({ rule }) => rule === 'device-shared')?.evidence;
    expect(seen).toEqual({ accounts_per_device_7d: 3 });
  });

  it('ends after the last age, and is not done for accounts that are held, verified or let in', async () => {
    await signup('lasting');
    expect(await world.passTo(start + 100 * dayMs)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect(world.schedule.nextAt()).toBeUndefined();
    await signup('proven', { device: { fingerprint: 'fp_2' } });
    const proof = { method: 'phone', result: 'passed', evidence: {}, actor: 'p', now: world.clock.at } as const;
    await world.cases.recordVerification({ accountId: 'proven', ...proof });
    expect(await world.passTo(start + 200 * dayMs)).toEqual([]);
  });

  it('comes sooner when the ring has grown, and as planned after that', async () => {
    await signup('member');
    await world.schedule.soon(['member'], start + 60_000);
    expect(await world.passTo(start + 60_000)).toEqual(['unchanged']);
    expect(world.schedule.nextAt()).toBe(start + hourMs);
  });

  it('cannot be done for an event that was erased', async () => {
    await signup('erased');
    const history = world.truth.histories.get('erased');
    if (history?.judgedAgain !== undefined)
      history.judgedAgain = { ...history.judgedAgain, event: { ...history.judgedAgain.event, sealed: '' } };
    const unreadable = { ...world.story.sealer, open: () => undefined };
    Object.assign(world.story, { sealer: unreadable });
    expect(await world.passTo(start + hourMs)).toEqual(['unreadable']);
    expect(world.schedule.nextAt()).toBeUndefined();
  });

  describe('on probation', () => {
    beforeEach(() => {
      world = memoryStory(filesOf(rules('  probation: { for: 12h, requests_per_day: 200 }\n')), start);
    });

    it('is admitted at the age that policy names, and not before', async () => {
      expect(await signup('new')).toMatchObject({ outcome: 'allow', access: { state: 'limited' } });
      await world.passTo(start + 12 * hourMs - 1);
      expect(await world.accessOf('new')).toMatchObject({ state: 'limited', requestsPerDay: 200 });
      await world.passTo(start + 12 * hourMs);
      expect(await world.accessOf('new')).toEqual({ accountId: 'new', state: 'admitted', version: 2 });
    });

    it('ends also for an account whose event was erased, at its time', async () => {
      await signup('new');
      Object.assign(world.story, { sealer: { ...world.story.sealer, open: () => undefined } });
      expect(await world.passTo(start + 12 * hourMs - 1)).toEqual(['unreadable', 'unreadable']);
      expect((await world.accessOf('new'))?.state).toBe('limited');
      expect(await world.passTo(start + 12 * hourMs)).toEqual(['changed']);
      expect(await world.accessOf('new')).toEqual({ accountId: 'new', state: 'admitted', version: 2 });
      expect(world.schedule.nextAt()).toBeUndefined();
    });

    it('leaves no memory behind when it is judged again', async () => {
      await signup('new');
      await world.story.memory.forget('new');
      expect(await world.passTo(start + hourMs)).toEqual(['unchanged']);
      expect(await world.story.memory.recall('new')).toEqual({ kind: 'nothing' });
    });

    it('is limited for good once evidence has come', async () => {
      await signup('new');
      const payment = { fingerprint: 'pm_1', funding: 'prepaid' };
      await world.evaluate({ type: 'payment_method_added', event_id: 'evt_card', account: { id: 'new' }, payment });
      await world.passTo(start + hourMs);
      expect(await world.accessOf('new')).toMatchObject({ state: 'limited', version: 2, requestsPerDay: 50 });
      await world.passTo(start + 48 * hourMs);
      expect((await world.accessOf('new'))?.state).toBe('limited');
    });
  });
});
