import { beforeAll, describe, expect, it } from '@jest/globals';
import { openAppeal } from '../../src/cases/open-appeal.js';
import { claimLeaseMs } from '../../src/cases/transition-case.js';
import type { IdPrefix } from '../../src/model/ids.js';
import type { Problem } from '../../src/model/problem.js';
import type { Result } from '../../src/model/result.js';
import { type GatherPorts, gatherRings } from '../../src/ring-decisions/gather-rings.js';
import type { Gatherings } from '../../src/ring-decisions/gatherings.js';
import { undoBatch } from '../../src/ring-decisions/undo-batch.js';
import { decisionRecord, type RecordParts } from '../support/decision-record-builder.js';
import type { RingCaseWorld } from './ring-cases.js';

export interface GatheringWorld extends RingCaseWorld {
  readonly gatherings: Gatherings;
  /** As the ring worker would have written it. */
  putRing(ringId: string, accountIds: readonly string[]): Promise<void>;
  mergeRing(from: string, into: string): Promise<void>;
}

const noon = Date.parse('2026-05-01T12:00:00.000Z');
const hourMs = 3_600_000;
const now = noon + 5 * hourMs;
const sla = { defaultMs: 48 * hourMs, reasonMs: {} };

function succeeded<T>(result: Result<T, Problem>): T {
  if (!result.ok) throw new Error(`expected success: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** `open` gives a view of the same truth at each call: two of them are two instances of the service. */
export function gatheringsContract(open: () => GatheringWorld): void {
  let world: GatheringWorld;
  let made = 0;
  beforeAll(() => {
    world = open();
  });

  const newId = (prefix: IdPrefix): string => `${prefix}_gathering_${++made}_${Math.round(performance.now() * 1000)}`;
  const decide = async (account: string, parts: Partial<RecordParts> = {}) => {
    const outcome = await world.log.commit(decisionRecord({ number: account, account, ...parts }));
    if (outcome.kind !== 'committed') throw new Error(JSON.stringify(outcome));
    return outcome.decision;
  };
  const hold = async (...accounts: readonly string[]): Promise<void> => {
    for (const account of accounts) await decide(account, { outcome: 'hold' });
  };
  const caseOf = async (id: string) => (await world.log.status(id))?.openCaseId ?? '';
  const casesOf = (...ids: readonly string[]) => Promise.all(ids.map(caseOf));
  const found = async (caseId: string) => {
    const one = await world.cases.get(caseId);
    if (one === undefined) throw new Error(`no case ${caseId}`);
    return one;
  };
  const portsOf = (of: GatheringWorld, at: number): GatherPorts => ({
    records: of.records,
    gatherings: of.gatherings,
    sla: () => sla,
    clock: { now: () => at },
    newId,
  });
  const gather = (at = now, of = world) => gatherRings(portsOf(of, at));
  const gathered = async (ringId: string) => (await gather()).find((one) => one.ringId === ringId)?.accounts ?? 0;
  const batchOf = async (ringId: string): Promise<string> =>
    world.gatherings.begin(ringId, { batchId: newId('batch'), now });
  const undo = async (ringId: string, at = now + 1000) => {
    const ports = { records: world.records, batches: world.batches, clock: { now: () => at }, newId };
    return undoBatch({ ringId, batchId: await batchOf(ringId), actor: 'sue' }, ports);
  };
  const claim = async (caseId: string, at = now) => succeeded(await world.cases.claim(caseId, 'ann', at));

  describe('gathering', () => {
    it('opens one case for three held accounts of a ring that wait in cases of their own', async () => {
      await hold('ga1', 'ga2', 'ga3');
      await world.putRing('ring_ga', ['ga1', 'ga2', 'ga3']);
      const held = await world.batches.heldSince(0);
      expect(await gathered('ring_ga')).toBe(3);
      const caseId = await caseOf('ga1');
      expect(await casesOf('ga2', 'ga3')).toEqual([caseId, caseId]);
      expect((await found(caseId)).case).toMatchObject({
        ringId: 'ring_ga',
        wholeRing: true,
        state: 'open',
        reason: 'payment.reused',
        verify: ['phone', 'business'],
        asksFor: ['phone', 'business'],
      });
      expect((await found('case_ga2')).case).toMatchObject({
        state: 'decided',
        decision: null,
        decidedBy: 'gathering',
      });
      const batchId = await batchOf('ring_ga');
      expect((await found('case_ga2')).timeline.at(-1)).toMatchObject({
        kind: 'merged',
        detail: { ring_id: 'ring_ga', batch_id: batchId },
      });
      expect((await found(caseId)).timeline.at(-1)).toMatchObject({
        kind: 'gathered',
        detail: { batch_id: batchId, accounts: 3 },
      });
      expect((await world.messages(caseId)).map(({ kind }) => kind)).toEqual(['case_opened']);
      // Nobody's access has changed, and nothing of the hourly budget is used up.
      for (const id of ['ga1', 'ga2', 'ga3'])
        expect((await world.log.status(id))?.access).toMatchObject({ state: 'held', version: 1 });
      expect(await world.batches.heldSince(0)).toBe(held);
      expect(await world.batches.get(batchId)).toMatchObject({ kind: 'gathering', state: 'done', ringId: 'ring_ga' });
      expect(await gathered('ring_ga')).toBe(0);
    });

    it('lets nobody wait longer than before: the earliest due time and the place in the queue are kept', async () => {
      await decide('gb1', { outcome: 'hold', occurredAt: noon + 4 * hourMs });
      await hold('gb2', 'gb3');
      await world.putRing('ring_gb', ['gb1', 'gb2', 'gb3']);
      await gather();
      const ring = (await found(await caseOf('gb1'))).case;
      // Due a day after noon by what they were; by the policy in two days.
      expect(ring.dueAt).toBe(noon + 24 * hourMs);
      // 87.5 points, and two for each of five hours.
      expect(ring).toMatchObject({ priority: 97.5, openedAt: now });
    });

    it('brings its due time and its place in the queue into a case that the ring has', async () => {
      const later = noon + 4 * hourMs;
      const parts = { ring: 'ring_gn', detectsRing: true, occurredAt: later } as const;
      const { case_id: ringCase } = await decide('gn1', { outcome: 'hold', ...parts });
      const opened = (await found(ringCase ?? '')).case;
      await hold('gn2');
      await decide('gn3', { outcome: 'hold', caseDueAt: noon + hourMs });
      await world.putRing('ring_gn', ['gn1', 'gn2', 'gn3']);
      expect(await gathered('ring_gn')).toBe(2);
      const after = (await found(ringCase ?? '')).case;
      expect(opened).toMatchObject({ dueAt: noon + 24 * hourMs, priority: 87.5 });
      expect(after).toMatchObject({ dueAt: noon + hourMs, priority: 95.5, openedAt: later });
    });

    it('leaves two alone, and brings even one into a case that the ring has', async () => {
      await hold('gc1', 'gc2');
      await world.putRing('ring_gc', ['gc1', 'gc2', 'gc3']);
      expect(await gathered('ring_gc')).toBe(0);
      const { case_id: ringCase } = await decide('gc3', { outcome: 'hold', ring: 'ring_gc', detectsRing: true });
      expect(await gathered('ring_gc')).toBe(2);
      expect(await casesOf('gc1', 'gc2')).toEqual([ringCase, ringCase]);
      await hold('gc4');
      await world.putRing('ring_gc', ['gc4']);
      expect(await gathered('ring_gc')).toBe(1);
      expect(await caseOf('gc4')).toBe(ringCase);
    });

    it('leaves what somebody works on, and whom people or verifications have looked at', async () => {
      const left = ['claimed', 'snoozed', 'assigned', 'escalated', 'asked', 'manual', 'appeal', 'verified'].map(
        (name) => `gd_${name}`,
      );
      const [claimed = '', snoozed = '', assigned = '', escalated = '', asked = '', manual = '', appeal = ''] = left;
      await hold(claimed, snoozed, assigned, escalated, asked);
      await claim(`case_${claimed}`);
      const { claimToken } = await claim(`case_${snoozed}`);
      succeeded(await world.cases.snooze(`case_${snoozed}`, claimToken, now + hourMs, 'ann', now));
      succeeded(await world.cases.assign({ caseId: `case_${assigned}`, to: 'ann', actor: 'bob', now }));
      succeeded(await world.cases.escalate({ caseId: `case_${escalated}`, actor: 'ann', reason: 'hard', now }));
      const token = (await claim(`case_${asked}`)).claimToken;
      const asking = { caseId: `case_${asked}`, claimToken: token, actor: 'ann', now };
      succeeded(await world.cases.decide({ ...asking, decision: 'request_verification' }));
      await decide(manual);
      await decide(appeal);
      const by = { reason: 'r', actor: 'bob', now };
      succeeded(await world.cases.changeManually({ ...by, accountId: manual, to: 'held' }));
      succeeded(await world.cases.changeManually({ ...by, accountId: appeal, to: 'denied' }));
      const appealed = { appealId: 'appeal_gd', accountId: appeal, decidedBy: 'bob', actor: 'privacy', now, newId };
      succeeded(await openAppeal(world.records, appealed));
      await decide('gd_verified');
      const proof = { method: 'phone', result: 'passed', evidence: {}, actor: 'p', now } as const;
      await world.cases.recordVerification({ accountId: 'gd_verified', ...proof });
      await decide('gd_verified', { number: 'gd_verified_later', outcome: 'hold' });
      await decide('gd_other', { outcome: 'hold', ring: 'ring_gd_other', detectsRing: true });
      await decide('gd_free');
      await hold('gd1', 'gd2', 'gd3');
      const own = await casesOf(...left, 'gd_other');
      await world.putRing('ring_gd', [...left, 'gd_other', 'gd_free', 'gd1', 'gd2', 'gd3']);
      expect(await gathered('ring_gd')).toBe(3);
      expect(await casesOf(...left, 'gd_other')).toEqual(own);
      expect((await world.log.status('gd_free'))?.access.state).toBe('admitted');
      // Let go of again, it is free.
      const again = await claim(`case_${claimed}`, now + 2 * claimLeaseMs);
      succeeded(await world.cases.unclaim(`case_${claimed}`, again.claimToken, 'ann', now + 2 * claimLeaseMs));
      expect(await gathered('ring_gd')).toBe(1);
      expect(await caseOf(claimed)).toBe(await caseOf('gd1'));
    });

    it('knows a ring that went into another by the name that it has now', async () => {
      const { case_id: ringCase } = await decide('ge1', { outcome: 'hold', ring: 'ring_ge_young', detectsRing: true });
      await hold('ge2');
      await world.putRing('ring_ge_young', ['ge1']);
      await world.putRing('ring_ge_old', ['ge2']);
      expect(await gathered('ring_ge_old')).toBe(0);
      await world.mergeRing('ring_ge_young', 'ring_ge_old');
      expect(await gathered('ring_ge_old')).toBe(1);
      expect(await caseOf('ge2')).toBe(ringCase);
      expect(await world.gatherings.caseOf('ring_ge_young')).toBe(ringCase);
    });

    it('gathers three of whom two came with a ring that went into theirs', async () => {
      await hold('gf1', 'gf2', 'gf3');
      await world.putRing('ring_gf_young', ['gf1', 'gf2']);
      await world.putRing('ring_gf_old', ['gf3']);
      await gather();
      await world.mergeRing('ring_gf_young', 'ring_gf_old');
      expect(await gathered('ring_gf_old')).toBe(3);
    });

    it('has accounts in the case of their ring since they were held: they are no new holds', async () => {
      await hold('gg1', 'gg2', 'gg3');
      await world.putRing('ring_gg', ['gg1', 'gg2', 'gg3']);
      expect(await gathered('ring_gg')).toBe(3);
      const ringCase = { caseId: await caseOf('gg1') };
      const joinedAt = await world.records.changeMany({ accountIds: ['gg1', 'gg2'], ringCase }, ({ accounts }) => ({
        answer: accounts.map(({ member }) => member?.joinedAt),
      }));
      expect(joinedAt).toEqual([noon, noon]);
    });

    it('is taken back as one: cases of their own are as they were, and stay so', async () => {
      await hold('gh1', 'gh2', 'gh3', 'gh4');
      await world.putRing('ring_gh', ['gh1', 'gh2', 'gh3', 'gh4']);
      const before = (await found('case_gh1')).case;
      expect(await gathered('ring_gh')).toBe(4);
      const ringCase = await caseOf('gh1');
      await world.cases.changeManually({ accountId: 'gh4', to: 'admitted', reason: 'r', actor: 'bob', now });
      expect(succeeded(await undo('ring_gh'))).toMatchObject({
        batch: { state: 'undone', undoneBy: 'sue' },
        counts: { restored: 3, kept: 1 },
      });
      expect(await casesOf('gh1', 'gh2', 'gh3')).toEqual(['case_gh1', 'case_gh2', 'case_gh3']);
      const { version: _version, ...after } = (await found('case_gh1')).case;
      const { version: _before, ...was } = before;
      expect(after).toEqual(was);
      expect((await found(ringCase)).case.state).toBe('decided');
      expect((await world.log.status('gh1'))?.access).toMatchObject({ state: 'held', version: 1 });
      await hold('gh5');
      await world.putRing('ring_gh', ['gh5']);
      expect(await gathered('ring_gh')).toBe(0);
      expect((await world.stuck()).filter((id) => id.startsWith('gh'))).toEqual([]);
      // Asked again, it says what it did.
      expect(succeeded(await undo('ring_gh')).counts).toEqual({ restored: 3, kept: 1 });
    });

    it('is taken back out of the case of a ring that goes on for others', async () => {
      const { case_id: ringCase } = await decide('gi1', { outcome: 'hold', ring: 'ring_gi', detectsRing: true });
      await hold('gi2');
      await world.putRing('ring_gi', ['gi1', 'gi2']);
      expect(await gathered('ring_gi')).toBe(1);
      await world.putRing('ring_gi_old', []);
      await world.mergeRing('ring_gi', 'ring_gi_old');
      succeeded(await undo('ring_gi'));
      expect(await casesOf('gi1', 'gi2')).toEqual([ringCase, 'case_gi2']);
      expect((await found(ringCase ?? '')).case.state).toBe('open');
      expect(await gathered('ring_gi_old')).toBe(0);
    });

    it('keeps whoever was decided in the case of the ring', async () => {
      await hold('gj1', 'gj2', 'gj3');
      await world.putRing('ring_gj', ['gj1', 'gj2', 'gj3']);
      await gather();
      const caseId = await caseOf('gj1');
      const { claimToken } = await claim(caseId);
      const decision = { caseId, claimToken, actor: 'ann', isSenior: true, decision: 'reject', now } as const;
      succeeded(await world.cases.decide(decision));
      for (let i = 0; i < 5; i++) await world.cases.applyDueApprovals(now + 1000);
      expect(succeeded(await undo('ring_gj')).counts).toEqual({ kept: 3 });
      expect((await world.log.status('gj2'))?.access.state).toBe('denied');
    });

    it('waits while people decide about the ring', async () => {
      await hold('gk1', 'gk2', 'gk3');
      await world.putRing('ring_gk', ['gk1', 'gk2', 'gk3']);
      const order = { decision: 'approve', reason: 'r', label: null, actor: 'sue', second: null, exclude: [] } as const;
      const times = {
        createdAt: now,
        notBefore: now + hourMs,
        looks: 0,
        finishedAt: null,
        undoneAt: null,
        undoneBy: null,
      };
      const batch = {
        id: newId('batch'),
        kind: 'ring_decision',
        ringId: 'ring_gk',
        decisionId: null,
        ...times,
      } as const;
      const audit = { at: now, actor: 'sue', kind: 'ring.proposed', subject: 'ring_gk', detail: {} };
      const proposed = { ...batch, state: 'awaiting_second', order: { ...order, caseId: null } } as const;
      expect(await world.batches.create(proposed, audit)).toBe(true);
      expect(await gathered('ring_gk')).toBe(0);
      expect(await world.batches.save({ ...proposed, state: 'expired' }, 'awaiting_second')).toBe(true);
      expect(await gathered('ring_gk')).toBe(3);
    });

    it('gathers more than a page, over two instances at the same time, everybody once', async () => {
      const ids = Array.from({ length: 230 }, (_, i) => `gl${String(i).padStart(3, '0')}`);
      await Promise.all(ids.map((id) => hold(id)));
      await world.putRing('ring_gl', ids);
      await Promise.all([gather(), gather(now, open())]);
      await gather();
      const cases = new Set(await casesOf(...ids));
      expect(cases.size).toBe(1);
      const [caseId = ''] = cases;
      expect((await found(caseId)).case.wholeRing).toBe(true);
      const told = (await world.messages(caseId)).filter(({ kind }) => kind === 'case_opened');
      expect(told).toHaveLength(1);
      expect(await world.batches.countsOf(await batchOf('ring_gl'))).toEqual({ joined: 230 });
    });
  });
}
