import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessBatch } from '../../src/cases/access-batch.js';
import type { CaseRecords } from '../../src/cases/case-records.js';
import { openAppeal } from '../../src/cases/open-appeal.js';
import type { Claim } from '../../src/cases/review-queue.js';
import type { DecisionLog } from '../../src/decisions/decision-log.js';
import type { JudgedAgain } from '../../src/decisions/judged-again.js';
import type { RescoreSchedule } from '../../src/evaluate/rescore-schedule.js';
import type { IdPrefix } from '../../src/model/ids.js';
import type { Problem } from '../../src/model/problem.js';
import type { Result } from '../../src/model/result.js';
import type { AccessBatches } from '../../src/ring-decisions/access-batches.js';
import { type RetroHoldPorts, runRetroHold } from '../../src/ring-decisions/retro-hold.js';
import type { RingMember } from '../../src/ring-decisions/ring-members.js';
import { runDueBatches } from '../../src/ring-decisions/run-batches.js';
import { undoBatch } from '../../src/ring-decisions/undo-batch.js';
import type { AllOfCases } from '../support/all-of-cases.js';
import { decisionRecord, type RecordParts } from '../support/decision-record-builder.js';

export interface RingCaseWorld {
  readonly log: DecisionLog;
  readonly cases: AllOfCases;
  readonly records: CaseRecords;
  readonly batches: AccessBatches;
  readonly schedule: RescoreSchedule;
  messages(subject: string): Promise<readonly { kind: string; payload: Readonly<Record<string, unknown>> }[]>;
  /** Held accounts that nobody would look at. */
  stuck(): Promise<readonly string[]>;
}

const noon = Date.parse('2026-05-01T12:00:00.000Z');
const now = noon + 3_600_000;
const undoMs = 10_000;
const dayMs = 86_400_000;
const minuteMs = 60_000;
const sla = { defaultMs: 10 * minuteMs, reasonMs: { 'ring.retro_hold': 5 * minuteMs, 'ring.large': 7 * minuteMs } };

function succeeded<T>(result: Result<T, Problem>): T {
  if (!result.ok) throw new Error(`expected success: ${JSON.stringify(result.error)}`);
  return result.value;
}

const codeOf = (result: Result<unknown, Problem>): string => (result.ok ? 'ok' : result.error.code);

/** `open` gives a view of the same truth at each call: two of them are two instances of the service. */
export function ringCasesContract(open: () => RingCaseWorld): void {
  let world: RingCaseWorld;
  let made = 0;
  beforeAll(() => {
    world = open();
  });

  const newId = (prefix: IdPrefix): string => `${prefix}_ring_${++made}_${Math.round(performance.now() * 1000)}`;
  const decide = async (account: string, parts: Partial<RecordParts> = {}) => {
    const outcome = await world.log.commit(decisionRecord({ number: account, account, ...parts }));
    if (outcome.kind !== 'committed') throw new Error(JSON.stringify(outcome));
    return outcome.decision;
  };
  const finds = (account: string, ring: string, parts: Partial<RecordParts> = {}) =>
    decide(account, { outcome: 'hold', ring, detectsRing: true, ...parts });
  const stateOf = async (id: string) => (await world.log.status(id))?.access.state;
  const caseOf = async (id: string) => (await world.log.status(id))?.openCaseId;
  const claim = async (caseId: string, at = now): Promise<Claim> =>
    succeeded(await world.cases.claim(caseId, 'ann', at));
  const settle = async (caseId: string, decision: 'approve' | 'reject', more = {}, at = now) => {
    const { claimToken } = await claim(caseId, at);
    return world.cases.decide({ caseId, claimToken, actor: 'ann', isSenior: true, decision, now: at, ...more });
  };

  describe('the case of a ring', () => {
    it('is opened by the first hold that finds the ring out, and joined by the holds after it', async () => {
      const first = await finds('a1', 'ring_a');
      expect(first.case_id).toBe('case_a1');
      const second = await decide('a2', { outcome: 'hold', ring: 'ring_a' });
      expect(second.case_id).toBe('case_a1');
      const elsewhere = await decide('a3', { outcome: 'hold', ring: 'ring_other' });
      expect(elsewhere.case_id).toBe('case_a3');
      expect((await world.cases.get('case_a1'))?.case).toMatchObject({ ringId: 'ring_a', wholeRing: true });
      expect((await world.cases.get('case_a3'))?.case).toMatchObject({ ringId: 'ring_other', wholeRing: false });
      expect(await caseOf('a2')).toBe('case_a1');
      expect((await decide('a2', { number: 'a2_again', outcome: 'allow' })).case_id).toBe('case_a1');
      const mine = await world.cases.list({ accountId: 'a2', sort: 'priority', limit: 5 });
      expect(mine.cases.map(({ id }) => id)).toEqual(['case_a1']);
    });

    it('tells once that a ring was found out, whoever finds it again', async () => {
      await finds('b1', 'ring_b');
      await finds('b2', 'ring_b');
      await decide('b3', { outcome: 'deny', ring: 'ring_b', detectsRing: true });
      const told = (await world.messages('ring_b')).filter(({ kind }) => kind === 'ring_detected');
      expect(told).toMatchObject([{ payload: { ring_id: 'ring_b', decision_id: 'dec_000000b1' } }]);
      expect((await world.messages('case_b1')).map(({ kind }) => kind)).toEqual(['case_opened']);
      expect(await world.messages('case_b2')).toEqual([]);
    });

    it('is one however many find the ring out at once, over two instances', async () => {
      const twin = open();
      const decisions = await Promise.all(
        Array.from({ length: 40 }, (_, i) => {
          const parts = { number: `race${i}`, account: `race${i}`, outcome: 'hold', ring: 'ring_race' } as const;
          return (i % 2 ? twin : world).log.commit(decisionRecord({ ...parts, detectsRing: true }));
        }),
      );
      const ids = decisions.map((one) => (one.kind === 'committed' ? one.decision.case_id : one.kind));
      expect(new Set(ids).size).toBe(1);
      const page = await world.cases.list({ ring: 'ring_race', sort: 'priority', limit: 5 });
      expect(page.cases.map(({ id }) => id)).toEqual([ids[0]]);
      const told = (await world.messages('ring_race')).filter(({ kind }) => kind === 'ring_detected');
      expect(told).toHaveLength(1);
    });

    it('keeps an account that has a case of its own in that one', async () => {
      await decide('c1', { outcome: 'hold' });
      expect((await finds('c1', 'ring_c', { number: 'c1_later' })).case_id).toBe('case_c1');
      expect((await world.cases.get('case_c1'))?.case.wholeRing).toBe(false);
    });

    it('leaves the decision about all its members to a senior', async () => {
      const caseId = (await finds('senior1', 'ring_senior')).case_id ?? '';
      await finds('senior2', 'ring_senior');
      const by = { caseId, actor: 'bob', now };
      for (const decision of ['approve', 'reject'] as const) {
        const { claimToken } = succeeded(await world.cases.claim(caseId, 'bob', now));
        expect(await world.cases.decide({ ...by, claimToken, decision })).toMatchObject({
          ok: false,
          error: { code: 'forbidden', detail: expect.stringContaining('role senior or admin') },
        });
        const many = { caseIds: [caseId], decision, reason: 'all of them', actor: 'bob', clock: { now: () => now } };
        await world.cases.unclaim(caseId, claimToken, 'bob', now);
        const [ended] = await world.cases.decideMany({ ...many, isSenior: false });
        expect(ended?.result).toMatchObject({ ok: false, error: { code: 'forbidden' } });
      }
      expect([await stateOf('senior1'), await stateOf('senior2')]).toEqual(['held', 'held']);
      const { claimToken } = succeeded(await world.cases.claim(caseId, 'bob', now));
      succeeded(await world.cases.decide({ ...by, claimToken, decision: 'request_verification' }));
      const [ended] = await world.cases.decideMany({
        caseIds: [caseId],
        decision: 'reject',
        reason: 'all of them',
        actor: 'sue',
        isSenior: true,
        clock: { now: () => now },
      });
      expect(ended?.result.ok).toBe(true);
      expect(await stateOf('senior2')).toBe('denied');
    });

    it('approves all its members at the end of the undo window, and clears what held them', async () => {
      await finds('d1', 'ring_d');
      await finds('d2', 'ring_d');
      succeeded(await settle('case_d1', 'approve', { label: 'honest' }));
      expect([await stateOf('d1'), await stateOf('d2')]).toEqual(['held', 'held']);
      expect(await decide('d2', { number: 'd2_wait', outcome: 'hold', ring: 'ring_d' })).toMatchObject({
        case_id: null,
      });
      await world.cases.applyDueApprovals(now + undoMs - 1);
      expect(await stateOf('d2')).toBe('held');
      await world.cases.applyDueApprovals(now + undoMs);
      for (const id of ['d1', 'd2'])
        expect(await world.log.status(id)).toMatchObject({
          access: { state: 'admitted', version: 2 },
          clearedRules: ['payment-many-accounts-hold'],
          openCaseId: null,
        });
      expect((await world.messages('d2')).map(({ kind }) => kind)).toContain('label_recorded');
      const before = await world.cases.applyDueApprovals(now + undoMs);
      expect(before).toBe(0);
    });

    it('is opened anew for those who come while an approval waits, which cannot be taken back then', async () => {
      await finds('z1', 'ring_z');
      succeeded(await settle('case_z1', 'approve'));
      const next = await finds('z2', 'ring_z');
      expect(next.case_id).toBe('case_z2');
      expect(codeOf(await world.cases.undo('case_z1', 'ann', now + 1, { isSenior: true }))).toBe('conflict');
      await world.cases.applyDueApprovals(now + undoMs);
      expect([await stateOf('z1'), await stateOf('z2')]).toEqual(['admitted', 'held']);
    });

    it('denies all its members at once, labels them, and takes all of it back within the window', async () => {
      for (const id of ['e1', 'e2', 'e3']) await finds(id, 'ring_e');
      succeeded(await settle('case_e1', 'reject', { label: 'fraud' }));
      expect([await stateOf('e1'), await stateOf('e2'), await stateOf('e3')]).toEqual(['denied', 'denied', 'denied']);
      const byWorker = await world.cases.undo('case_e1', 'wes', now + 1);
      expect(byWorker).toMatchObject({ ok: false, error: { code: 'forbidden' } });
      expect(await stateOf('e3')).toBe('denied');
      succeeded(await world.cases.undo('case_e1', 'ann', now + undoMs - 1, { isSenior: true }));
      expect([await stateOf('e1'), await stateOf('e2'), await stateOf('e3')]).toEqual(['held', 'held', 'held']);
      expect(await caseOf('e3')).toBe('case_e1');
      const labels = (await world.messages('e3')).filter(({ kind }) => kind === 'label_recorded');
      expect(labels).toEqual([]);
      succeeded(await settle('case_e1', 'reject', {}, now + 20_000));
      expect(await stateOf('e3')).toBe('denied');
      expect(codeOf(await world.cases.undo('case_e1', 'ann', now + 20_000 + undoMs, { isSenior: true }))).toBe(
        'conflict',
      );
    });

    it('takes the fraud labels of its members back when it is approved without saying a label', async () => {
      for (const id of ['forgiven1', 'forgiven2']) await finds(id, 'ring_forgiven');
      const label = { accountId: 'forgiven2', label: 'fraud', source: 'chargeback', observedAt: now } as const;
      succeeded(await world.cases.recordLabel(label, 'billing', now));
      const labelOf = (accountId: string) =>
        world.records.change({ accountId }, ({ account }) => ({ answer: account?.label }));
      succeeded(await settle('case_forgiven1', 'approve'));
      succeeded(await world.cases.undo('case_forgiven1', 'ann', now + 1, { isSenior: true }));
      expect(await labelOf('forgiven2')).toBe('fraud');
      succeeded(await settle('case_forgiven1', 'approve', {}, now + 2));
      await world.cases.applyDueApprovals(now + 2 + undoMs);
      expect([await stateOf('forgiven2'), await labelOf('forgiven1'), await labelOf('forgiven2')]).toEqual([
        'admitted',
        null,
        'honest',
      ]);
    });

    it('tells hundreds of members page by page', async () => {
      const ids = Array.from({ length: 450 }, (_, i) => `many${String(i).padStart(3, '0')}`);
      await Promise.all(ids.map((id) => finds(id, 'ring_many')));
      const caseId = await caseOf('many000');
      succeeded(await settle(String(caseId), 'reject'));
      const states = await Promise.all(ids.map(stateOf));
      expect(states.filter((state) => state !== 'denied')).toEqual([]);
    });

    it('lets a member go that has proven itself, and closes when nobody is left', async () => {
      for (const id of ['f1', 'f2']) await finds(id, 'ring_f');
      const verify = (accountId: string, method: 'phone' | 'business') =>
        world.cases.recordVerification({ accountId, method, result: 'passed', evidence: {}, actor: 'p', now: now + 1 });
      await verify('f1', 'phone');
      succeeded(await verify('f1', 'business'));
      expect(await world.log.status('f1')).toMatchObject({ access: { state: 'admitted' }, verified: true });
      expect((await world.cases.get('case_f1'))?.case).toMatchObject({ state: 'open' });
      expect(await caseOf('f2')).toBe('case_f1');
      // The first account is out of it: it may be held for another reason, in a case of its own.
      const held = await decide('f1', { number: 'f1_again', outcome: 'hold' });
      expect(held.case_id).toBe('case_f1_again');
      await verify('f2', 'phone');
      await verify('f2', 'business');
      expect((await world.cases.get('case_f1'))?.case).toMatchObject({ state: 'decided', decision: 'approve' });
    });

    it('is left alone by what a person does to one account', async () => {
      for (const id of ['g1', 'g2', 'g3']) await finds(id, 'ring_g');
      const change = { reason: 'r', actor: 'bob', now };
      succeeded(await world.cases.changeManually({ ...change, accountId: 'g1', to: 'admitted' }));
      succeeded(await world.cases.changeManually({ ...change, accountId: 'g2', to: 'denied' }));
      expect([await stateOf('g1'), await stateOf('g2'), await stateOf('g3')]).toEqual(['admitted', 'denied', 'held']);
      expect([await caseOf('g1'), await caseOf('g2'), await caseOf('g3')]).toEqual([null, null, 'case_g1']);
      succeeded(await settle('case_g1', 'approve'));
      await world.cases.applyDueApprovals(now + undoMs);
      expect([await stateOf('g1'), await stateOf('g2'), await stateOf('g3')]).toEqual([
        'admitted',
        'denied',
        'admitted',
      ]);
    });

    it('leaves nobody held without a case', async () => {
      await finds('h1', 'ring_h');
      await decide('h2', { outcome: 'hold', ring: 'ring_h' });
      expect(await world.stuck()).not.toEqual(expect.arrayContaining(['h1']));
      expect(await world.stuck()).not.toEqual(expect.arrayContaining(['h2']));
    });
  });

  describe('holding the earlier members of a ring', () => {
    const policy = { maxAccountsPerHour: 1_000_000, spare: ['verified', 'paid_30d'], youngerThanMs: 30 * dayMs };
    const portsOf = (members: readonly RingMember[], more: Partial<RetroHoldPorts> = {}): RetroHoldPorts => ({
      records: world.records,
      batches: world.batches,
      members: {
        membersOf: async (_ringId, { after, limit }) => {
          const start =
            after === undefined ? 0 : members.findIndex(({ accountId }) => accountId === after.accountId) + 1;
          return members.slice(start, start + limit);
        },
      },
      policy: () => policy,
      sla: () => sla,
      clock: { now: () => now },
      eventNow: async () => now,
      newId,
      ...more,
    });
    const membersOf = (...ids: string[]): RingMember[] =>
      ids.map((accountId, i) => ({ accountId, joinedAt: noon + i }));
    const batchOf = async (ringId: string) => {
      const [told] = (await world.messages(ringId)).filter(({ kind }) => kind === 'ring_detected');
      const batch = await world.batches.get(String(told?.payload.batch_id));
      if (batch === undefined) throw new Error(`no batch of ${ringId}`);
      return batch;
    };

    it('holds who is admitted or limited, in the case of the ring, and spares who has earned it', async () => {
      await decide('i1');
      await decide('i2', { outcome: 'limit' });
      await decide('i_paid', { firstPaymentAt: now - 31 * dayMs });
      await decide('i_new_payer', { firstPaymentAt: now - dayMs });
      await decide('i_old', { occurredAt: now - 31 * dayMs });
      await decide('i_denied', { outcome: 'deny' });
      await decide('i_verified');
      const proof = { method: 'phone', result: 'passed', evidence: {}, actor: 'p', now } as const;
      await world.cases.recordVerification({ accountId: 'i_verified', ...proof });
      await decide('i_released', { outcome: 'limit' });
      await world.cases.changeManually({ accountId: 'i_released', to: 'admitted', reason: 'r', actor: 'bob', now });
      await decide('i_held', { outcome: 'hold' });
      await finds('i_finder', 'ring_i');
      const all = membersOf(
        ...['i1', 'i2', 'i_paid', 'i_new_payer', 'i_old', 'i_denied', 'i_verified', 'i_released', 'i_held', 'i_finder'],
        'i_gone',
      );
      const batch = await batchOf('ring_i');
      const left = await runRetroHold(batch, portsOf(all));
      expect(left).toMatchObject({ state: 'planned', looks: 1, notBefore: now + 10_000 });
      for (const id of ['i1', 'i2', 'i_new_payer', 'i_held']) {
        expect(await stateOf(id)).toBe('held');
        expect(await caseOf(id)).toBe('case_i_finder');
      }
      expect(await stateOf('i_denied')).toBe('denied');
      for (const id of ['i_paid', 'i_old', 'i_verified', 'i_released']) expect(await stateOf(id)).toBe('admitted');
      expect(await world.batches.countsOf(batch.id)).toEqual({ held: 3, joined: 2, spared: 6 });
      const changed = (await world.messages('i2')).at(-1);
      const payload = { from: 'limited', to: 'held', cause: 'retro_hold', case_id: 'case_i_finder', ring_id: 'ring_i' };
      expect(changed).toMatchObject({ kind: 'access_changed', payload });
      expect((await world.cases.get('case_i_held'))?.case).toMatchObject({ state: 'decided', decision: null });
      expect(await runRetroHold(left, portsOf(all))).toMatchObject({ state: 'done', looks: 2 });
      expect((await world.log.status('i1'))?.access.version).toBe(2);
    });

    it('leaves what people are to decide in cases of their own: what a person held or is to look at, and appeals', async () => {
      const ids = ['io_manual', 'io_appeal', 'io_assigned'];
      for (const accountId of ids.slice(0, 2)) await decide(accountId, { verify: [] });
      await decide('io_assigned', { outcome: 'hold' });
      succeeded(await world.cases.assign({ caseId: 'case_io_assigned', to: 'ann', actor: 'bob', now }));
      const change = { reason: 'r', actor: 'bob', now };
      succeeded(await world.cases.changeManually({ ...change, accountId: 'io_manual', to: 'held' }));
      succeeded(await world.cases.changeManually({ ...change, accountId: 'io_appeal', to: 'denied' }));
      const appeal = { appealId: 'appeal_io', accountId: 'io_appeal', decidedBy: 'bob', actor: 'privacy', now, newId };
      succeeded(await openAppeal(world.records, appeal));
      await finds('io_finder', 'ring_io');
      const own = await Promise.all(ids.map(caseOf));
      const batch = await batchOf('ring_io');
      await runRetroHold(batch, portsOf(membersOf(...ids, 'io_finder')));
      expect(await world.batches.countsOf(batch.id)).toEqual({ joined: 1, spared: 3 });
      expect(await Promise.all(ids.map(caseOf))).toEqual(own);
    });

    it('stays within the hourly budget, the youngest members first, and goes on later', async () => {
      const ids = Array.from({ length: 12 }, (_, i) => `j${String(i).padStart(2, '0')}`);
      for (const id of ids) await decide(id);
      await finds('j_finder', 'ring_j');
      const spent = await world.batches.heldSince(now - 3_600_000);
      const tight = { policy: () => ({ ...policy, maxAccountsPerHour: spent + 5 }) };
      const left = await runRetroHold(await batchOf('ring_j'), portsOf(membersOf(...ids), tight));
      expect(left).toMatchObject({ state: 'planned', looks: 0, notBefore: now + 60_000 });
      const states = await Promise.all(ids.map(stateOf));
      expect(states).toEqual([...Array(7).fill('admitted'), ...Array(5).fill('held')]);
      const later = { ...tight, clock: { now: () => now + 3_600_001 } };
      const next = await runRetroHold(left, portsOf(membersOf(...ids), later));
      expect((await Promise.all(ids.map(stateOf))).filter((state) => state === 'held').length).toBeGreaterThan(5);
      expect(next.state).toBe('planned');
    });

    it('stays within it over all rings and instances that hold at the same time', async () => {
      const rings = ['both_x', 'both_y'];
      const idsOf = (ring: string) => Array.from({ length: 5 }, (_, i) => `${ring}${i}`);
      for (const ring of rings) {
        for (const id of idsOf(ring)) await decide(id);
        await finds(`${ring}_finder`, `ring_${ring}`);
      }
      const spent = await world.batches.heldSince(now - 3_600_000);
      const tight = () => ({ ...policy, maxAccountsPerHour: spent + 3 });
      const hold = async (ring: string, { records, batches }: RingCaseWorld) =>
        runRetroHold(
          await batchOf(`ring_${ring}`),
          portsOf(membersOf(...idsOf(ring)), { records, batches, policy: tight }),
        );
      const left = await Promise.all([hold('both_x', world), hold('both_y', open())]);
      expect((await world.batches.heldSince(now - 3_600_000)) - spent).toBe(3);
      const states = await Promise.all(rings.flatMap(idsOf).map(stateOf));
      expect(states.filter((state) => state === 'held')).toHaveLength(3);
      for (const batch of left) expect(batch).toMatchObject({ state: 'planned', looks: 0, notBefore: now + 60_000 });
    });

    it('looks no members up as long as the budget is spent for those who wait already', async () => {
      const ids = ['wait1', 'wait2', 'wait3'];
      for (const id of ids) await decide(id);
      await finds('wait_finder', 'ring_wait');
      const spent = await world.batches.heldSince(now - 3_600_000);
      const ports = portsOf(membersOf(...ids), { policy: () => ({ ...policy, maxAccountsPerHour: spent + 1 }) });
      const left = await runRetroHold(await batchOf('ring_wait'), ports);
      expect(await Promise.all(ids.map(stateOf))).toEqual(['admitted', 'admitted', 'held']);
      const nobody = { membersOf: () => Promise.reject(new Error('asked')) };
      expect(await runRetroHold(left, { ...ports, members: nobody })).toMatchObject({ state: 'planned', looks: 0 });
    });

    it('is taken back as one: whoever has not changed since is as before', async () => {
      await decide('k1');
      await decide('k2', { outcome: 'limit', requestsPerDay: 70 });
      await decide('k3', { probationQuota: 200 });
      await decide('k4');
      await finds('k_finder', 'ring_k');
      const batch = await batchOf('ring_k');
      const ports = portsOf(membersOf('k1', 'k2', 'k3', 'k4'));
      await runRetroHold(batch, ports);
      await world.cases.changeManually({ accountId: 'k4', to: 'denied', reason: 'r', actor: 'bob', now });
      const command = { ringId: 'ring_k', batchId: batch.id, actor: 'sue' };
      expect(codeOf(await undoBatch({ ...command, ringId: 'ring_x' }, ports))).toBe('not_found');
      const undone = succeeded(await undoBatch(command, ports));
      expect(undone).toMatchObject({ batch: { state: 'undone', undoneBy: 'sue' }, counts: { restored: 3, kept: 1 } });
      expect((await world.log.status('k1'))?.access).toEqual({ accountId: 'k1', state: 'admitted', version: 3 });
      expect((await world.log.status('k2'))?.access).toMatchObject({
        state: 'limited',
        version: 3,
        requestsPerDay: 70,
      });
      expect((await world.log.status('k3'))?.access).toMatchObject({
        state: 'limited',
        version: 3,
        requestsPerDay: 200,
      });
      expect(await stateOf('k4')).toBe('denied');
      expect(await stateOf('k_finder')).toBe('held');
      expect(await caseOf('k_finder')).toBe('case_k_finder');
      expect(await caseOf('k1')).toBeNull();
      // Its probation is to end one day.
      const due = await world.schedule.take(now, 1000);
      expect(due.find(({ accountId }) => accountId === 'k3')).toMatchObject({ probation: true, state: 'limited' });
      const again = succeeded(await undoBatch(command, ports));
      expect(again.counts).toEqual(undone.counts);
      expect((await world.log.status('k1'))?.access.version).toBe(3);
    });

    it('holds nobody once it is being taken back', async () => {
      await decide('l1');
      await finds('l_finder', 'ring_l');
      const batch = await batchOf('ring_l');
      await world.batches.plan(batch.id, membersOf('l1'));
      succeeded(await undoBatch({ ringId: 'ring_l', batchId: batch.id, actor: 'sue' }, portsOf([])));
      expect(await runRetroHold(batch, portsOf(membersOf('l1')))).toMatchObject({ state: 'undone' });
      expect(await stateOf('l1')).toBe('admitted');
    });

    it('holds everybody once, however many instances are at it', async () => {
      const ids = Array.from({ length: 230 }, (_, i) => `m${String(i).padStart(3, '0')}`);
      await Promise.all(ids.map((id) => decide(id)));
      await finds('m_finder', 'ring_m');
      const batch = await batchOf('ring_m');
      const twin = open();
      const ports = portsOf(membersOf(...ids));
      await Promise.all([
        runRetroHold(batch, ports),
        runRetroHold(batch, { ...ports, records: twin.records, batches: twin.batches }),
      ]);
      const accesses = await Promise.all(ids.map(async (id) => (await world.log.status(id))?.access));
      expect(accesses.filter((access) => access?.state !== 'held' || access.version !== 2)).toEqual([]);
      expect((await world.batches.countsOf(batch.id)).held).toBe(230);
    });

    it('is gone on with by whoever finds it due', async () => {
      await decide('n1');
      await finds('n_finder', 'ring_n');
      const batch = await batchOf('ring_n');
      // Later than the clock of any database; the accounts of these tests are old by then.
      const clock = { now: () => Math.max(Date.now(), now) + 5000 };
      const members = { membersOf: async (ringId: string) => (ringId === 'ring_n' ? membersOf('n1') : []) };
      const ports = portsOf([], { clock, members, policy: () => ({ ...policy, youngerThanMs: 10_000 * dayMs }) });
      const left = await runDueBatches(ports);
      expect(left.map(({ id }) => id)).toContain(batch.id);
      expect(await stateOf('n1')).toBe('held');
      expect((await runDueBatches(ports)).map(({ id }) => id)).not.toContain(batch.id);
    });

    it('is held up by no other that cannot go on, which is tried again', async () => {
      for (const name of ['stall_a', 'stall_b', 'stall_c']) {
        await decide(`${name}1`);
        await finds(`${name}_finder`, `ring_${name}`);
      }
      const bad = await batchOf('ring_stall_a');
      const clock = { now: () => Math.max(Date.now(), now) + 30_000 };
      const members = { membersOf: async (ringId: string) => membersOf(`${ringId.slice(5)}1`) };
      const batches: AccessBatches = Object.create(world.batches, {
        pending: {
          value: (id: string, limit: number) =>
            id === bad.id ? Promise.reject(new Error('a broken row')) : world.batches.pending(id, limit),
        },
      });
      const failed: string[] = [];
      const ports = {
        ...portsOf([], { clock, members, policy: () => ({ ...policy, youngerThanMs: 10_000 * dayMs }) }),
        batches,
        onFailed: ({ id }: AccessBatch) => void failed.push(id),
      };
      await runDueBatches(ports);
      expect(failed).toEqual([bad.id]);
      expect([await stateOf('stall_b1'), await stateOf('stall_c1')]).toEqual(['held', 'held']);
      expect(await stateOf('stall_a1')).not.toBe('held');
      const later = { now: () => clock.now() + 15_000 };
      await runDueBatches({ ...ports, batches: world.batches, clock: later });
      expect(await stateOf('stall_a1')).toBe('held');
    });

    it('opens the case of the ring where the account that found it out has none there', async () => {
      await decide('o1');
      await decide('o_finder', { outcome: 'deny', ring: 'ring_o', detectsRing: true });
      await runRetroHold(await batchOf('ring_o'), portsOf(membersOf('o1', 'o_finder')));
      expect(await stateOf('o1')).toBe('held');
      const page = await world.cases.list({ ring: 'ring_o', sort: 'priority', limit: 5 });
      const dueAt = now + 5 * minuteMs;
      expect(page.cases).toMatchObject([{ accountId: 'o1', wholeRing: true, reason: 'ring.retro_hold', dueAt }]);
    });
  });

  describe('judging accounts again', () => {
    const farFuture = noon + 1000 * dayMs;
    const takeOf = async (at: number, accountId: string) => {
      const due = await world.schedule.take(at, 1000);
      return due.find((one) => one.accountId === accountId);
    };
    const judged = (accountId: string, more: Partial<JudgedAgain> = {}): JudgedAgain => ({
      accountId,
      eventId: `evt_${accountId}`,
      decisionId: `dec_${accountId}`,
      version: 1,
      state: 'held',
      requestsPerDay: 50,
      score: 70,
      reason: 'ring.large',
      rules: ['ring-large'],
      verify: ['phone'],
      ring: null,
      detectsRing: false,
      cost: 0,
      sla,
      now: farFuture,
      ...more,
    });

    it('gives what is due once, with its first event, until it is done', async () => {
      await decide('p1', { rescoreAt: farFuture });
      expect(await takeOf(farFuture - 1, 'p1')).toBeUndefined();
      const due = await takeOf(farFuture, 'p1');
      expect(due).toMatchObject({
        dueAt: farFuture,
        firstSeenAt: noon,
        state: 'admitted',
        version: 1,
        probation: false,
      });
      expect(due?.event).toMatchObject({ eventId: 'evt_p1', type: 'signup', sealed: 'sealed p1', salt: 'salt p1' });
      expect(due?.decisionId).toBe('dec_000000p1');
      expect(await takeOf(farFuture + 59_999, 'p1')).toBeUndefined();
      expect(await takeOf(farFuture + 60_000, 'p1')).toMatchObject({ dueAt: farFuture });
      await world.schedule.done({ accountId: 'p1', dueAt: farFuture }, farFuture + dayMs);
      expect(await takeOf(farFuture + dayMs - 1, 'p1')).toBeUndefined();
      expect(await takeOf(farFuture + dayMs, 'p1')).toMatchObject({ dueAt: farFuture + dayMs });
      await world.schedule.done({ accountId: 'p1', dueAt: farFuture + dayMs }, undefined);
      expect(await takeOf(farFuture + 9 * dayMs, 'p1')).toBeUndefined();
    });

    it('forgets accounts that need no judging any more, and comes to those sooner whose ring has grown', async () => {
      await decide('q_held', { outcome: 'hold', rescoreAt: farFuture });
      await decide('q_later', { rescoreAt: farFuture });
      await decide('q_later', { number: 'q_later_2', outcome: 'hold' });
      await decide('q_soon', { rescoreAt: farFuture });
      await decide('q_old');
      await world.schedule.soon(['q_soon', 'q_old', 'q_held'], now);
      const due = (await world.schedule.take(now, 1000)).map(({ accountId }) => accountId);
      expect(due).toEqual(expect.arrayContaining(['q_soon', 'q_old']));
      expect(due).not.toContain('q_held');
      // Asked for again while it is being judged: it comes once more.
      await world.schedule.soon(['q_soon'], now + 1);
      await world.schedule.done({ accountId: 'q_soon', dueAt: now }, farFuture);
      expect(await takeOf(now + 1, 'q_soon')).toMatchObject({ dueAt: now + 1 });
      expect(await takeOf(farFuture, 'q_later')).toBeUndefined();
    });

    it('comes again to those whose evidence is in doubt, one after the other, though they were let in', async () => {
      for (const id of ['zd1', 'zd2']) {
        await decide(id);
        const proof = { accountId: id, method: 'phone', result: 'passed', evidence: {}, actor: 'x', now } as const;
        succeeded(await world.cases.recordVerification(proof));
      }
      await world.schedule.soon(['zd1'], now);
      expect(await takeOf(now, 'zd1')).toBeUndefined();
      await world.schedule.doubt(['zd1', 'zd2'], { at: now, everyMs: 1000 });
      expect(await takeOf(now, 'zd2')).toBeUndefined();
      expect(await takeOf(now + 1000, 'zd2')).toMatchObject({ doubted: true, dueAt: now + 1000 });
      // Asked for again while it is being judged: it is still in doubt.
      await world.schedule.doubt(['zd2'], { at: now + 2000, everyMs: 1000 });
      await world.schedule.done({ accountId: 'zd2', dueAt: now + 1000 }, undefined);
      expect(await takeOf(now + 2000, 'zd2')).toMatchObject({ doubted: true });
      await world.schedule.done({ accountId: 'zd2', dueAt: now + 2000 }, farFuture);
      expect(await takeOf(farFuture, 'zd2')).toBeUndefined();
      expect(await world.schedule.apply(judged('zd1'))).toBe(false);
      expect(await world.schedule.apply(judged('zd1', { doubted: true }))).toBe(true);
      expect(await world.log.status('zd1')).toMatchObject({ access: { state: 'held' }, verified: false });
    });

    it('tightens access and opens a case, unless somebody changed the account since', async () => {
      await decide('r1');
      expect(await world.schedule.apply(judged('r1', { version: 7 }))).toBe(false);
      expect(await world.schedule.apply(judged('r1'))).toBe(true);
      expect(await world.schedule.apply(judged('r1'))).toBe(false);
      expect((await world.log.status('r1'))?.access).toMatchObject({ state: 'held', version: 2 });
      const opened = await world.cases.get(String(await caseOf('r1')));
      expect(opened?.case).toMatchObject({
        accountId: 'r1',
        reason: 'ring.large',
        wholeRing: false,
        verify: ['phone'],
      });
      expect((await world.messages('r1')).at(-1)).toMatchObject({ payload: { cause: 'rescore', to: 'held' } });
      await decide('r_dear');
      expect(await world.schedule.apply(judged('r_dear', { cost: 12 }))).toBe(true);
      const dear = await world.cases.list({ accountId: 'r_dear', sort: 'priority', limit: 1 });
      expect(dear.cases).toMatchObject([{ score: 70, priority: 82, dueAt: farFuture + 7 * minuteMs }]);
      await decide('r2', { outcome: 'limit' });
      expect(await world.schedule.apply(judged('r2', { state: 'limited' }))).toBe(false);
      expect(await world.schedule.apply(judged('r2', { state: 'admitted' }))).toBe(false);
    });

    it('brings an account into the case of its ring, which it opens when it finds the ring out', async () => {
      const ring = { id: 'ring_s', size: 40 };
      for (const id of ['s1', 's2']) await decide(id);
      expect(await world.schedule.apply(judged('s1', { ring, detectsRing: true }))).toBe(true);
      expect(await world.schedule.apply(judged('s2', { ring }))).toBe(true);
      const caseId = await caseOf('s1');
      expect(await caseOf('s2')).toBe(caseId);
      expect((await world.cases.get(String(caseId)))?.case).toMatchObject({ wholeRing: true, ringId: 'ring_s' });
      const told = (await world.messages('ring_s')).filter(({ kind }) => kind === 'ring_detected');
      expect(told).toHaveLength(1);
      expect((await finds('s3', 'ring_s')).case_id).toBe(caseId);
    });

    const portsOf = (members: readonly string[], { room = 1_000_000, at = farFuture } = {}): RetroHoldPorts => ({
      records: world.records,
      batches: world.batches,
      members: {
        membersOf: async (_ringId, { after }) =>
          after === undefined ? members.map((accountId) => ({ accountId, joinedAt: noon })) : [],
      },
      policy: () => ({ maxAccountsPerHour: room, spare: [], youngerThanMs: 2000 * dayMs }),
      sla: () => sla,
      clock: { now: () => at },
      eventNow: async () => at,
      newId,
    });
    const batchOf = async (ringId: string): Promise<AccessBatch> => {
      const [told] = (await world.messages(ringId)).filter(({ kind }) => kind === 'ring_detected');
      const batch = await world.batches.get(String(told?.payload.batch_id));
      if (batch === undefined) throw new Error(`no batch of ${ringId}`);
      return batch;
    };

    it('leaves whom only their ring holds to its batch and the hourly budget, however many its growth has judged', async () => {
      const ring = { id: 'ring_budget', size: 40 };
      const ids = Array.from({ length: 12 }, (_, i) => `budget${String(i).padStart(2, '0')}`);
      for (const id of ids) await decide(id);
      await finds('budget_finder', 'ring_budget');
      const at = farFuture + 10 * dayMs;
      for (const id of ids.slice(0, 11))
        expect(await world.schedule.apply(judged(id, { ring, detectsRing: true, now: at }))).toBe(false);
      const apartFromRings = { state: 'limited', score: 40, reason: 'r', rules: [], verify: [] } as const;
      const besides = judged('budget11', { ring, detectsRing: true, apartFromRings, now: at });
      expect(await world.schedule.apply(besides)).toBe(true);
      expect(await stateOf('budget11')).toBe('limited');
      await runRetroHold(await batchOf('ring_budget'), portsOf([], { room: 7, at }));
      const states = await Promise.all(ids.map(stateOf));
      expect(states.filter((state) => state === 'held')).toHaveLength(7);
      expect(await world.batches.countsOf((await batchOf('ring_budget')).id)).toEqual({ held: 7, pending: 5 });
    });

    it('has a batch that is done go on with those who were judged since, and with no others', async () => {
      const ring = { id: 'ring_x', size: 40 };
      for (const id of ['x1', 'x2', 'x3']) await decide(id);
      await finds('x_finder', 'ring_x');
      const ports = portsOf(['x1']);
      await runRetroHold(await batchOf('ring_x'), ports);
      expect(await runRetroHold(await batchOf('ring_x'), ports)).toMatchObject({ state: 'done', looks: 2 });
      expect(await world.schedule.apply(judged('x2', { ring, detectsRing: true }))).toBe(false);
      const goesOn = await batchOf('ring_x');
      expect(goesOn).toMatchObject({ state: 'planned', notBefore: farFuture });
      expect(await runRetroHold(goesOn, portsOf(['x1', 'x3']))).toMatchObject({ state: 'done' });
      expect(await Promise.all(['x1', 'x2', 'x3'].map(stateOf))).toEqual(['held', 'held', 'admitted']);
      expect((await world.messages('x2')).at(-1)).toMatchObject({ payload: { cause: 'retro_hold', to: 'held' } });
      const undone = await undoBatch({ ringId: 'ring_x', batchId: goesOn.id, actor: 'sue' }, ports);
      expect(succeeded(undone).counts).toEqual({ restored: 2 });
      expect(await world.log.status('x2')).toMatchObject({
        access: { state: 'admitted', version: 3 },
        clearedRules: ['payment-many-accounts-hold'],
      });
      await world.schedule.soon(['x2'], farFuture);
      expect(await takeOf(farFuture, 'x2')).toBeUndefined();
    });

    it('holds nobody for a ring whose batch was taken back, those who still waited in it included', async () => {
      const ring = { id: 'ring_half', size: 40 };
      const ids = ['half1', 'half2', 'half3', 'half4'];
      for (const id of ids) await decide(id);
      await finds('half_finder', 'ring_half');
      const at = farFuture + 20 * dayMs;
      await runRetroHold(await batchOf('ring_half'), portsOf(ids.slice(0, 3), { room: 1, at }));
      const { id: batchId } = await batchOf('ring_half');
      expect(await world.batches.countsOf(batchId)).toEqual({ held: 1, pending: 2 });
      const undone = await undoBatch({ ringId: 'ring_half', batchId, actor: 'sue' }, portsOf([], { at }));
      expect(succeeded(undone).counts).toEqual({ restored: 1, spared: 2 });
      for (const id of ids.slice(0, 3)) {
        expect((await world.log.status(id))?.clearedRules).toEqual(['payment-many-accounts-hold']);
        await world.schedule.soon([id], at);
        expect(await takeOf(at, id)).toBeUndefined();
      }
      expect(await world.schedule.apply(judged('half4', { ring, detectsRing: true, now: at }))).toBe(false);
      expect(await world.batches.get(batchId)).toMatchObject({ state: 'undone' });
      expect(await Promise.all(ids.map(stateOf))).toEqual(['admitted', 'admitted', 'admitted', 'admitted']);
    });

    it('lets one of many find a ring out, and leaves the others to its batch', async () => {
      const ring = { id: 'ring_y', size: 40 };
      const ids = Array.from({ length: 8 }, (_, i) => `y${i}`);
      for (const id of ids) await decide(id);
      const twin = open();
      const changed = await Promise.all(
        ids.map((id, i) => (i % 2 ? twin : world).schedule.apply(judged(id, { ring, detectsRing: true }))),
      );
      expect(changed.filter((isChanged) => isChanged)).toHaveLength(1);
      expect(await world.batches.countsOf((await batchOf('ring_y')).id)).toEqual({ pending: 7 });
      await runRetroHold(await batchOf('ring_y'), portsOf(ids));
      expect(new Set(await Promise.all(ids.map(caseOf))).size).toBe(1);
    });

    it('limits with a quota', async () => {
      await decide('t1');
      expect(await world.schedule.apply(judged('t1', { state: 'limited' }))).toBe(true);
      expect((await world.log.status('t1'))?.access).toMatchObject({ state: 'limited', requestsPerDay: 50 });
      expect(await caseOf('t1')).toBeNull();
    });
  });

  describe('probation', () => {
    const farFuture = noon + 1000 * dayMs;

    it('limits a new account that nothing speaks against, and says so', async () => {
      const first = await decide('u1', { probationQuota: 200 });
      expect(first).toMatchObject({
        outcome: 'allow',
        public_reason: 'usage_limited',
        access: { state: 'limited', version: 1, limits: { requests_per_day: 200 } },
      });
      expect((await world.log.byEventId('evt_u1'))?.decision).toEqual(first);
      const second = await decide('u1', { number: 'u1_2', probationQuota: 200 });
      expect(second).toMatchObject({ public_reason: 'usage_limited', access: { state: 'limited', version: 1 } });
    });

    it('never tightens an account known before, and leaves evidence its own quota', async () => {
      await decide('v1');
      const known = await decide('v1', { number: 'v1_2', probationQuota: 200 });
      expect(known).toMatchObject({ public_reason: null, access: { state: 'admitted', version: 1 } });
      await decide('v2', { probationQuota: 200 });
      const limited = await decide('v2', { number: 'v2_2', outcome: 'limit', probationQuota: 200 });
      expect(limited.access).toEqual({ state: 'limited', version: 2, limits: { requests_per_day: 50 } });
      expect((await decide('v2', { number: 'v2_3', probationQuota: 200 })).public_reason).toBeNull();
    });

    it('ends by a verification, a release, or when judged again without evidence', async () => {
      for (const id of ['w1', 'w2', 'w3']) await decide(id, { probationQuota: 200, rescoreAt: farFuture });
      const proof = { method: 'phone', result: 'passed', evidence: {}, actor: 'p', now } as const;
      await world.cases.recordVerification({ accountId: 'w1', ...proof });
      expect((await world.log.status('w1'))?.access).toMatchObject({ state: 'admitted', version: 2 });
      await world.cases.changeManually({ accountId: 'w2', to: 'admitted', reason: 'r', actor: 'bob', now });
      expect(await stateOf('w2')).toBe('admitted');
      const due = (await world.schedule.take(farFuture, 1000)).find(({ accountId }) => accountId === 'w3');
      expect(due).toMatchObject({ probation: true, state: 'limited' });
      const lifted = {
        eventId: 'evt_w3',
        decisionId: 'dec_w3',
        version: 1,
        state: 'admitted',
        requestsPerDay: 50,
      } as const;
      const rest = { score: 0, reason: '', rules: [], verify: [], ring: null, detectsRing: false, now: farFuture };
      expect(await world.schedule.apply({ accountId: 'w3', ...lifted, ...rest, cost: 0, sla })).toBe(true);
      expect((await world.log.status('w3'))?.access).toEqual({ accountId: 'w3', state: 'admitted', version: 2 });
    });
  });
}
