import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createEventSealer } from '../../src/adapters/crypto/event-sealer.js';
import { SqlAppealRows } from '../../src/adapters/postgres/appeal-rows.js';
import { postgresCaseRecords } from '../../src/adapters/postgres/case-records.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { SqlEmailCodes } from '../../src/adapters/postgres/email-codes.js';
import { SqlEvidenceHistory } from '../../src/adapters/postgres/evidence-history.js';
import { sharedEvidence } from '../../src/adapters/postgres/shared-evidence.js';
import { SqlVerificationHistory } from '../../src/adapters/postgres/verification-history.js';
import { createVerificationNeeds } from '../../src/adapters/postgres/verification-needs.js';
import { appealEveryMs, createAppeals, type ListedAppeal, openLeftAppeals } from '../../src/cases/appeal.js';
import { undoWindowMs } from '../../src/cases/transition-case.js';
import { newId } from '../../src/model/ids.js';
import { toIso } from '../../src/model/time.js';
import {
  addressLimits,
  codeMs,
  createEmailCodeCheck,
  type EmailCodeCheck,
  sendLimits,
  triesPerCode,
} from '../../src/verification/email-code.js';
import { expireVerifications } from '../../src/verification/expire-verifications.js';
import { recordAnswer } from '../../src/verification/provider-answers.js';
import { createVerificationDesk } from '../../src/verification/verification-desk.js';
import { keepVerifications } from '../../src/workers/verification-upkeep.js';
import { allOfCases } from '../support/all-of-cases.js';
import { usePglite, usePostgres } from '../support/test-databases.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const start = Date.parse('2026-11-21T12:00:00Z');
const random = (count: number) => randomBytes(count);
let made = 0;

const addAccount = async (database: Database, state = 'held'): Promise<string> => {
  const id = `acct_${++made}`;
  await database.query(
    `insert into accounts (account_id, state, version, cause, first_seen_at, changed_at) values ($1, $2, 1, 'decision', $3, $3)`,
    [id, state, toIso(start)],
  );
  return id;
};

const partsOf = (database: Database) => ({
  rows: new SqlAppealRows(database),
  records: postgresCaseRecords(database),
  sealer: createEventSealer('a pepper of sixteen'),
  newId: (prefix: Parameters<typeof newId>[0], now: number) => newId(prefix, now, random),
});

const databases = [
  ['PGlite', usePglite],
  ['PostgreSQL', () => usePostgres(200)],
] as const;

describe.each(databases)('verification on %s', (_name, use) => {
  const database = use();
  const store = () =>
    allOfCases(postgresCaseRecords(database()), {
      claimSecret: 'x',
      random,
      sharedBy: sharedEvidence(database(), () => 2),
    });

  it('hands out five tries of a code, whoever tries at once, and uses it once', async () => {
    const codes = new SqlEmailCodes(database());
    const code = { accountId: 'a', address: 'x1', hash: 'h1', sentAt: start, expiresAt: start + codeMs };
    expect(await codes.put(code)).toBe(true);
    expect(await codes.takeTry('a', start + codeMs)).toBeUndefined();
    const tries = await Promise.all(Array.from({ length: 12 }, () => codes.takeTry('a', start + 1)));
    const left = tries.flatMap((one) => (one === undefined ? [] : [one.triesLeft]));
    expect(left.sort()).toEqual([0, 1, 2, 3, 4]);
    expect(left).toHaveLength(triesPerCode);
    expect(await Promise.all([codes.use('a', 'h1'), codes.use('a', 'h1')])).toEqual(
      expect.arrayContaining([true, false]),
    );
    expect(await codes.use('a', 'h0')).toBe(false);
  });

  it('sends three codes an hour and ten a day, and forgets what could not be sent', async () => {
    const codes = new SqlEmailCodes(database());
    const put = (at: number) =>
      codes.put({ accountId: 'b', address: 'x2', hash: 'h', sentAt: at, expiresAt: at + codeMs });
    for (let n = 0; n < sendLimits.perHour; n++) expect(await put(start + n)).toBe(true);
    expect(await put(start + 10)).toBe(false);
    await codes.withdraw({ accountId: 'b', hash: 'h', sentAt: start + 2 });
    expect(await codes.takeTry('b', start + 11)).toBeUndefined();
    expect(await put(start + 11)).toBe(true);
    let sent = sendLimits.perHour;
    for (let at = start + 2 * hourMs; at < start + dayMs; at += hourMs / 2) if (await put(at)) sent++;
    expect(sent).toBe(sendLimits.perDay);
    expect(await put(start + 2 * dayMs)).toBe(true);
  });

  it('keeps the newer code where the mail of an older one fails late, and counts what was sent', async () => {
    const codes = new SqlEmailCodes(database());
    const code = (hash: string, sentAt: number) => ({
      accountId: 'late',
      address: 'x6',
      hash,
      sentAt,
      expiresAt: sentAt + codeMs,
    });
    const [older, newer] = [code('older', start), code('newer', start + 5000)];
    for (const one of [older, newer]) expect(await codes.put(one)).toBe(true);
    await codes.withdraw(older);
    expect(await codes.takeTry('late', start + 8000)).toMatchObject({ hash: 'newer' });
    const rows = await database().query<{ sent_at: Date[] }>(
      "select sent_at from email_codes where account_id = 'late'",
    );
    expect(rows).toEqual([{ sent_at: [new Date(newer.sentAt)] }]);
  });

  it('gives no new tries with a new code, and floods no mailbox in the name of many accounts', async () => {
    const codes = new SqlEmailCodes(database());
    const put = (accountId: string, at: number, address = 'x3') =>
      codes.put({ accountId, address, hash: `h${at}`, sentAt: at, expiresAt: at + codeMs });
    for (const [sent, left] of [
      [start, 4],
      [start + 1, 3],
      [start + 2 * hourMs, 2],
    ] as const) {
      expect(await put('guesser', sent)).toBe(true);
      expect((await codes.takeTry('guesser', sent + 1))?.triesLeft).toBe(left);
    }
    // Used up: that counted as a failure, and the next code has its tries.
    for (const _left of [1, 0]) await codes.takeTry('guesser', start + 2 * hourMs + 2);
    expect(await codes.takeTry('guesser', start + 2 * hourMs + 2)).toBeUndefined();
    expect(await put('guesser', start + 2 * hourMs + 3)).toBe(true);
    expect((await codes.takeTry('guesser', start + 2 * hourMs + 4))?.triesLeft).toBe(4);
    const many = Array.from({ length: 12 }, (_, n) => `name_${n}`);
    const at = start + 3 * dayMs;
    const sent = await Promise.all(many.map((name) => put(name, at, 'x4')));
    expect(sent.filter(Boolean)).toHaveLength(addressLimits.perHour);
    expect(await put('name_12', at, 'x5')).toBe(true);
    let daily = addressLimits.perHour;
    for (let n = 1; n < 40; n++) if (await put(`later_${n}`, at + (n * hourMs) / 2, 'x4')) daily++;
    expect(daily).toBe(addressLimits.perDay);
    const known = await database().query("select address from email_code_addresses where address in ('x3', 'x4')");
    expect(known).toEqual([{ address: 'x4' }]);
  });

  it('opens one case for appeals made at once, barred to who denied the account', async () => {
    const parts = partsOf(database());
    const appeals = createAppeals(parts);
    const id = await addAccount(database());
    await store().changeManually({ accountId: id, to: 'denied', reason: 'x', actor: 'key_one', now: start });
    const make = (now: number) => appeals.make({ accountId: id, message: 'Please <look>', actor: 'account', now });
    const results = await Promise.all([make(start + 1), make(start + 1), make(start + 1)]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const [appeal] = results.flatMap((one) => (one.ok ? [one.value] : []));
    expect(await appeals.get(appeal?.id ?? '')).toMatchObject({ message: 'Please <look>', caseId: appeal?.caseId });
    const [raw] = await database().query<{ sealed: string }>('select sealed from appeals where id = $1', [appeal?.id]);
    expect(raw?.sealed).not.toContain('Please');
    const claim = (actor: string) => store().claim(appeal?.caseId ?? '', actor, start + 2);
    expect(await claim('key_one')).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await store().claimNext('key_one', start + 2)).toBeUndefined();
    expect(await claim('key_two')).toMatchObject({ ok: true });
    // No verification lifts what a person denied, so that none is asked for.
    expect((await store().get(appeal?.caseId ?? ''))?.case).toMatchObject({ reason: 'manual.appeal', asksFor: [] });
    const given = {
      accountId: id,
      method: 'email' as const,
      result: 'passed' as const,
      evidence: {},
      actor: 'x',
      now: start + 3,
    };
    expect(await store().recordVerification(given)).toMatchObject({ ok: true, value: { access: { state: 'held' } } });
    expect(await make(start + appealEveryMs)).toMatchObject({ ok: false });
    expect(await make(start + appealEveryMs + 2)).toMatchObject({ ok: true });
    await database().query('delete from envelope_salts where account_id = $1', [id]);
    expect((await appeals.get(appeal?.id ?? ''))?.message).toBeUndefined();
  });

  it('is approved by another person, and whoever denied the account neither undoes nor stops that', async () => {
    const appeals = createAppeals(partsOf(database()));
    const id = await addAccount(database(), 'admitted');
    const change = (to: 'held' | 'admitted' | 'denied', actor: string, now: number) =>
      store().changeManually({ accountId: id, to, reason: 'x', actor, now });
    await change('denied', 'key_one', start);
    const made = await appeals.make({ accountId: id, message: 'It was me', actor: 'account', now: start + 1 });
    const caseId = String(made.ok && made.value.caseId);
    const claim = await store().claim(caseId, 'key_two', start + 2);
    const claimToken = claim.ok ? claim.value.claimToken : '';
    const approval = { caseId, claimToken, decision: 'approve', actor: 'key_two', now: start + 3 } as const;
    expect(await store().decide(approval)).toMatchObject({ ok: true });
    const forbidden = { ok: false, error: { code: 'forbidden' } };
    expect(await store().undo(caseId, 'key_one', start + 4, { isSenior: true })).toMatchObject(forbidden);
    for (const to of ['held', 'denied', 'admitted'] as const)
      expect(await change(to, 'key_one', start + 5)).toMatchObject(forbidden);
    await store().applyDueApprovals(start + 3 + undoWindowMs);
    const [row] = await database().query('select state from accounts where account_id = $1', [id]);
    expect(row).toEqual({ state: 'admitted' });
  });

  it('is for another person than who held the account too, whichever call they use, and is listed with what came of it', async () => {
    const parts = partsOf(database());
    const appeals = createAppeals(parts);
    const id = await addAccount(database(), 'admitted');
    const change = (to: 'held' | 'admitted' | 'denied', actor: string, now: number) =>
      store().changeManually({ accountId: id, to, reason: 'x', actor, now });
    await change('held', 'key_one', start);
    const [own] = (await store().list({ accountId: id, sort: 'priority', limit: 1 })).cases;
    const claim = await store().claim(own?.id ?? '', 'key_one', start);
    const made = await appeals.make({ accountId: id, message: 'It was me', actor: 'account', now: start + 1 });
    expect(made).toMatchObject({ ok: true, value: { caseId: own?.id } });
    // The claim was there before the appeal: it decides nothing any more, and nor does anything else of theirs.
    const claimToken = claim.ok ? claim.value.claimToken : '';
    const decision = {
      caseId: own?.id ?? '',
      claimToken,
      decision: 'reject',
      actor: 'key_one',
      now: start + 2,
    } as const;
    expect(await store().decide(decision)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await change('denied', 'key_one', start + 2)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    const view = { view: 'appeals', sort: 'priority', limit: 50 } as const;
    const seen = (await store().list(view)).cases.find((one) => one.accountId === id);
    expect(seen).toMatchObject({ appealedAt: start + 1, reason: 'manual.hold' });
    const listed = async (filter: object) => (await appeals.list({ accountId: id, limit: 10, ...filter })).map(trim);
    const trim = ({ message, status, barredActor, decidedBy }: ListedAppeal) => [
      message,
      status,
      barredActor,
      decidedBy,
    ];
    expect(await listed({})).toEqual([['It was me', 'open', 'key_one', null]]);
    expect(await listed({ status: 'rejected' })).toEqual([]);
    expect(await change('denied', 'key_two', start + 3)).toMatchObject({ ok: true });
    expect(await listed({ status: 'rejected', caseId: own?.id })).toEqual([
      ['It was me', 'rejected', 'key_one', 'key_two'],
    ]);
    const later = start + appealEveryMs + 2;
    expect(await appeals.make({ accountId: id, message: 'Again', actor: 'privacy key', now: later })).toMatchObject({
      ok: true,
    });
    const [newest] = await appeals.list({ accountId: id, limit: 1 });
    expect(newest).toMatchObject({ message: 'Again', status: 'open', barredActor: 'key_two' });
    expect(await listed({ before: newest?.id })).toHaveLength(1);
    expect(await change('admitted', 'key_one', later + 1)).toMatchObject({ ok: true });
    expect(await listed({ status: 'approved' })).toEqual([['Again', 'approved', 'key_two', 'key_one']]);
  });

  it('opens the case of an appeal whose maker died, and refuses one of an admitted account', async () => {
    const parts = partsOf(database());
    const [id, admitted] = [await addAccount(database(), 'denied'), await addAccount(database(), 'admitted')];
    const salt = parts.sealer.newSalt();
    const row = { id: parts.newId('appeal', start), accountId: id, caseId: null, appealedAt: start, sealed: 's', salt };
    expect(await parts.rows.add({ ...row, since: 0 })).toBe('added');
    expect(await openLeftAppeals(parts, start + 30_000)).toBe(0);
    expect(await openLeftAppeals(parts, start + 61_000)).toBe(1);
    expect((await parts.rows.get(row.id))?.caseId).toMatch(/^case_/);
    const refused = await createAppeals(parts).make({ accountId: admitted, message: 'x', actor: 'x', now: start });
    expect(refused).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect(await parts.rows.latest(admitted)).toBeUndefined();
  });

  it('gives a case back to people once the asked stay silent for too long', async () => {
    const parts = partsOf(database());
    const id = await addAccount(database(), 'admitted');
    const cases = store();
    await cases.changeManually({ accountId: id, to: 'held', reason: 'x', actor: 'k', now: start });
    const [opened] = (await cases.list({ accountId: id, sort: 'priority', limit: 1 })).cases;
    const claim = await cases.claim(opened?.id ?? '', 'k', start);
    if (!claim.ok) throw new Error('not claimed');
    const { claimToken } = claim.value;
    await cases.decide({
      caseId: opened?.id ?? '',
      claimToken,
      actor: 'k',
      decision: 'request_verification',
      now: start,
    });
    const history = new SqlVerificationHistory(database());
    let told = 0;
    const keep = (now: number) =>
      keepVerifications({
        ...parts,
        silentSince: (before, limit) => history.silentSince(before, limit),
        expireAfterMs: () => 72 * hourMs,
        clock: { now: () => now },
        onChanged: () => told++,
        onError: () => undefined,
      });
    await keep(start + 72 * hourMs);
    expect((await history.of(id))[0]).toMatchObject({ state: 'requested' });
    await keep(start + 72 * hourMs + 1);
    await keep(start + 72 * hourMs + 2);
    expect((await history.of(id))[0]).toMatchObject({ state: 'expired', method: 'email' });
    const found = await cases.get(opened?.id ?? '');
    expect(found?.case.priority).toBe(opened?.priority);
    expect(found?.timeline.at(-1)).toMatchObject({ kind: 'verification_expired', detail: { methods: ['email'] } });
    expect(told).toBe(1);
  });

  it('counts the accounts that one phone has verified', async () => {
    const verify = async () => {
      const accountId = await addAccount(database());
      const evidence = { phone: 'k1.samephone', email: 'k1.samemail' };
      const given = {
        accountId,
        method: 'phone' as const,
        result: 'passed' as const,
        evidence,
        actor: 'x',
        now: start,
      };
      await store().recordVerification(given);
      return (await new SqlVerificationHistory(database()).of(accountId))[0]?.state;
    };
    expect([await verify(), await verify(), await verify()]).toEqual(['passed', 'passed', 'failed']);
  });

  it('knows a proof that counts as failed, because others had shown the same, when it is told again', async () => {
    const evidence = { phone: 'k1.crowded' };
    const given = { method: 'phone', result: 'passed', evidence, actor: 'x', now: start } as const;
    for (const _earlier of [1, 2])
      await store().recordVerification({ ...given, accountId: await addAccount(database()) });
    const last = { ...given, accountId: await addAccount(database()), requestId: 'req_crowded' };
    const first = await store().recordVerification(last);
    expect(first).toMatchObject({ ok: true, value: { access: { state: 'held' } } });
    expect(await store().recordVerification(last)).toEqual(first);
    expect(await store().recordVerification({ ...last, result: 'failed' })).toMatchObject({
      error: { code: 'idempotency_mismatch' },
    });
  });

  it('takes the first answer of a provider, says so to whoever repeats it, and refuses another', async () => {
    const id = await addAccount(database(), 'admitted');
    const cases = store();
    await cases.changeManually({ accountId: id, to: 'held', reason: 'x', actor: 'k', now: start });
    const [opened] = (await cases.list({ accountId: id, sort: 'priority', limit: 1 })).cases;
    const caseId = opened?.id ?? '';
    const claim = await cases.claim(caseId, 'k', start);
    const claimToken = claim.ok ? claim.value.claimToken : '';
    await cases.decide({ caseId, claimToken, actor: 'k', decision: 'request_verification', now: start });
    const history = new SqlVerificationHistory(database());
    const ports = { needs: createVerificationNeeds(database()), history, recordVerification: cases.recordVerification };
    const requestId = (await history.of(id))[0]?.id ?? '';
    const given = { requestId, result: 'failed', evidence: { email: 'k1.m' }, now: start + 1 } as const;
    const passed = { ...given, result: 'passed' } as const;
    const mismatch = { ok: false, error: { code: 'idempotency_mismatch' } };
    const both = await Promise.all([recordAnswer(ports, given), recordAnswer(ports, given)]);
    expect(both).toContainEqual({ ok: true, value: true });
    expect(await recordAnswer(ports, given)).toEqual({ ok: true, value: false });
    expect(await recordAnswer(ports, passed)).toMatchObject(mismatch);
    // The other one came in between the two looks.
    const asked = [{ requestId, accountId: id, caseId, method: 'email' as const }];
    const late = { ...ports, needs: { outstanding: async () => asked, askedInRing: async () => [] } };
    expect(await recordAnswer(late, passed)).toMatchObject(mismatch);
    expect(await recordAnswer(ports, { ...given, requestId: `${caseId}_99_phone` })).toEqual({
      ok: true,
      value: false,
    });
    expect(await history.byId(requestId)).toMatchObject({ state: 'failed', evidence: { email: 'k1.m' } });
  });

  /** A held account whose case a person has asked the method `email` of. */
  const asked = async () => {
    const id = await addAccount(database(), 'admitted');
    await store().changeManually({ accountId: id, to: 'held', reason: 'x', actor: 'k', now: start });
    const [opened] = (await store().list({ accountId: id, sort: 'priority', limit: 1 })).cases;
    const caseId = opened?.id ?? '';
    const claim = await store().claim(caseId, 'k', start);
    const claimToken = claim.ok ? claim.value.claimToken : '';
    const decision = { caseId, claimToken, decision: 'request_verification', actor: 'k', now: start } as const;
    await store().decide(decision);
    return { id, caseId };
  };

  const deskOf = (email?: EmailCodeCheck) =>
    createVerificationDesk({
      log: new SqlDecisionLog(database(), { deadlineMs: 20_000 }),
      cases: store(),
      recordVerification: store().recordVerification,
      history: new SqlVerificationHistory(database()),
      needs: createVerificationNeeds(database()),
      appeals: { latest: async () => undefined },
      email,
      emailOf: async () => 'a@mail.example',
      hashEmail: () => 'k1.mail',
      attempts: () => 3,
    });

  it('offers the next try under an id of its own once one failed, no link that is dead, and an end', async () => {
    const { id, caseId } = await asked();
    const history = new SqlVerificationHistory(database());
    const needs = createVerificationNeeds(database());
    const ports = { needs, history, recordVerification: store().recordVerification };
    let now = start;
    const shown = async () => (await deskOf().view(id, ++now))?.methods[0];
    const open = async () => {
      const [request] = await needs.askedOf(caseId, id);
      if (request === undefined) throw new Error('nothing is asked');
      return request;
    };
    const fails = async (requestId: string) =>
      expect(await recordAnswer(ports, { requestId, result: 'failed', evidence: {}, now: ++now })).toEqual({
        ok: true,
        value: true,
      });
    const first = await open();
    expect(await shown()).toEqual({ method: 'email', state: 'waiting' });
    await history.savePending(first, 'https://checks.example/1', ++now);
    // A later `pending` without a link takes none away.
    await history.savePending(first, undefined, ++now);
    expect(await shown()).toEqual({ method: 'email', state: 'there', url: 'https://checks.example/1' });
    await fails(first.requestId);
    expect(await shown()).toEqual({ method: 'email', state: 'again' });
    const second = await open();
    expect(second.requestId).toBe(`${first.requestId}.2`);
    await history.savePending(second, 'https://checks.example/2', ++now);
    expect(await shown()).toMatchObject({ state: 'there', url: 'https://checks.example/2' });
    await fails(second.requestId);
    const third = await open();
    await history.savePending(third, undefined, ++now);
    expect(await shown()).toEqual({ method: 'email', state: 'waiting' });
    await fails(third.requestId);
    expect(await shown()).toEqual({ method: 'email', state: 'spent' });
  });

  describe('in a case that went into that of its ring', () => {
    const addCase = (values: { id: string; accountId: string; wholeRing: boolean }) =>
      database().query(
        `insert into cases (id, account_id, ring_id, whole_ring, state, priority, score, reason, verify, opened_at, due_at)
         values ($1, $2, 'ring_' || $1, $3, 'open', 60, 60, 'ring.large', '{document,phone}', $4, $4)`,
        [values.id, values.accountId, values.wholeRing, toIso(start)],
      );

    /** Asked for a document and a phone in its own case, with a link for the document; then its ring is found out. */
    const merged = async () => {
      const accountId = await addAccount(database());
      const [own, ring] = [newId('case', start, random), newId('case', start, random)];
      await addCase({ id: own, accountId, wholeRing: false });
      const needs = createVerificationNeeds(database());
      const history = new SqlVerificationHistory(database());
      const first = await needs.outstanding({ caseId: own, version: 1 });
      const shown = first.find(({ method }) => method === 'document');
      if (shown === undefined) throw new Error('nothing is asked');
      await history.savePending(shown, 'https://checks.example/1', start);
      await database().query(`update cases set state = 'decided', decided_at = $2, applied_at = $2 where id = $1`, [
        own,
        toIso(start + 1),
      ]);
      await addCase({ id: ring, accountId: await addAccount(database()), wholeRing: true });
      await database().query('insert into case_accounts (case_id, account_id, joined_at) values ($1, $2, $3)', [
        ring,
        accountId,
        toIso(start + 1),
      ]);
      const ports = { needs, history, recordVerification: store().recordVerification };
      const answers = (result: 'passed' | 'failed', requestId = shown.requestId, now = start + 2) =>
        recordAnswer(ports, { requestId, result, evidence: {}, now });
      const askedNow = async () => {
        const inJob = await needs.outstanding({ caseId: ring, version: 1 });
        expect(await needs.askedOf(ring, accountId)).toEqual(inJob);
        return inJob.map(({ requestId }) => requestId);
      };
      return { accountId, own, ring, requestId: shown.requestId, answers, askedNow };
    };

    it('goes on under its id, with its link, and its answer counts where the account waits', async () => {
      const { accountId, own, ring, requestId, answers, askedNow } = await merged();
      expect(await askedNow()).toEqual([requestId, `${ring}_1_phone_${accountId}`]);
      const view = await deskOf().view(accountId, start + 2);
      expect(view?.methods).toContainEqual({ method: 'document', state: 'there', url: 'https://checks.example/1' });
      expect(await answers('passed', `${own}_1_phone`)).toEqual({ ok: true, value: false });
      expect(await answers('passed')).toEqual({ ok: true, value: true });
      expect(await answers('passed')).toEqual({ ok: true, value: false });
      expect(await answers('failed')).toMatchObject({ error: { code: 'idempotency_mismatch' } });
      const [phone = '', ...others] = await askedNow();
      expect([phone, others]).toEqual([`${ring}_1_phone_${accountId}`, []]);
      expect(await answers('passed', phone, start + 3)).toEqual({ ok: true, value: true });
      const log = new SqlDecisionLog(database(), { deadlineMs: 20_000 });
      expect(await log.status(accountId)).toMatchObject({ access: { state: 'admitted' }, openCaseId: null });
    });

    it('is followed by the next try in the case of the ring where it failed', async () => {
      const { accountId, ring, answers, askedNow } = await merged();
      expect(await answers('failed')).toEqual({ ok: true, value: true });
      expect(await askedNow()).toEqual([`${ring}_1_document_${accountId}`, `${ring}_1_phone_${accountId}`]);
    });

    it('is nothing that anybody asks any more once the ring is decided', async () => {
      const { ring, answers } = await merged();
      await database().query(`update cases set state = 'decided', decision = 'reject' where id = $1`, [ring]);
      expect(await answers('passed')).toEqual({ ok: true, value: false });
    });
  });

  it('lets a person look at what a provider failed at once, or nobody answered', async () => {
    const [failed, silent] = [await asked(), await asked()];
    const needs = createVerificationNeeds(database());
    const history = new SqlVerificationHistory(database());
    const [request] = await needs.askedOf(failed.caseId, failed.id);
    const answer = { requestId: request?.requestId ?? '', result: 'failed', evidence: {}, now: start + 1 } as const;
    await recordAnswer({ needs, history, recordVerification: store().recordVerification }, answer);
    for (const pending of await needs.askedOf(silent.caseId, silent.id))
      await history.savePending(pending, 'https://checks.example', start);
    await expireVerifications(partsOf(database()), { accountId: silent.id, before: start + 1, now: start + 2 });
    for (const { id, caseId } of [failed, silent]) {
      expect((await deskOf().view(id, start + 3))?.methods).toEqual([{ method: 'email', state: 'spent' }]);
      expect(await needs.askedOf(caseId, id)).toEqual([]);
    }
  });

  it('tells a right code as right to each click that sends it, and counts it once', async () => {
    const { id } = await asked();
    const desk = deskOf(
      createEmailCodeCheck({
        codes: new SqlEmailCodes(database()),
        mailer: { send: async () => undefined },
        secret: 's',
        random: () => Uint8Array.from([0, 1, 226, 64]),
        message: (code) => ({ subject: code, text: code }),
      }),
    );
    expect(await desk.sendCode(id, start)).toBe('sent');
    const clicks = await Promise.all([1, 2, 3].map((n) => desk.enterCode(id, '123456', start + n)));
    expect(clicks).toEqual(['right', 'right', 'right']);
    expect(await desk.enterCode(id, '123456', start + 5000)).toBe('right');
    expect(await desk.enterCode(id, '654321', start + 5000)).toBe('not_asked');
    expect(await desk.enterCode(id, '123456', start + codeMs)).toBe('not_asked');
    expect((await new SqlVerificationHistory(database()).of(id)).map(({ state }) => state)).toEqual(['passed']);
  });

  it('takes the answer that is recorded last for the latest, whatever the clock of its teller says', async () => {
    for (const clock of [start + 10, start + 9]) {
      const { id } = await asked();
      const tell = (result: 'passed' | 'failed', now: number) =>
        store().recordVerification({ accountId: id, method: 'email', result, evidence: {}, actor: 'x', now });
      await tell('failed', start + 10);
      expect(await tell('passed', clock)).toMatchObject({ value: { access: { state: 'admitted' } } });
      const [found] = (await store().list({ accountId: id, sort: 'priority', limit: 1 })).cases;
      const timeline = (await store().get(found?.id ?? ''))?.timeline.map(({ kind }) => kind);
      expect(timeline?.slice(-2)).toEqual(['verification_failed', 'decided']);
    }
  });

  it('knows what was shown, refused proofs included, and lets nobody spoil a number by failing with it', async () => {
    const history = new SqlEvidenceHistory(database());
    const show = async (phone: string, result: 'passed' | 'failed') => {
      const accountId = await addAccount(database());
      const evidence = { phone, email: 'k1.theirs' };
      await store().recordVerification({ accountId, method: 'phone', result, evidence, actor: 'x', now: ++now });
      return accountId;
    };
    let now = start + 10 * dayMs;
    const strangers = [await show('k1.victim', 'failed'), await show('k1.victim', 'failed')];
    const owner = await show('k1.victim', 'passed');
    const [row] = await new SqlVerificationHistory(database()).of(owner);
    expect(row).toMatchObject({ state: 'passed' });
    const [second, third] = [await show('k1.victim', 'passed'), await show('k1.victim', 'passed')];
    const [refused] = await new SqlVerificationHistory(database()).of(third);
    expect(refused).toMatchObject({ state: 'failed', sharedBy: 2 });
    const record = await history.get(refused?.id ?? '');
    expect(record).toEqual({ id: refused?.id, accountId: third, at: now, evidence: refused?.evidence });
    if (record === undefined) return;
    expect(await history.sharing(record, 10)).toEqual([second, owner]);
    expect(await history.sharing(record, 1)).toEqual([second]);
    expect(await history.sharing({ ...record, evidence: { email: 'k1.theirs' } }, 10)).toEqual([]);
    const [first, ...more] = await history.page({ at: start + 10 * dayMs, id: '' }, 2);
    expect([first?.accountId, more[0]?.accountId]).toEqual([owner, second]);
    expect(await history.page(more[0] ?? record, 10)).toEqual([record]);
    const told = await database().query<{ subject: string }>(
      `select subject from outbox where kind = 'evidence_recorded' and payload->>'account_id' = any($1::text[])`,
      [[...strangers, owner, second, third]],
    );
    expect(told).toHaveLength(3);
  });
});
