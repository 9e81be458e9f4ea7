import { describe, expect, it } from '@jest/globals';
import { createGate, type GatePorts } from '../../../src/gate/check-gate.js';
import type { GateEntry, GateRecord } from '../../../src/gate/gate-store.js';
import type { AccessState } from '../../../src/model/access.js';
import { MemoryGateProjection } from '../../support/memory-gate-projection.js';

const now = 1_800_000_000_000;
const entry = (state: AccessState, requestsPerDay?: number): GateEntry => ({
  access: { accountId: 'a1', state, version: 1, requestsPerDay },
  apiKeyIds: ['k1'],
});
const known = (state: AccessState, usedToday = 0, requestsPerDay?: number): GateRecord => ({
  kind: 'known',
  access: entry(state, requestsPerDay).access,
  usedToday,
});

interface World {
  records: GateRecord[];
  truth?: GateEntry | undefined | Error;
  gateUnknown?: 'deny' | 'allow';
  ringRequestsPerDay?: number;
  ringUsed?: number | Error;
}

function gateOf(
  { records, truth, gateUnknown = 'deny', ringRequestsPerDay, ringUsed }: World,
  more: Partial<GatePorts> = {},
) {
  const seen = { published: [] as GateEntry[], truthReads: 0, ringReads: 0, failOpen: 0 };
  const left = [...records];
  const check = createGate({
    projection: {
      check: async () => left.shift() ?? { kind: 'missing' },
      publish: async (entries) => void seen.published.push(...entries),
    },
    truth: {
      async entryOf() {
        seen.truthReads += 1;
        if (truth instanceof Error) throw truth;
        return truth;
      },
    },
    clock: { now: () => now },
    policy: () => ({
      limit: { requestsPerDay: 50, ringRequestsPerDay },
      fail: { storeDown: 'reject', gateUnknown, gateMaxStalenessMs: 600_000 },
    }),
    ringRequests: {
      async count() {
        seen.ringReads += 1;
        if (ringUsed instanceof Error) throw ringUsed;
        return ringUsed;
      },
    },
    within: (work) => work,
    onFailOpen: () => {
      seen.failOpen += 1;
    },
    ...more,
  });
  return { check, seen };
}

describe('the gate', () => {
  it.each([
    ['admitted', true, undefined],
    ['held', false, 'not_admitted'],
    ['denied', false, 'not_admitted'],
  ] as const)('answers for a known %s account without asking the truth', async (state, allowed, refusal) => {
    const { check, seen } = gateOf({ records: [known(state)] });
    expect(await check({ accountId: 'a1' })).toEqual({
      allowed,
      state,
      degraded: false,
      ...(refusal === undefined ? {} : { refusal }),
    });
    expect(seen.truthReads).toBe(0);
  });

  it('passes the last request of a quota and refuses the next', async () => {
    const { check } = gateOf({ records: [known('limited', 50, 50), known('limited', 51, 50)] });
    expect(await check({ accountId: 'a1' })).toMatchObject({ allowed: true, remainingToday: 0 });
    expect(await check({ accountId: 'a1' })).toMatchObject({ allowed: false, refusal: 'quota_spent' });
  });

  it('refuses the limited of a ring that has drawn its quota together, though each is within its own', async () => {
    const one = known('limited', 3, 50);
    const last = gateOf({ records: [one], ringRequestsPerDay: 200, ringUsed: 200 });
    expect(await last.check({ accountId: 'a1' })).toMatchObject({ allowed: true, remainingToday: 0, degraded: false });
    const next = gateOf({ records: [one], ringRequestsPerDay: 200, ringUsed: 201 });
    expect(await next.check({ accountId: 'a1' })).toMatchObject({ allowed: false, refusal: 'quota_spent' });
    const early = gateOf({ records: [one], ringRequestsPerDay: 200, ringUsed: 170 });
    expect(await early.check({ accountId: 'a1' })).toMatchObject({ allowed: true, remainingToday: 30 });
  });

  it('asks nothing of rings for the admitted, for those who have spent their own quota, and without a quota of rings', async () => {
    for (const world of [
      { records: [known('admitted')], ringRequestsPerDay: 200 },
      { records: [known('limited', 51, 50)], ringRequestsPerDay: 200 },
      { records: [known('limited', 3, 50)] },
    ]) {
      const { check, seen } = gateOf(world);
      await check({ accountId: 'a1' });
      expect(seen.ringReads).toBe(0);
    }
  });

  it('leaves a limited account its own quota where its ring is none or cannot be found out, and says the latter', async () => {
    const world = { records: [known('limited', 3, 50)], ringRequestsPerDay: 200 };
    const alone = { allowed: true, remainingToday: 47 };
    expect(await gateOf(world).check({ accountId: 'a1' })).toMatchObject({ ...alone, degraded: false });
    const blind = gateOf({ ...world, records: [known('limited', 3, 50)], ringUsed: new Error('away') });
    expect(await blind.check({ accountId: 'a1' })).toMatchObject({ ...alone, degraded: true });
  });

  it('asks the truth when the projection knows nothing, and writes the answer back', async () => {
    const { check, seen } = gateOf({ records: [{ kind: 'missing' }], truth: entry('admitted') });
    expect(await check({ accountId: 'a1', apiKeyId: 'k1' })).toMatchObject({ allowed: true, state: 'admitted' });
    expect(seen.published).toEqual([entry('admitted')]);
  });

  it('asks the truth while the projection is not believed, whatever that says', async () => {
    const world = { records: [known('admitted')], truth: entry('held') };
    const { check } = gateOf(world, { projectionState: () => 'doubted' });
    expect(await check({ accountId: 'a1' })).toMatchObject({ allowed: false, state: 'held' });
    const nobody = gateOf(
      { records: [known('admitted')], truth: new Error('away') },
      { projectionState: () => 'doubted' },
    );
    expect(await nobody.check({ accountId: 'a1' })).toMatchObject({ allowed: false, state: 'unknown', degraded: true });
  });

  it('believes nothing of a projection that answers again before it was asked again, and is blind while it does not', async () => {
    const projection: GatePorts['projection'] = {
      check: async (_question, at, confirmedSince = 0) =>
        confirmedSince > at ? { kind: 'missing' } : known('admitted'),
      publish: async () => undefined,
    };
    const back = gateOf({ records: [], truth: entry('denied') }, { projectionState: () => 'silent', projection });
    expect(await back.check({ accountId: 'a1' })).toMatchObject({ allowed: false, state: 'denied' });
    const away = gateOf(
      { records: [{ kind: 'unavailable', reason: 'away' }], truth: entry('admitted') },
      { projectionState: () => 'silent' },
    );
    expect(await away.check({ accountId: 'a1' })).toMatchObject({ allowed: false, state: 'unknown', degraded: true });
  });

  it('lets nobody in without a quota on a record that could not be replaced', async () => {
    const limited = { ...entry('limited', 50), access: { ...entry('limited', 50).access, version: 2 } };
    const { check } = gateOf({ records: [known('admitted')], truth: limited }, { projectionState: () => 'doubted' });
    expect(await check({ accountId: 'a1' })).toMatchObject({ allowed: false, state: 'unknown', degraded: true });
  });

  it('projects the key it was asked about, also when the truth names only the newest keys', async () => {
    const { check, seen } = gateOf({ records: [{ kind: 'missing' }], truth: entry('admitted') });
    expect(await check({ apiKeyId: 'k0' })).toMatchObject({ allowed: true });
    expect(seen.published[0]?.apiKeyIds).toEqual(['k1', 'k0']);
  });

  it('refuses when the truth answers for another account than was asked for', async () => {
    const { check, seen } = gateOf({ records: [{ kind: 'missing' }], truth: entry('admitted') });
    expect(await check({ accountId: 'a2', apiKeyId: 'k1' })).toMatchObject({ allowed: false, state: 'unknown' });
    expect(seen.published).toEqual([]);
  });

  it('counts the request of a limited account that it had to look up', async () => {
    const { check } = gateOf({ records: [{ kind: 'missing' }, known('limited', 51, 50)], truth: entry('limited', 50) });
    expect(await check({ accountId: 'a1' })).toMatchObject({ allowed: false, refusal: 'quota_spent' });
  });

  it('does not know an account that the truth does not know', async () => {
    const { check } = gateOf({ records: [{ kind: 'missing' }] });
    expect(await check({ accountId: 'a1' })).toEqual({
      allowed: false,
      state: 'unknown',
      refusal: 'not_admitted',
      degraded: false,
    });
  });

  it.each([
    ['the projection says so', { records: [{ kind: 'key_of_another_account' }] as GateRecord[] }],
    ['the truth says so', { records: [{ kind: 'missing' }] as GateRecord[], truth: undefined }],
  ])('refuses a key of another account when %s', async (_who, world) => {
    const { check, seen } = gateOf(world);
    expect(await check({ accountId: 'a1', apiKeyId: 'other' })).toMatchObject({ allowed: false, state: 'unknown' });
    expect(seen.published).toEqual([]);
  });

  it('asks the truth again for a record that nobody has confirmed for too long', async () => {
    const projection = new MemoryGateProjection({ now: () => now - 600_000 });
    await projection.publish([entry('admitted')]);
    const last = gateOf({ records: [], truth: entry('held') }, { projection, clock: { now: () => now } });
    expect(await last.check({ accountId: 'a1' })).toMatchObject({ allowed: true, state: 'admitted' });
    const late = gateOf({ records: [], truth: entry('held') }, { projection, clock: { now: () => now + 1 } });
    expect(await late.check({ accountId: 'a1' })).toMatchObject({ allowed: false, state: 'held' });
    expect([last.seen.truthReads, late.seen.truthReads]).toEqual([0, 1]);
  });

  it('counts a request of a limited account once, however often its record has to be confirmed', async () => {
    let at = now;
    const projection = new MemoryGateProjection({ lifetimeMs: 6_000_000, now: () => at });
    const { check } = gateOf({ records: [], truth: entry('limited', 3) }, { projection, clock: { now: () => at } });
    const passed: boolean[] = [];
    for (let n = 0; n < 4; n++, at += 600_001) passed.push((await check({ accountId: 'a1' })).allowed);
    expect(passed).toEqual([true, true, true, false]);
  });

  it.each([
    ['the projection is down', { records: [{ kind: 'unavailable', reason: 'redis' }] as GateRecord[] }],
    ['the truth is down too', { records: [{ kind: 'missing' }] as GateRecord[], truth: new Error('no database') }],
  ])('follows the policy when %s, and says that it was blind', async (_who, world) => {
    const shut = gateOf(world);
    expect(await shut.check({ accountId: 'a1' })).toMatchObject({ allowed: false, degraded: true });
    const open = gateOf({ ...world, gateUnknown: 'allow' });
    expect(await open.check({ accountId: 'a1' })).toMatchObject({ allowed: true, state: 'unknown', degraded: true });
    expect([shut.seen.failOpen, open.seen.failOpen]).toEqual([0, 1]);
  });

  it('gives up on a truth that does not answer in time', async () => {
    const within = <T>(): Promise<T> => Promise.reject(new Error('too late'));
    const { check } = gateOf({ records: [{ kind: 'missing' }], truth: entry('admitted') }, { within });
    expect(await check({ accountId: 'a1' })).toMatchObject({ allowed: false, degraded: true });
  });

  it('refuses at once when too many reads of the truth are under way, and recovers', async () => {
    let release: (entry: GateEntry) => void = () => undefined;
    const slow = new Promise<GateEntry>((resolve) => {
      release = resolve;
    });
    const truth = { entryOf: () => slow };
    const { check } = gateOf({ records: [] }, { truth, truthReadsAtOnce: 1 });
    const first = check({ accountId: 'a1' });
    expect(await check({ accountId: 'a1' })).toMatchObject({ allowed: false, degraded: true });
    release(entry('admitted'));
    expect(await first).toMatchObject({ allowed: true });
    expect(await check({ accountId: 'a1' })).toMatchObject({ allowed: true });
  });
});
