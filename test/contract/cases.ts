import { beforeAll, expect, it } from '@jest/globals';
import type { CaseRecords } from '../../src/cases/case-records.js';
import type { Claim } from '../../src/cases/review-queue.js';
import type { DecisionLog } from '../../src/decisions/decision-log.js';
import type { Label } from '../../src/model/label.js';
import type { Problem } from '../../src/model/problem.js';
import type { Result } from '../../src/model/result.js';
import type { AllOfCases } from '../support/all-of-cases.js';
import { decisionRecord, type RecordParts } from '../support/decision-record-builder.js';

export interface CaseWorld {
  readonly cases: AllOfCases;
  readonly records: CaseRecords;
  readonly log: DecisionLog;
  /** Kinds of the undelivered outbox messages about an account or a case, oldest first. */
  messages(subject: string): Promise<readonly { kind: string; payload: Readonly<Record<string, unknown>> }[]>;
}

const now = Date.parse('2026-05-01T13:00:00.000Z');
const leaseMs = 300_000;
const undoMs = 10_000;
const rule = 'payment-many-accounts-hold';

function succeeded<T>(result: Result<T, Problem>): T {
  if (!result.ok) throw new Error(`expected success: ${JSON.stringify(result.error)}`);
  return result.value;
}

const codeOf = (result: Result<unknown, Problem>): string => (result.ok ? 'ok' : result.error.code);

/** `open` gives a view of the same truth at each call: two of them are two instances of the service. */
export function casesContract(open: () => CaseWorld): void {
  let world: CaseWorld;
  let cases: AllOfCases;
  beforeAll(() => {
    world = open();
    cases = world.cases;
  });

  /** An account with this id that a decision left in this state; its case is `case_<id>`. */
  const seed = async (id: string, parts: Partial<RecordParts> = {}) => {
    await world.log.commit(decisionRecord({ number: id, account: id, outcome: 'hold', ...parts }));
    return `case_${id}`;
  };
  const claimed = async (id: string, at = now): Promise<Claim> =>
    succeeded(await cases.claim(await seed(id), 'ann', at));
  const decide = (claim: Claim, decision: 'approve' | 'reject' | 'request_verification', more = {}, at = now) =>
    cases.decide({ caseId: claim.case.id, claimToken: claim.claimToken, actor: 'ann', decision, now: at, ...more });
  const stateOf = async (id: string) => (await world.log.status(id))?.access.state;
  const verify = (accountId: string, method: 'phone' | 'business' | 'email', result: 'passed' | 'failed', more = {}) =>
    cases.recordVerification({ accountId, method, result, evidence: {}, actor: 'provider', now, ...more });

  it('lets one of a hundred racing claimers win, over two instances', async () => {
    const caseId = await seed('race');
    const stores = [cases, open().cases];
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, i) => stores[i % 2]?.claim(caseId, `racer ${i}`, now)),
    );
    const winners = results.filter((result) => result?.ok);
    expect(winners).toHaveLength(1);
    expect(new Set(results.filter((result) => !result?.ok).map((result) => result && codeOf(result)))).toEqual(
      new Set(['conflict']),
    );
  });

  it('gives each of many workers another case, the most urgent first', async () => {
    for (let i = 0; i < 5; i++) await seed(`next_${i}`);
    const later = now + 1;
    const claims = await Promise.all(Array.from({ length: 5 }, (_, i) => cases.claimNext(`worker ${i}`, later)));
    const ids = claims.flatMap((claim) => claim?.case.id ?? []);
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
    for (const claim of claims) {
      if (claim !== undefined) await cases.snooze(claim.case.id, claim.claimToken, now + 9e9, 'ann', later);
    }
  });

  it('answers that the queue is empty when every case is taken', async () => {
    for (let claim = await cases.claimNext('ann', now); claim !== undefined; claim = await cases.claimNext('ann', now))
      await cases.snooze(claim.case.id, claim.claimToken, now + 9e9, 'ann', now);
    expect(await cases.claimNext('ann', now)).toBeUndefined();
  });

  it('keeps a claim alive by heartbeats, and fences it once its lease has run out', async () => {
    const claim = await claimed('lease');
    const { id } = claim.case;
    const longer = succeeded(await cases.heartbeat(id, claim.claimToken, 'ann', now + leaseMs - 1));
    expect(longer.leaseUntil).toBe(now + 2 * leaseMs - 1);
    expect(codeOf(await cases.claim(id, 'bob', now + leaseMs))).toBe('conflict');
    const late = now + 2 * leaseMs;
    expect(codeOf(await cases.heartbeat(id, claim.claimToken, 'ann', late))).toBe('stale_claim');
    const second = succeeded(await cases.claim(id, 'bob', late));
    expect(codeOf(await decide(claim, 'approve', {}, late))).toBe('stale_claim');
    expect(codeOf(await decide(second, 'reject', { actor: 'bob' }, late))).toBe('ok');
    expect(await stateOf('lease')).toBe('denied');
  });

  it('lets its holder claim it anew, whose page or answer was lost, and ends the older token', async () => {
    const lost = await claimed('own');
    const { id } = lost.case;
    const again = succeeded(await cases.claim(id, 'ann', now + 1, { leaseMs: 1_000 }));
    expect(again.leaseUntil).toBe(now + 1_001);
    expect(codeOf(await cases.heartbeat(id, lost.claimToken, 'ann', now + 2))).toBe('stale_claim');
    expect(codeOf(await decide(lost, 'reject', {}, now + 2))).toBe('stale_claim');
    expect(codeOf(await cases.claim(id, 'bob', now + 2))).toBe('conflict');
    expect(codeOf(await decide(again, 'reject', {}, now + 3))).toBe('ok');
  });

  it('refuses tokens that are guessed, cut or taken from another case', async () => {
    const claim = await claimed('tokens');
    const other = await claimed('tokens_other');
    const guesses = ['', 'x', claim.claimToken.slice(0, -1), `${claim.case.id}.1.AAAA`, other.claimToken];
    for (const claimToken of guesses)
      expect(codeOf(await cases.heartbeat(claim.case.id, claimToken, 'ann', now))).toBe('stale_claim');
    expect(codeOf(await cases.claim('case_nowhere', 'ann', now))).toBe('not_found');
  });

  it('frees a case that is given back, and hides a snoozed one until its time', async () => {
    const first = await claimed('snooze');
    const { id } = first.case;
    expect(succeeded(await cases.unclaim(id, first.claimToken, 'ann', now))).toMatchObject({ state: 'open' });
    const second = succeeded(await cases.claim(id, 'ann', now));
    expect(codeOf(await cases.snooze(id, second.claimToken, now, 'ann', now))).toBe('invalid');
    succeeded(await cases.snooze(id, second.claimToken, now + 60_000, 'ann', now));
    expect((await cases.get(id))?.case).toMatchObject({ state: 'snoozed', snoozedUntil: now + 60_000 });
  });

  it('approves at the end of the undo window, and clears the rules that held the account', async () => {
    const claim = await claimed('approve');
    const { case: decided, access } = succeeded(await decide(claim, 'approve', { reason: 'known customer' }));
    expect(decided).toMatchObject({ state: 'decided', decision: 'approve', effectiveAt: now + undoMs });
    expect(access?.state).toBe('held');
    await cases.applyDueApprovals(now + undoMs - 1);
    expect(await stateOf('approve')).toBe('held');
    expect(await cases.applyDueApprovals(now + undoMs)).toBeGreaterThan(0);
    const status = await world.log.status('approve');
    expect(status).toMatchObject({ access: { state: 'admitted', version: 2 }, verified: false, openCaseId: null });
    expect(status?.clearedRules).toEqual([rule]);
    expect(await cases.applyDueApprovals(now + undoMs)).toBe(0);
    expect((await world.messages('approve')).map(({ kind }) => kind)).toEqual([
      'access_changed',
      'access_changed',
      'account_cleared',
    ]);
  });

  it('clears the rules of later decisions that the reviewer has seen, and of no decision after that', async () => {
    const claim = await claimed('more_rules');
    const limit = { account: 'more_rules', outcome: 'limit' } as const;
    await world.log.commit(decisionRecord({ ...limit, number: 'more_1', occurredAt: now - 1 }));
    await decide(claim, 'approve');
    const deny = { account: 'more_rules', outcome: 'deny', occurredAt: now + 5 } as const;
    await world.log.commit(decisionRecord({ ...deny, number: 'more_2' }));
    await cases.changeManually({ accountId: 'more_rules', to: 'held', reason: 'r', actor: 'bob', now: now + 6 });
    await cases.changeManually({ accountId: 'more_rules', to: 'admitted', reason: 'r', actor: 'bob', now: now + 7 });
    const { clearedRules = [] } = (await world.log.status('more_rules')) ?? {};
    expect([...clearedRules].sort()).toEqual([
      'payment-many-accounts-deny',
      'payment-many-accounts-hold',
      'payment-many-accounts-limit',
    ]);
  });

  it('lifts a limit by hand for good: what limited the account no longer counts', async () => {
    await seed('limited', { outcome: 'limit' });
    const change = { accountId: 'limited', to: 'admitted', reason: 'a customer', actor: 'ann', now } as const;
    expect(succeeded(await cases.changeManually(change)).access).toMatchObject({ state: 'admitted', version: 2 });
    expect((await world.log.status('limited'))?.clearedRules).toEqual(['payment-many-accounts-limit']);
  });

  it('applies an approval once when several instances see that it is due', async () => {
    await decide(await claimed('due_once'), 'approve');
    const stores = Array.from({ length: 4 }, () => open().cases);
    const counts = await Promise.all(stores.map((store) => store.applyDueApprovals(now + undoMs)));
    expect(counts.reduce((a, b) => a + b)).toBe(1);
    expect((await world.log.status('due_once'))?.access).toMatchObject({ state: 'admitted', version: 2 });
  });

  it('takes an approval back within the window, and not after it', async () => {
    const claim = await claimed('undo_approve');
    await decide(claim, 'approve');
    const { case: reopened } = succeeded(await cases.undo(claim.case.id, 'ann', now + undoMs - 1));
    expect(reopened).toMatchObject({ state: 'open', decision: null, effectiveAt: null });
    await cases.applyDueApprovals(now + undoMs);
    expect(await stateOf('undo_approve')).toBe('held');
    const again = succeeded(await cases.claim(claim.case.id, 'ann', now));
    await decide(again, 'approve');
    expect(codeOf(await cases.undo(claim.case.id, 'ann', now + undoMs))).toBe('conflict');
  });

  it('denies at once, and an undo in time holds the account again and withdraws the label', async () => {
    const claim = await claimed('undo_reject');
    succeeded(await decide(claim, 'reject', { label: 'fraud' }));
    expect(await stateOf('undo_reject')).toBe('denied');
    const { access } = succeeded(await cases.undo(claim.case.id, 'ann', now + 1));
    expect(access).toMatchObject({ state: 'held', version: 3 });
    expect((await world.messages('undo_reject')).map(({ kind }) => kind)).not.toContain('label_recorded');
    const second = succeeded(await cases.claim(claim.case.id, 'ann', now));
    succeeded(await decide(second, 'reject', { label: 'fraud' }));
    expect((await world.messages('undo_reject')).map(({ kind }) => kind)).toContain('label_recorded');
    expect(codeOf(await cases.undo(claim.case.id, 'ann', now + undoMs))).toBe('conflict');
  });

  const byHandOf = (accountId: string) => (to: 'held' | 'admitted' | 'denied', at: number) =>
    cases.changeManually({ accountId, to, reason: 'r', actor: 'bob', now: at }).then(succeeded);

  it.each([
    ['released', 'rejected_free', ['admitted'], 'admitted'],
    ['released and denied again', 'rejected_twice', ['admitted', 'denied'], 'denied'],
    ['held', 'rejected_held', ['held'], 'held'],
    ['released and held again', 'rejected_back', ['admitted', 'held'], 'held'],
  ] as const)('takes no rejection back of an account that somebody has %s since', async (_how, id, since, state) => {
    const claim = await claimed(id);
    succeeded(await decide(claim, 'reject', { label: 'fraud' }));
    for (const [n, to] of since.entries()) await byHandOf(id)(to, now + 1 + n);
    const before = await world.log.status(id);
    expect(codeOf(await cases.undo(claim.case.id, 'ann', now + 5))).toBe('conflict');
    expect(await world.log.status(id)).toEqual(before);
    expect(before?.access.state).toBe(state);
    expect((await cases.get(claim.case.id))?.case).toMatchObject({ state: 'decided', decision: 'reject' });
    expect((await world.messages(id)).map(({ kind }) => kind)).toContain('label_recorded');
  });

  it.each([
    ['released', 'approved_free', 'admitted'],
    ['denied', 'approved_denied', 'denied'],
  ] as const)('takes no approval back of an account that somebody has %s since', async (_how, id, to) => {
    const claim = await claimed(id);
    succeeded(await decide(claim, 'approve'));
    await byHandOf(id)(to, now + 1);
    expect(codeOf(await cases.undo(claim.case.id, 'ann', now + 2))).toBe('conflict');
    expect(await stateOf(id)).toBe(to);
  });

  it('takes no rejection back of an account that was released and then held by a decision', async () => {
    const claim = await claimed('rejected_decided');
    succeeded(await decide(claim, 'reject'));
    await byHandOf('rejected_decided')('admitted', now + 1);
    await seed('rejected_decided', { number: 'rejected_decided_2', occurredAt: now + 2 });
    expect(codeOf(await cases.undo(claim.case.id, 'ann', now + 3))).toBe('conflict');
  });

  it('leaves an account denied whose rejection is taken back when it had been denied before', async () => {
    const claim = await claimed('denied_before');
    await seed('denied_before', { number: 'denied_before_2', outcome: 'deny', occurredAt: now - 1 });
    expect(await stateOf('denied_before')).toBe('denied');
    succeeded(await decide(claim, 'reject', {}, now + 1));
    expect(succeeded(await cases.undo(claim.case.id, 'ann', now + 2))).toMatchObject({
      case: { state: 'open' },
      access: { state: 'denied', version: 2 },
    });
  });

  it('lets a label and a failed verification pass that changed no access, and takes the rejection back', async () => {
    const claim = await claimed('rejected_labelled');
    succeeded(await decide(claim, 'reject', { label: 'fraud' }));
    const label = { accountId: 'rejected_labelled', label: 'honest', source: 'support', observedAt: now } as const;
    succeeded(await cases.recordLabel(label, 'bob', now + 1));
    succeeded(await verify('rejected_labelled', 'phone', 'failed', { now: now + 2 }));
    expect(succeeded(await cases.undo(claim.case.id, 'ann', now + 3)).access?.state).toBe('held');
  });

  it('takes a token of its claimer only, whatever it is sent for', async () => {
    const { case: found, claimToken } = await claimed('lent');
    const { id } = found;
    const stolen = { caseId: id, claimToken, actor: 'bob', isSenior: true, now };
    for (const refused of [
      await cases.heartbeat(id, claimToken, 'bob', now),
      await cases.unclaim(id, claimToken, 'bob', now),
      await cases.snooze(id, claimToken, now + 60_000, 'bob', now),
      await cases.decide({ ...stolen, decision: 'approve' }),
      await cases.decide({ ...stolen, decision: 'reject' }),
      await cases.decide({ ...stolen, decision: 'request_verification' }),
    ])
      expect(refused).toMatchObject({
        error: { code: 'stale_claim', detail: expect.stringContaining('belongs to somebody else') },
      });
    expect((await cases.get(id))?.case).toMatchObject({ state: 'claimed', claimedBy: 'ann' });
    expect(codeOf(await cases.decide({ ...stolen, actor: 'ann', decision: 'reject' }))).toBe('ok');
  });

  it('asks for the verifications of the case and frees the claim', async () => {
    const claim = await claimed('ask');
    const { case: waiting } = succeeded(await decide(claim, 'request_verification'));
    expect(waiting).toMatchObject({ state: 'open', claimedBy: null });
    expect(waiting?.priority).toBeLessThan(claim.case.priority);
    expect((await world.log.status('ask'))?.pendingVerifications).toEqual(['business', 'phone']);
    const [message] = (await world.messages(claim.case.id)).filter(({ kind }) => kind === 'verification_requested');
    expect(message?.payload).toMatchObject({ case_id: claim.case.id, account_id: 'ask', version: waiting?.version });
  });

  it('admits a held account once every method has passed, whoever holds the claim', async () => {
    const claim = await claimed('pass');
    expect(succeeded(await verify('pass', 'phone', 'passed')).access?.state).toBe('held');
    const { case: decided, access } = succeeded(await verify('pass', 'business', 'passed'));
    expect(decided).toMatchObject({ state: 'decided', decision: 'approve', decidedBy: 'verification' });
    expect(access).toMatchObject({ state: 'admitted', version: 2 });
    expect(await world.log.status('pass')).toMatchObject({ verified: true, clearedRules: [rule], openCaseId: null });
    expect(codeOf(await decide(claim, 'reject'))).toBe('stale_claim');
    expect(codeOf(await cases.undo(claim.case.id, 'ann', now))).toBe('conflict');
  });

  const byHand = async (id: string) => {
    await seed(id, { outcome: 'allow' });
    const change = { accountId: id, to: 'held', reason: 'phone call', actor: 'ann', now } as const;
    return succeeded(await cases.changeManually(change)).case;
  };
  const labelled = async (id: string) => {
    await seed(id, { outcome: 'allow' });
    const label = { accountId: id, label: 'fraud', source: 'chargeback', observedAt: now } as const;
    return succeeded(await cases.recordLabel(label, 'billing', now)).case;
  };
  const labelledMeanwhile = async (id: string) => {
    await seed(id, { verify: [] });
    const label = { accountId: id, label: 'fraud', source: 'chargeback', observedAt: now } as const;
    return succeeded(await cases.recordLabel(label, 'billing', now)).case;
  };

  it.each([
    ['hand_proof', byHand],
    ['label_proof', labelled],
    ['labelled_meanwhile', labelledMeanwhile],
  ])(
    'leaves what people hold, or is known to be fraud, to people, until they ask for a verification: %s',
    async (id, hold) => {
      const held = await hold(id);
      if (id !== 'labelled_meanwhile') expect(held?.asksFor).toEqual([]);
      const passed = succeeded(await verify(id, 'email', 'passed'));
      expect(passed).toMatchObject({ access: { state: 'held' }, case: { id: held?.id, state: 'open' } });
      const timeline = (await cases.get(held?.id ?? ''))?.timeline ?? [];
      expect(timeline.map(({ kind }) => kind)).toContain('verification_passed');
      const claim = succeeded(await cases.claim(held?.id ?? '', 'ann', now + 1));
      const { case: asked } = succeeded(await decide(claim, 'request_verification', {}, now + 1));
      expect(asked?.asksFor).toEqual(['email']);
      expect((await world.log.status(id))?.pendingVerifications).toEqual(['email']);
      succeeded(await verify(id, 'email', 'passed', { now: now + 2 }));
      expect(await stateOf(id)).toBe('admitted');
    },
  );

  it('lets an account that was limited in once all has passed that its decisions asked for', async () => {
    await seed('limit_lifted', { outcome: 'limit', verify: ['email'] });
    await seed('limit_lifted', { outcome: 'limit', verify: ['phone'], number: 'limit_lifted_2' });
    expect(succeeded(await verify('limit_lifted', 'phone', 'passed')).access?.state).toBe('limited');
    expect(succeeded(await verify('limit_lifted', 'email', 'failed')).access?.state).toBe('limited');
    const { access } = succeeded(await verify('limit_lifted', 'email', 'passed', { now: now + 1 }));
    expect(access).toMatchObject({ state: 'admitted', version: 2 });
    expect(await world.log.status('limit_lifted')).toMatchObject({
      verified: true,
      clearedRules: ['payment-many-accounts-limit'],
    });
    await seed('limit_lifted', { outcome: 'allow', number: 'limit_lifted_3' });
    expect(await stateOf('limit_lifted')).toBe('admitted');
  });

  it.each([
    ['asks for nothing', 'limit_silent', { verify: [] }],
    ['rests on a missing input', 'limit_blind', { verify: ['phone'], rescore: true }],
  ] as const)('lifts no limit that %s', async (_why, id, parts) => {
    await seed(id, { outcome: 'limit', ...parts });
    expect(succeeded(await verify(id, 'phone', 'passed')).access?.state).toBe('limited');
  });

  it('makes a case more urgent when a verification fails, once for each request', async () => {
    const caseId = await seed('fail');
    const before = (await cases.get(caseId))?.case.priority ?? 0;
    const { case: failed } = succeeded(await verify('fail', 'phone', 'failed', { requestId: 'req_fail' }));
    expect(failed?.priority).toBe(before + 10);
    const { case: repeated } = succeeded(await verify('fail', 'phone', 'failed', { requestId: 'req_fail' }));
    expect(repeated?.priority).toBe(before + 10);
    succeeded(await verify('fail', 'business', 'passed'));
    expect(await stateOf('fail')).toBe('held');
    succeeded(await verify('fail', 'phone', 'passed', { now: now + 1 }));
    expect(await stateOf('fail')).toBe('admitted');
  });

  it('takes one answer under one request id: the same again changes nothing, another is refused', async () => {
    await seed('same_id', { verify: ['phone'] });
    const evidence = { phone: 'k1.a', document: 'k1.b' };
    const first = succeeded(await verify('same_id', 'phone', 'failed', { requestId: 'req_same', evidence }));
    const turned = { document: 'k1.b', phone: 'k1.a' };
    const again = { requestId: 'req_same', evidence: turned, now: now + 1 };
    expect(succeeded(await verify('same_id', 'phone', 'failed', again))).toEqual(first);
    for (const [method, result, more] of [
      ['phone', 'passed', { evidence }],
      ['business', 'failed', { evidence }],
      ['phone', 'failed', { evidence: { phone: 'k1.a' } }],
      ['phone', 'failed', { evidence: { ...evidence, document: 'k1.c' } }],
    ] as const) {
      const refused = await verify('same_id', method, result, { requestId: 'req_same', ...more });
      expect(refused).toMatchObject({ error: { code: 'idempotency_mismatch', errors: [{ pointer: '/request_id' }] } });
    }
    expect(await world.log.status('same_id')).toMatchObject({ access: { state: 'held', version: 1 }, verified: false });
    expect((await cases.get('case_same_id'))?.timeline.map(({ kind }) => kind)).toEqual([
      'opened',
      'verification_failed',
    ]);
  });

  it('takes no answer for another method under the id of an open question', async () => {
    const { case: found } = await claimed('other_method').then(async (claim) =>
      succeeded(await decide(claim, 'request_verification')),
    );
    const requestId = `${found?.id}_${found?.version}_phone`;
    expect(codeOf(await verify('other_method', 'business', 'passed', { requestId }))).toBe('idempotency_mismatch');
    expect((await world.log.status('other_method'))?.pendingVerifications).toEqual(['business', 'phone']);
    expect(codeOf(await verify('other_method', 'phone', 'passed', { requestId }))).toBe('ok');
    expect((await world.log.status('other_method'))?.pendingVerifications).toEqual(['business']);
  });

  it('admits nobody by a request id that was used for another account', async () => {
    for (const id of ['id_of_x', 'id_of_y']) await seed(id, { verify: ['phone'] });
    const more = { requestId: 'req_taken' };
    expect(succeeded(await verify('id_of_x', 'phone', 'passed', more)).access?.state).toBe('admitted');
    expect(codeOf(await verify('id_of_y', 'phone', 'passed', more))).toBe('idempotency_mismatch');
    expect(await world.log.status('id_of_y')).toMatchObject({ access: { state: 'held', version: 1 }, verified: false });
    expect(codeOf(await verify('id_of_x', 'phone', 'passed', more))).toBe('ok');
  });

  it('lets one of many win that come with one request id at the same time', async () => {
    const racers = Array.from({ length: 8 }, (_, i) => `id_race_${i}`);
    for (const id of racers) await seed(id, { verify: ['phone'] });
    const stores = [cases, open().cases];
    const given = { method: 'phone', result: 'passed', evidence: {}, actor: 'provider', now } as const;
    const results = await Promise.all(
      racers.flatMap((accountId) =>
        stores.map((store) => store.recordVerification({ ...given, accountId, requestId: 'req_race' })),
      ),
    );
    const states = await Promise.all(racers.map(stateOf));
    const winner = racers[states.indexOf('admitted')];
    expect(states.filter((state) => state === 'admitted')).toHaveLength(1);
    const codes = results.map(codeOf);
    expect(codes.filter((code) => code === 'ok')).toHaveLength(stores.length);
    expect(new Set(codes)).toEqual(new Set(['ok', 'idempotency_mismatch']));
    const kinds = (await cases.get(`case_${winner}`))?.timeline.map(({ kind }) => kind);
    expect(kinds).toEqual(['opened', 'decided']);
  });

  it('remembers a verification of an account that is not held, and knows no other account', async () => {
    await seed('free', { outcome: 'allow' });
    expect(succeeded(await verify('free', 'phone', 'passed'))).toMatchObject({ case: null, access: { version: 1 } });
    expect(await world.log.status('free')).toMatchObject({ verified: true, access: { state: 'admitted' } });
    expect(codeOf(await verify('nobody', 'phone', 'passed'))).toBe('not_found');
  });

  it('holds an admitted account that turns out fraudulent, once, and lifts nothing for an honest one', async () => {
    await seed('label', { outcome: 'allow' });
    const label = { accountId: 'label', label: 'fraud', source: 'chargeback', observedAt: now } as const;
    const { case: opened, access } = succeeded(await cases.recordLabel(label, 'billing', now));
    expect(access).toMatchObject({ state: 'held', version: 2 });
    expect(opened).toMatchObject({ state: 'open', reason: 'history.fraud_label', accountId: 'label' });
    succeeded(await cases.recordLabel(label, 'billing', now + 1));
    expect((await world.messages('label')).filter(({ kind }) => kind === 'label_recorded')).toHaveLength(1);
    succeeded(await cases.recordLabel({ ...label, label: 'honest' }, 'billing', now + 2));
    expect(await stateOf('label')).toBe('held');
    expect(codeOf(await cases.recordLabel({ ...label, accountId: 'nobody' }, 'billing', now))).toBe('not_found');
  });

  it('raises a case once, however many fraud labels come', async () => {
    await seed('label_often', { outcome: 'hold' });
    const from = async (source: string, label: 'fraud' | 'honest', after: number) => {
      const given = { accountId: 'label_often', label, source, observedAt: now + after };
      return succeeded(await cases.recordLabel(given, 'billing', now + after)).case?.priority ?? Number.NaN;
    };
    const raised = await from('chargeback', 'fraud', 1);
    expect(await from('abuse desk', 'fraud', 2)).toBe(raised);
    expect(await from('chargeback', 'honest', 3)).toBe(raised);
    expect(await from('chargeback', 'fraud', 4)).toBe(raised);
    const { case: found, timeline } = (await cases.get(`case_label_often`)) ?? {};
    expect(found?.priority).toBe(raised);
    expect(timeline?.filter(({ kind }) => kind === 'fraud_label')).toHaveLength(3);
  });

  it('adds nothing for more fraud labels to a case that a fraud label opened', async () => {
    await seed('label_opened', { outcome: 'allow' });
    const label = { accountId: 'label_opened', label: 'fraud', source: 'chargeback', observedAt: now } as const;
    const opened = succeeded(await cases.recordLabel(label, 'billing', now)).case;
    expect(opened?.priority).toBe(125);
    const again = succeeded(await cases.recordLabel({ ...label, source: 'abuse desk' }, 'billing', now + 1)).case;
    expect(again).toMatchObject({ id: opened?.id, priority: 125 });
  });

  it('takes an approval that waits for its window back when a fraud label arrives', async () => {
    const claim = await claimed('label_pending');
    await decide(claim, 'approve');
    const label = { accountId: 'label_pending', label: 'fraud', source: 'chargeback', observedAt: now } as const;
    expect(succeeded(await cases.recordLabel(label, 'billing', now + 1)).case).toMatchObject({ state: 'open' });
    await cases.applyDueApprovals(now + undoMs);
    expect(await stateOf('label_pending')).toBe('held');
  });

  const learns = async (accountId: string, label: Label, observedAt: number, source = 'chargeback') =>
    succeeded(await cases.recordLabel({ accountId, label, source, observedAt }, 'billing', now));
  /** The label that counts, and those that are kept, as they came. */
  const labelsOf = (accountId: string) =>
    world.records.change({ accountId }, ({ account, labels }) => ({
      answer: { counts: account?.label, kept: labels.map(({ label, source }) => `${label} (${source})`) },
    }));
  const labelsSent = async (accountId: string) =>
    (await world.messages(accountId)).filter(({ kind }) => kind === 'label_recorded').map(({ payload }) => payload);
  const dayMs = 86_400_000;

  it('goes by the label that was observed last, not by the one that comes last', async () => {
    await seed('late_honest', { outcome: 'allow' });
    await learns('late_honest', 'fraud', now - 5_000);
    await learns('late_honest', 'honest', now - 3 * dayMs, 'support');
    const kept = ['fraud (chargeback)', 'honest (support)'];
    expect(await labelsOf('late_honest')).toEqual({ counts: 'fraud', kept });
    expect(await labelsSent('late_honest')).toMatchObject([{ label: 'fraud' }, { label: 'honest' }]);
    await learns('late_honest', 'honest', now - 5_000, 'of the same time');
    expect((await labelsOf('late_honest')).counts).toBe('honest');
  });

  it('holds nobody for a fraud label that is older than what is known of the account', async () => {
    await seed('late_fraud', { outcome: 'allow' });
    await learns('late_fraud', 'honest', now - 1_000, 'support');
    expect(await learns('late_fraud', 'fraud', now - dayMs)).toMatchObject({
      case: null,
      access: { state: 'admitted' },
    });
    expect(await labelsOf('late_fraud')).toMatchObject({ counts: 'honest', kept: { length: 2 } });
    const claim = await claimed('late_pending');
    await decide(claim, 'approve', { label: 'honest' });
    await learns('late_pending', 'fraud', now - dayMs);
    await cases.applyDueApprovals(now + undoMs);
    expect(await stateOf('late_pending')).toBe('admitted');
  });

  const heldForFraud = async (id: string): Promise<Claim> => {
    await seed(id, { outcome: 'allow' });
    const { case: opened } = await learns(id, 'fraud', now);
    return succeeded(await cases.claim(opened?.id ?? '', 'ann', now));
  };

  it('takes the fraud label of an account back with the approval, once that reaches it', async () => {
    const { case: found } = await heldForFraud('forgiven');
    const again = succeeded(await cases.claim(found.id, 'ann', now));
    succeeded(await decide(again, 'approve'));
    expect((await labelsOf('forgiven')).counts).toBe('fraud');
    succeeded(await cases.undo(found.id, 'ann', now + 1));
    expect(await labelsOf('forgiven')).toEqual({ counts: 'fraud', kept: ['fraud (chargeback)'] });
    const last = succeeded(await cases.claim(found.id, 'ann', now + 2));
    succeeded(await decide(last, 'approve', {}, now + 2));
    await cases.applyDueApprovals(now + 2 + undoMs);
    expect(await stateOf('forgiven')).toBe('admitted');
    const source = `case:${found.id}`;
    expect(await labelsOf('forgiven')).toEqual({
      counts: 'honest',
      kept: ['fraud (chargeback)', `honest (${source})`],
    });
    const at = new Date(now + 2 + undoMs).toISOString();
    expect((await labelsSent('forgiven')).at(-1)).toMatchObject({ label: 'honest', source, observed_at: at });
  });

  it('leaves the label as it is that is said with an approval', async () => {
    const claim = await heldForFraud('said_fraud');
    succeeded(await decide(claim, 'approve', { label: 'fraud' }));
    await cases.applyDueApprovals(now + undoMs);
    expect(await labelsOf('said_fraud')).toMatchObject({ counts: 'fraud', kept: { length: 2 } });
    const other = await heldForFraud('said_honest');
    succeeded(await decide(other, 'approve', { label: 'honest' }));
    expect((await labelsOf('said_honest')).counts).toBe('honest');
    await cases.applyDueApprovals(now + undoMs);
    expect(await labelsOf('said_honest')).toMatchObject({ counts: 'honest', kept: { length: 2 } });
  });

  it('brings the label back that counted before an honest one that is taken back', async () => {
    const claim = await heldForFraud('back_again');
    succeeded(await decide(claim, 'approve', { label: 'honest' }));
    succeeded(await cases.undo(claim.case.id, 'ann', now + 1));
    expect(await labelsOf('back_again')).toMatchObject({ counts: 'fraud' });
    expect((await labelsSent('back_again')).at(-1)).toMatchObject({ label: 'fraud', source: 'chargeback' });
    const again = succeeded(await cases.claim(claim.case.id, 'ann', now + 2));
    succeeded(await decide(again, 'approve', {}, now + 2));
    await cases.applyDueApprovals(now + 2 + undoMs);
    expect((await labelsOf('back_again')).counts).toBe('honest');
  });

  it('takes the fraud label back of an account that a person releases, and no label of others', async () => {
    await heldForFraud('freed');
    await byHandOf('freed')('admitted', now + 1);
    expect(await labelsOf('freed')).toEqual({ counts: 'honest', kept: ['fraud (chargeback)', 'honest (manual)'] });
    await seed('freed_unlabelled');
    await byHandOf('freed_unlabelled')('admitted', now + 1);
    expect(await labelsOf('freed_unlabelled')).toEqual({ counts: null, kept: [] });
    await heldForFraud('denied_fraud');
    await byHandOf('denied_fraud')('denied', now + 1);
    expect((await labelsOf('denied_fraud')).counts).toBe('fraud');
  });

  it('holds, releases and denies by hand, at once, and settles the case with it', async () => {
    await seed('hand', { outcome: 'allow' });
    const change = { accountId: 'hand', reason: 'phone call', actor: 'ann', now };
    const held = succeeded(await cases.changeManually({ ...change, to: 'held' }));
    expect(held).toMatchObject({ access: { state: 'held', version: 2 }, case: { reason: 'manual.hold' } });
    const again = succeeded(await cases.changeManually({ ...change, to: 'held' }));
    expect(again).toMatchObject({ access: { version: 2 }, case: { id: held.case?.id } });
    const released = succeeded(await cases.changeManually({ ...change, to: 'admitted' }));
    expect(released).toMatchObject({ access: { state: 'admitted', version: 3 }, case: { decision: 'approve' } });
    const denied = succeeded(await cases.changeManually({ ...change, to: 'denied' }));
    expect(denied.access).toMatchObject({ state: 'denied', version: 4 });
    expect(codeOf(await cases.changeManually({ ...change, accountId: 'nobody', to: 'held' }))).toBe('not_found');
  });

  it('does not admit an account that was denied while its approval waited', async () => {
    const claim = await claimed('denied_meanwhile');
    await decide(claim, 'approve');
    const change = { accountId: 'denied_meanwhile', reason: 'stolen card', actor: 'bob', now: now + 1 };
    succeeded(await cases.changeManually({ ...change, to: 'denied' }));
    await cases.applyDueApprovals(now + undoMs);
    expect(await stateOf('denied_meanwhile')).toBe('denied');
  });

  it('tells the story of a case in order', async () => {
    const claim = await claimed('story');
    succeeded(await cases.note(claim.case.id, 'called, no answer', 'ann', now + 1));
    await decide(claim, 'reject', { reason: 'stolen card' });
    const found = await cases.get(claim.case.id);
    expect(found?.timeline.map(({ kind }) => kind)).toEqual(['opened', 'claimed', 'note', 'decided']);
    expect(found?.timeline[2]).toMatchObject({ actor: 'ann', detail: { text: 'called, no answer' } });
    expect(await cases.get('case_nowhere')).toBeUndefined();
  });

  it.each(['priority', 'opened_at', 'due_at'] as const)('lists every case once, page by page, by %s', async (sort) => {
    for (let i = 0; i < 3; i++) await seed(`list_${sort}_${i}`);
    const filter = { reason: 'payment.reused', sort, limit: 4 } as const;
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await cases.list(cursor === null ? filter : { ...filter, cursor });
      seen.push(...page.cases.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([0, 1, 2].map((i) => `case_list_${sort}_${i}`)));
    const whole = await cases.list({ ...filter, limit: 1000 });
    expect(whole.cases.map(({ id }) => id)).toEqual(seen);
  });

  it('lists by account and state; a broken cursor, which the edge refuses, is none', async () => {
    await seed('filter');
    const filter = { accountId: 'filter', sort: 'priority', limit: 10, cursor: '%%%' } as const;
    expect((await cases.list({ ...filter, state: 'open' })).cases.map(({ id }) => id)).toEqual(['case_filter']);
    expect((await cases.list({ ...filter, state: 'decided' })).cases).toEqual([]);
  });

  it('survives decisions, verifications and manual changes on one account at the same time', async () => {
    const claim = await claimed('storm');
    const other = open().cases;
    const change = { accountId: 'storm', reason: 'storm', actor: 'bob', now };
    const results = await Promise.all([
      decide(claim, 'approve'),
      verify('storm', 'phone', 'passed'),
      verify('storm', 'business', 'passed'),
      other.changeManually({ ...change, to: 'denied' }),
      other.recordLabel({ accountId: 'storm', label: 'fraud', source: 's', observedAt: now }, 'bob', now),
      cases.applyDueApprovals(now + undoMs),
      other.undo(claim.case.id, 'bob', now),
    ]);
    expect(results).toHaveLength(7);
    const undecided = await cases.list({ accountId: 'storm', sort: 'priority', limit: 10 });
    const open_ = undecided.cases.filter(({ state }) => state !== 'decided').length;
    const pending = undecided.cases.filter(({ state, effectiveAt }) => state === 'decided' && (effectiveAt ?? 0) > now);
    if ((await stateOf('storm')) === 'held') expect(open_ + pending.length).toBeGreaterThan(0);
    expect(open_).toBeLessThanOrEqual(1);
  });
}
