import { beforeAll, describe, expect, it } from '@jest/globals';
import { announceDecisions, announcing } from '../../src/cases/announce-decisions.js';
import type { CaseRecords } from '../../src/cases/case-records.js';
import { openAppeal } from '../../src/cases/open-appeal.js';
import type { IdPrefix } from '../../src/model/ids.js';
import type { Problem } from '../../src/model/problem.js';
import type { Result } from '../../src/model/result.js';
import type { AccessBatches } from '../../src/ring-decisions/access-batches.js';
import {
  confirmRing,
  type DecideRing,
  decideRing,
  findDecision,
  progressOf,
  undoRing,
} from '../../src/ring-decisions/decide-ring.js';
import { guardRingCases } from '../../src/ring-decisions/guard-ring-cases.js';
import { accountsOfRing } from '../../src/ring-decisions/ring-accounts.js';
import type { RingDecisionPorts } from '../../src/ring-decisions/ring-decision-ports.js';
import type { RingMember } from '../../src/ring-decisions/ring-members.js';
import { runRingDecision } from '../../src/ring-decisions/run-ring-decision.js';
import { tryRingDecision } from '../../src/ring-decisions/try-ring-decision.js';
import { decisionRecord, type RecordParts } from '../support/decision-record-builder.js';
import type { RingCaseWorld } from './ring-cases.js';

const noon = Date.parse('2026-05-01T12:00:00.000Z');
const now = noon + 3_600_000;
const dayMs = 86_400_000;

function succeeded<T>(result: Result<T, Problem>): T {
  if (!result.ok) throw new Error(`expected success: ${JSON.stringify(result.error)}`);
  return result.value;
}
const problemOf = (result: Result<unknown, Problem>): Partial<Problem> => (result.ok ? {} : result.error);

/** `open` gives a view of the same truth at each call: two of them are two instances of the service. */
export function ringDecisionsContract(open: () => RingCaseWorld): void {
  let world: RingCaseWorld;
  let made = 0;
  beforeAll(() => {
    world = open();
  });

  const newId = (prefix: IdPrefix): string => `${prefix}_deciding_${++made}_${Math.round(performance.now() * 1000)}`;
  const decide = async (account: string, parts: Partial<RecordParts> = {}) => {
    const outcome = await world.log.commit(decisionRecord({ number: account, account, ...parts }));
    if (outcome.kind !== 'committed') throw new Error(JSON.stringify(outcome));
    return outcome.decision;
  };
  const stateOf = async (id: string) => (await world.log.status(id))?.access.state;
  const statesOf = (ids: readonly string[]) => Promise.all(ids.map(stateOf));
  const caseOf = async (id: string) => (await world.log.status(id))?.openCaseId;
  const named = (name: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${name}${String(i).padStart(3, '0')}`);

  interface Of {
    readonly records?: CaseRecords;
    readonly batches?: AccessBatches;
    readonly at?: number;
  }
  const portsOf = (
    ring: string,
    ids: readonly string[],
    { records, batches, at = now }: Of = {},
  ): RingDecisionPorts => {
    const members: RingMember[] = ids.map((accountId, i) => ({ accountId, joinedAt: noon + i }));
    return {
      records: records ?? world.records,
      batches: batches ?? world.batches,
      members: {
        membersOf: async (_ringId, { after, limit }) => {
          const start = members.findIndex(({ accountId }) => accountId === after?.accountId) + 1;
          return members.slice(start, start + limit);
        },
      },
      ringOf: async (id) => {
        if (id !== ring) return undefined;
        const { cases } = await world.cases.list({ ring, sort: 'opened_at', limit: 50 });
        return { id, caseId: cases.filter(({ wholeRing }) => wholeRing).at(-1)?.id ?? null };
      },
      policy: () => ({
        retroHold: { maxAccountsPerHour: 10, spare: ['verified', 'paid_30d'], youngerThanMs: 30 * dayMs },
        fourEyes: { ringRelease: 5 },
        sla: { reasonMs: {} },
      }),
      clock: { now: () => at },
      eventNow: async () => at,
      newId,
    };
  };
  const order = (ringId: string, more: Partial<DecideRing> = {}): DecideRing => ({
    ringId,
    decision: 'reject',
    reason: 'one farm',
    label: null,
    exclude: [],
    actor: 'sue',
    ...more,
  });
  const held = async (ring: string, ids: readonly string[]) => {
    for (const id of ids) await decide(id, { outcome: 'hold', ring, detectsRing: true });
    return String(await caseOf(String(ids[0])));
  };

  /** Denied by a person, and appealed since: the case of the appeal. */
  const appealOf = async (accountId: string, { deniedBy }: { readonly deniedBy: string }): Promise<string> => {
    await decide(accountId);
    succeeded(await world.cases.changeManually({ accountId, to: 'denied', reason: 'r', actor: deniedBy, now }));
    const appeal = { appealId: `appeal_${accountId}`, accountId, decidedBy: deniedBy, actor: 'privacy', now, newId };
    return succeeded(await openAppeal(world.records, appeal));
  };

  describe('deciding a whole ring', () => {
    it('tells beforehand what it would do, and writes nothing', async () => {
      await held('ring_da', ['da1', 'da2', 'da3']);
      await decide('da_in');
      await decide('da_paid', { firstPaymentAt: now - 31 * dayMs });
      await decide('da_denied', { outcome: 'deny' });
      const ports = portsOf('ring_da', ['da1', 'da2', 'da3', 'da_in', 'da_paid', 'da_denied']);
      const tried = succeeded(await tryRingDecision(order('ring_da', { exclude: ['da3'] }), ports));
      expect(tried).toMatchObject({
        accounts: 6,
        counts: { changed: 3, excluded: 1, spared: 1, denied_before: 1 },
        caseId: 'case_da1',
        needsSecond: false,
      });
      expect(tried.examples).toContainEqual({ accountId: 'da_in', from: 'admitted', to: 'denied', result: 'changed' });
      expect(tried.examples).toContainEqual({ accountId: 'da3', from: 'held', to: 'held', result: 'excluded' });
      const release = succeeded(await tryRingDecision(order('ring_da', { decision: 'approve' }), ports));
      expect(release).toMatchObject({ counts: { changed: 3, already: 2, denied_before: 1 }, needsSecond: true });
      expect(await statesOf(['da1', 'da_in'])).toEqual(['held', 'admitted']);
      expect(await world.batches.ofRing('ring_da', 5)).toEqual([]);
      expect(problemOf(await tryRingDecision(order('ring_da', { exclude: ['elsewhere'] }), ports))).toMatchObject({
        code: 'invalid',
        errors: [{ pointer: '/exclude/0' }],
      });
      expect(problemOf(await tryRingDecision(order('ring_nowhere'), ports)).code).toBe('not_found');
    });

    it('denies, labels and decides its case, leaves those who are excluded waiting in cases of their own', async () => {
      await held('ring_db', ['db1', 'db2', 'db3']);
      await decide('db_own', { outcome: 'hold' });
      await decide('db_in', { outcome: 'limit', requestsPerDay: 70 });
      const ports = portsOf('ring_db', ['db1', 'db2', 'db_own', 'db_in']);
      // db3 is in the case, and the ring has let it go since.
      const done = succeeded(await decideRing(order('ring_db', { label: 'fraud', exclude: ['db2'] }), ports));
      expect(done.batch).toMatchObject({ state: 'done', order: { caseId: 'case_db1', second: null } });
      expect(done.counts).toEqual({ changed: 4, excluded: 1 });
      expect(await statesOf(['db1', 'db2', 'db3', 'db_own', 'db_in'])).toEqual([
        ...['denied', 'held', 'denied', 'denied', 'denied'],
      ]);
      const decided = await world.cases.get('case_db1');
      expect(decided?.case).toMatchObject({ state: 'decided', decision: 'reject', decidedBy: 'sue' });
      expect((await world.cases.get('case_db_own'))?.case).toMatchObject({ state: 'decided', decision: 'reject' });
      const own = await caseOf('db2');
      expect(own).not.toBe('case_db1');
      expect((await world.cases.get(String(own)))?.case).toMatchObject({ wholeRing: false, accountId: 'db2' });
      expect(await world.stuck()).not.toContain('db2');
      expect((await world.messages('db_in')).map(({ kind }) => kind)).toContain('label_recorded');
    });

    it('takes the fraud labels of those it releases back, and brings them back when it is taken back', async () => {
      await held('ring_forgiving', ['forgiving1', 'forgiving2']);
      const accountId = 'forgiving2';
      const label = { accountId, label: 'fraud', source: 'chargeback', observedAt: now - 1 } as const;
      succeeded(await world.cases.recordLabel(label, 'billing', now));
      const labelled = () =>
        world.records.change({ accountId }, ({ account, labels }) => ({
          answer: { counts: account?.label, newest: labels.at(-1)?.observedAt },
        }));
      const ports = portsOf('ring_forgiving', ['forgiving1', accountId]);
      const { batch } = succeeded(await decideRing(order('ring_forgiving', { decision: 'approve' }), ports));
      expect(await stateOf(accountId)).toBe('admitted');
      expect(await labelled()).toEqual({ counts: 'honest', newest: now });
      const command = { ringId: 'ring_forgiving', batchId: batch.id, actor: 'ann' };
      const at = now + dayMs;
      succeeded(await undoRing(command, portsOf('ring_forgiving', [], { at })));
      expect(await stateOf(accountId)).toBe('held');
      // Newer than what features have counted meanwhile.
      expect(await labelled()).toEqual({ counts: 'fraud', newest: at });
      const told = (await world.messages(accountId)).filter(({ kind }) => kind === 'label_recorded').at(-1);
      expect(told?.payload).toMatchObject({
        label: 'fraud',
        source: 'chargeback',
        observed_at: new Date(at).toISOString(),
      });
    });

    it('is taken back as one, for whoever nothing has changed since', async () => {
      const caseId = await held('ring_dc', ['dc1', 'dc2', 'dc3']);
      await decide('dc_in', { outcome: 'limit', requestsPerDay: 70 });
      const ports = portsOf('ring_dc', ['dc1', 'dc2', 'dc3', 'dc_in']);
      const { batch } = succeeded(await decideRing(order('ring_dc', { label: 'fraud' }), ports));
      const change = { reason: 'r', actor: 'bob', now: now + 1 };
      succeeded(await world.cases.changeManually({ ...change, accountId: 'dc3', to: 'admitted' }));
      const command = { ringId: 'ring_dc', batchId: batch.id, actor: 'ann' };
      const undone = succeeded(await undoRing(command, portsOf('ring_dc', [], { at: now + 2 })));
      expect(undone).toMatchObject({ batch: { state: 'undone', undoneBy: 'ann' }, counts: { restored: 3, kept: 1 } });
      expect(await statesOf(['dc1', 'dc2', 'dc3', 'dc_in'])).toEqual(['held', 'held', 'admitted', 'limited']);
      expect((await world.log.status('dc_in'))?.access).toMatchObject({ requestsPerDay: 70 });
      expect([await caseOf('dc1'), await caseOf('dc2')]).toEqual([caseId, caseId]);
      expect((await world.cases.get(caseId))?.case).toMatchObject({ state: 'open', decision: null });
      expect((await world.messages('dc1')).map(({ kind }) => kind)).not.toContain('label_recorded');
      expect(succeeded(await undoRing(command, ports)).counts).toEqual(undone.counts);
      expect(problemOf(await undoRing({ ...command, ringId: 'ring_da' }, ports)).code).toBe('not_found');
      // And may be decided again.
      expect(succeeded(await decideRing(order('ring_dc'), ports)).batch.state).toBe('done');
      expect(await stateOf('dc1')).toBe('denied');
    });

    it('is refused while somebody else works on its case, and passes over accounts that others work on', async () => {
      const caseId = await held('ring_dd', ['dd1', 'dd2']);
      await decide('dd_own', { outcome: 'hold' });
      const ports = portsOf('ring_dd', ['dd1', 'dd2', 'dd_own', 'dd_gone']);
      const claim = succeeded(await world.cases.claim(caseId, 'bob', now));
      expect(problemOf(await decideRing(order('ring_dd'), ports)).code).toBe('conflict');
      expect(succeeded(await tryRingDecision(order('ring_dd'), ports)).isCaseClaimed).toBe(true);
      succeeded(await world.cases.unclaim(caseId, claim.claimToken, 'bob', now));
      succeeded(await world.cases.claim('case_dd_own', 'bob', now));
      const done = succeeded(await decideRing(order('ring_dd'), ports));
      expect(done.counts).toEqual({ changed: 2, claimed: 1, gone: 1 });
      expect(done.failed).toEqual([
        { accountId: 'dd_gone', result: 'gone' },
        { accountId: 'dd_own', result: 'claimed' },
      ]);
      expect(await stateOf('dd_own')).toBe('held');
    });

    it('waits for a second person before it releases many', async () => {
      const ids = named('de', 7);
      const caseId = await held('ring_de', ids);
      const ports = portsOf('ring_de', ids);
      const approve = order('ring_de', { decision: 'approve' });
      const waiting = succeeded(await decideRing(approve, ports));
      expect(waiting.batch).toMatchObject({ state: 'awaiting_second', notBefore: now + dayMs });
      expect(await stateOf('de000')).toBe('held');
      expect((await world.cases.get(caseId))?.timeline.map(({ kind }) => kind)).toContain('awaiting_second');
      expect(problemOf(await decideRing(order('ring_de'), ports)).code).toBe('conflict');
      const command = { ringId: 'ring_de', batchId: waiting.batch.id };
      expect(problemOf(await confirmRing({ ...command, actor: 'sue' }, ports)).code).toBe('forbidden');
      const late = portsOf('ring_de', ids, { at: now + dayMs });
      expect(problemOf(await confirmRing({ ...command, actor: 'ann' }, late)).code).toBe('conflict');
      const done = succeeded(await confirmRing({ ...command, actor: 'ann' }, ports));
      expect(done.batch).toMatchObject({ state: 'done', order: { actor: 'sue', second: 'ann' } });
      expect(new Set(await statesOf(ids))).toEqual(new Set(['admitted']));
      expect(problemOf(await confirmRing({ ...command, actor: 'eve' }, ports)).code).toBe('conflict');
      const undone = succeeded(await undoRing({ ...command, actor: 'ann' }, portsOf('ring_de', ids)));
      expect(undone.counts).toEqual({ restored: 7 });
      expect(await caseOf('de006')).toBe(caseId);
    });

    it('lets a proposal expire, and be withdrawn', async () => {
      const ids = named('df', 7);
      await held('ring_df', ids);
      const ports = portsOf('ring_df', ids);
      const approve = order('ring_df', { decision: 'approve' });
      const first = succeeded(await decideRing(approve, ports)).batch;
      const late = portsOf('ring_df', ids, { at: now + dayMs });
      expect((await runRingDecision(first, late)).state).toBe('expired');
      const second = succeeded(await decideRing(approve, ports)).batch;
      const withdrawn = succeeded(await undoRing({ ringId: 'ring_df', batchId: second.id, actor: 'sue' }, ports));
      expect(withdrawn).toMatchObject({ batch: { state: 'undone' }, counts: {} });
      expect(new Set(await statesOf(ids))).toEqual(new Set(['held']));
      const listed = await world.batches.ofRing('ring_df', 5);
      expect(listed.map(({ state }) => state).sort()).toEqual(['expired', 'undone']);
    });

    it('goes on where somebody died, over two instances at once, and changes everybody once', async () => {
      const ids = named('dg', 450);
      await Promise.all(ids.map((id) => decide(id, { outcome: 'hold', ring: 'ring_dg', detectsRing: true })));
      const ports = portsOf('ring_dg', ids);
      const begun = succeeded(await decideRing(order('ring_dg'), ports));
      expect(begun).toMatchObject({ batch: { state: 'planned' }, counts: { changed: 200, pending: 250 } });
      // Those who wait are in the case that is being decided: nobody opens another for them.
      expect(await world.cases.openMissingCase('dg000', now)).toBe(false);
      const twin = open();
      await Promise.all([
        runRingDecision(begun.batch, ports),
        runRingDecision(begun.batch, portsOf('ring_dg', ids, { records: twin.records, batches: twin.batches })),
      ]);
      const accesses = await Promise.all(ids.map(async (id) => (await world.log.status(id))?.access));
      expect(accesses.filter((access) => access?.state !== 'denied' || access.version !== 2)).toEqual([]);
      const found = succeeded(await findDecision({ ringId: 'ring_dg', batchId: begun.batch.id }, ports));
      expect(await progressOf(found, ports)).toMatchObject({ batch: { state: 'done' }, counts: { changed: 450 } });
    });

    it('notes an account that cannot be written, and goes on with the others', async () => {
      const ids = named('dh', 6);
      await held('ring_dh', ids);
      const broken: CaseRecords = {
        ...world.records,
        changeMany: (subject, plan) =>
          subject.accountIds.includes('dh003')
            ? Promise.reject(new Error('a broken row'))
            : world.records.changeMany(subject, plan),
      };
      const done = succeeded(await decideRing(order('ring_dh'), portsOf('ring_dh', ids, { records: broken })));
      expect(done).toMatchObject({
        counts: { changed: 5, error: 1 },
        failed: [{ accountId: 'dh003', result: 'error' }],
      });
      expect(await statesOf(['dh002', 'dh003', 'dh004'])).toEqual(['denied', 'held', 'denied']);
    });

    it('waits for a second person also where the ring has shrunk, or is none any more, and its case has not', async () => {
      for (const [ring, stay] of [
        ['ring_dj', 2],
        ['ring_dk', 0],
      ] as const) {
        const ids = named(ring.slice(5), 8);
        const caseId = await held(ring, ids);
        const ports = portsOf(ring, ids.slice(0, stay));
        const approve = order(ring, { decision: 'approve', exclude: [String(ids[7])] });
        const tried = succeeded(await tryRingDecision(approve, ports));
        expect(tried).toMatchObject({ accounts: 8, counts: { changed: 7, excluded: 1 }, needsSecond: true });
        const cases = guardRingCases(world.cases, {
          batches: world.batches,
          countAccounts: async (ringId, ofCase) => (await accountsOfRing(ringId, ofCase, ports)).size,
          releaseAlone: () => 5,
        });
        const { claimToken } = succeeded(await cases.claim(caseId, 'sue', now));
        const release = { caseId, claimToken, actor: 'sue', isSenior: true, decision: 'approve', now } as const;
        expect(problemOf(await cases.decide(release))).toMatchObject({ code: 'conflict' });
        const many = { caseIds: [caseId, 'case_nowhere'], reason: 'x', actor: 'sue', isSenior: true } as const;
        const ended = await cases.decideMany({ ...many, decision: 'approve', clock: { now: () => now } });
        expect(ended.map(({ result }) => problemOf(result).code)).toEqual(['conflict', 'not_found']);
        const waiting = succeeded(await decideRing(approve, ports));
        expect(waiting).toMatchObject({ batch: { state: 'awaiting_second' }, counts: {} });
        expect(new Set(await statesOf(ids))).toEqual(new Set(['held']));
        const command = { ringId: ring, batchId: waiting.batch.id, actor: 'ann' };
        expect(succeeded(await confirmRing(command, ports)).counts).toEqual(tried.counts);
        expect(await statesOf([String(ids[0]), String(ids[7])])).toEqual(['admitted', 'held']);
      }
    });

    describe('taken back', () => {
      const both = ['email', 'phone'] as const;
      const undo = (ring: string, batchId: string, actor = 'ann') =>
        undoRing({ ringId: ring, batchId, actor }, portsOf(ring, [], { at: now + 2 })).then(succeeded);
      const pass = async (accountId: string, method: 'email' | 'phone') => {
        const result = { accountId, method, result: 'passed', evidence: {}, actor: 'provider', now: now + 3 } as const;
        return succeeded(await world.cases.recordVerification(result)).access?.state;
      };

      it.each(['reject', 'approve'] as const)(
        'a decision to %s gives each account its own case back, with all that it asks for',
        async (decision) => {
          const ring = `ring_dl_${decision}`;
          const ids = named(`dl_${decision}`, 4);
          for (const id of ids) await decide(id, { outcome: 'hold', verify: both });
          const { batch } = succeeded(await decideRing(order(ring, { decision, label: 'fraud' }), portsOf(ring, ids)));
          expect(batch.state).toBe('done');
          expect((await undo(ring, batch.id)).counts).toEqual({ restored: 4 });
          const first = String(ids[0]);
          expect((await world.cases.get(`case_${first}`))?.case).toMatchObject({
            ...{ state: 'open', decision: null, decidedBy: null, wholeRing: false, asksFor: both },
            ...{ score: 87.5, reason: 'payment.reused', decisionId: `dec_${first}` },
          });
          const { cases } = await world.cases.list({ ring, sort: 'opened_at', limit: 5 });
          expect(cases).toEqual([]);
          expect(await pass(first, 'email')).toBe('held');
          expect(await pass(first, 'phone')).toBe('admitted');
        },
      );

      it('leaves to people whom a person had held', async () => {
        await decide('dm_in');
        const change = { accountId: 'dm_in', reason: 'odd', actor: 'bob', now } as const;
        succeeded(await world.cases.changeManually({ ...change, to: 'held' }));
        const { batch } = succeeded(await decideRing(order('ring_dm'), portsOf('ring_dm', ['dm_in'])));
        expect(await stateOf('dm_in')).toBe('denied');
        await undo('ring_dm', batch.id);
        expect((await world.cases.get(String(await caseOf('dm_in'))))?.case).toMatchObject({
          ...{ reason: 'manual.hold', asksFor: [] },
        });
        expect(await pass('dm_in', 'email')).toBe('held');
      });

      it('opens an appeal again, which is closed to whom it was closed to', async () => {
        const caseId = await appealOf('dn1', { deniedBy: 'eve' });
        const { batch, counts } = succeeded(await decideRing(order('ring_dn'), portsOf('ring_dn', ['dn1'])));
        expect(counts).toEqual({ changed: 1 });
        await undo('ring_dn', batch.id, 'sue');
        expect(await caseOf('dn1')).toBe(caseId);
        const { cases } = await world.cases.list({ view: 'appeals', q: 'dn1', sort: 'opened_at', limit: 5 });
        expect(cases).toMatchObject([{ id: caseId, state: 'open', appealedAt: now, decidedBy: null }]);
        expect(problemOf(await world.cases.claim(caseId, 'eve', now + 3, { isSenior: true })).code).toBe('forbidden');
        const change = { accountId: 'dn1', to: 'denied', reason: 'r', actor: 'eve', now: now + 3 } as const;
        expect(problemOf(await world.cases.changeManually(change)).code).toBe('forbidden');
        for (const method of both) expect(await pass('dn1', method)).toBe('held');
      });

      it('is kept for an appeal where whoever takes it back may not decide the appeal', async () => {
        await appealOf('do1', { deniedBy: 'eve' });
        await decide('do2', { outcome: 'hold' });
        const approved = order('ring_do', { decision: 'approve' });
        const { batch } = succeeded(await decideRing(approved, portsOf('ring_do', ['do1', 'do2'])));
        expect((await undo('ring_do', batch.id, 'eve')).counts).toEqual({ restored: 1, kept: 1 });
        expect(await statesOf(['do1', 'do2'])).toEqual(['admitted', 'held']);
      });

      it('asks for as much as before where the ring has got another case since', async () => {
        for (const id of ['dp1', 'dp2'])
          await decide(id, { outcome: 'hold', ring: 'ring_dp', detectsRing: true, verify: both });
        const { batch } = succeeded(await decideRing(order('ring_dp'), portsOf('ring_dp', ['dp1', 'dp2'])));
        await decide('dp3', { outcome: 'hold', ring: 'ring_dp', detectsRing: true, verify: ['email'] });
        expect((await undo('ring_dp', batch.id)).counts).toEqual({ restored: 2 });
        const own = await Promise.all(['dp1', 'dp2'].map(async (id) => world.cases.get(String(await caseOf(id)))));
        expect(own).toMatchObject(['dp1', 'dp2'].map((accountId) => ({ case: { accountId, asksFor: both } })));
        expect(await pass('dp1', 'email')).toBe('held');
        expect(await stateOf('dp3')).toBe('held');
      });
    });

    it('passes over those whom one of its makers had denied, and who appealed', async () => {
      const caseId = await appealOf('dq1', { deniedBy: 'sue' });
      await decide('dq2', { outcome: 'hold' });
      const ports = portsOf('ring_dq', ['dq1', 'dq2']);
      expect(succeeded(await tryRingDecision(order('ring_dq'), ports)).counts).toEqual({ changed: 1, barred: 1 });
      const done = succeeded(await decideRing(order('ring_dq'), ports));
      expect(done.failed).toEqual([{ accountId: 'dq1', result: 'barred' }]);
      expect(await statesOf(['dq1', 'dq2'])).toEqual(['held', 'denied']);
      expect((await world.cases.get(caseId))?.case).toMatchObject({ state: 'open', appealedAt: now });
      // Nor by confirming what another proposed.
      const ids = named('dq_more', 6);
      for (const id of ids) await decide(id, { outcome: 'hold' });
      const approve = order('ring_dr', { decision: 'approve', actor: 'ann' });
      const many = portsOf('ring_dr', ['dq1', ...ids]);
      const { batch } = succeeded(await decideRing(approve, many));
      const confirmed = await confirmRing({ ringId: 'ring_dr', batchId: batch.id, actor: 'sue' }, many);
      expect(succeeded(confirmed).counts).toEqual({ changed: 6, barred: 1 });
      expect(await stateOf('dq1')).toBe('held');
    });

    it('does not stop the approval of an appeal that waits for its end, where its maker had denied the account', async () => {
      const caseId = await appealOf('ds1', { deniedBy: 'sue' });
      const { claimToken } = succeeded(await world.cases.claim(caseId, 'ann', now));
      const approval = { caseId, claimToken, actor: 'ann', decision: 'approve', now } as const;
      succeeded(await world.cases.decide(approval));
      const done = succeeded(await decideRing(order('ring_ds'), portsOf('ring_ds', ['ds1'])));
      expect(done.counts).toEqual({ barred: 1 });
      expect(await stateOf('ds1')).toBe('held');
    });

    it('names the ring, and the case that it closed, when it tells of a changed access', async () => {
      await decide('dt_own', { outcome: 'hold' });
      await decide('dt_in');
      const { batch } = succeeded(await decideRing(order('ring_dt'), portsOf('ring_dt', ['dt_own', 'dt_in'])));
      const told = async (id: string) =>
        (await world.messages(id)).filter(({ kind }) => kind === 'access_changed').at(-1)?.payload;
      expect(await told('dt_own')).toMatchObject({ to: 'denied', ring_id: 'ring_dt', case_id: 'case_dt_own' });
      expect(await told('dt_in')).toMatchObject({ to: 'denied', ring_id: 'ring_dt', case_id: null });
      await undoRing({ ringId: 'ring_dt', batchId: batch.id, actor: 'ann' }, portsOf('ring_dt', []));
      expect(await told('dt_own')).toMatchObject({ to: 'held', ring_id: 'ring_dt', case_id: 'case_dt_own' });
    });

    it('cannot be gone around by the case of the ring', async () => {
      const ids = named('di', 7);
      const caseId = await held('ring_di', ids);
      const cases = guardRingCases(
        announceDecisions(
          world.cases,
          announcing(async () => undefined),
        ),
        { batches: world.batches, countAccounts: async () => 7, releaseAlone: () => 5 },
      );
      const { claimToken } = succeeded(await cases.claim(caseId, 'ann', now));
      const release = await cases.decide({
        caseId,
        claimToken,
        actor: 'ann',
        isSenior: true,
        decision: 'approve',
        now,
      });
      expect(problemOf(release)).toMatchObject({ code: 'conflict', detail: expect.stringContaining('takes two') });
      const ports = portsOf('ring_di', ids);
      succeeded(await decideRing(order('ring_di', { actor: 'ann' }), ports));
      expect(problemOf(await cases.undo(caseId, 'ann', now + 1)).code).toBe('conflict');
      expect(await stateOf('di000')).toBe('denied');
    });
  });
}
