import { beforeAll, expect, it } from '@jest/globals';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { decisionRecord } from '../support/decision-record-builder.js';

/** What else the one statement writes: outbox, audit, cases and keys. */
export function sqlDecisionLogContract(open: () => Database): void {
  let database: Database;
  let log: SqlDecisionLog;
  beforeAll(() => {
    database = open();
    log = new SqlDecisionLog(database, { deadlineMs: 20_000 });
  });

  const outboxOf = (accountId: string) =>
    database.query<{ kind: string; payload: object }>(
      "select kind, payload from outbox where payload->>'account_id' = $1 order by id",
      [accountId],
    );

  it('tells the outbox of a changed access and an opened case, and of nothing else', async () => {
    await log.commit(decisionRecord({ number: 5000, account: 'told', outcome: 'limit' }));
    await log.commit(decisionRecord({ number: 5001, account: 'told', outcome: 'allow' }));
    await log.commit(decisionRecord({ number: 5002, account: 'told', outcome: 'hold' }));
    await log.commit(decisionRecord({ number: 5003, account: 'told', outcome: 'hold' }));
    await log.commit(decisionRecord({ number: 5003, account: 'told', outcome: 'hold', bodyHash: 'other' }));
    const rows = await outboxOf('told');
    expect(rows.map(({ kind }) => kind).sort()).toEqual(['access_changed', 'access_changed', 'case_opened']);
    expect(rows).toContainEqual({
      kind: 'access_changed',
      payload: {
        account_id: 'told',
        from: 'limited',
        to: 'held',
        version: 2,
        requests_per_day: null,
        cause: 'decision',
        case_id: 'case_5002',
        decision_id: 'dec_00005002',
      },
    });
  });

  it('writes one line of audit for every decision', async () => {
    await log.commit(decisionRecord({ number: 5010, account: 'audited', outcome: 'hold' }));
    await log.commit(decisionRecord({ number: 5011, account: 'audited' }));
    await log.commit(decisionRecord({ number: 5011, account: 'audited' }));
    const rows = await database.query('select kind, detail from audit where subject = $1 order by seq', ['audited']);
    expect(rows).toMatchObject([
      { kind: 'decision.recorded', detail: { outcome: 'hold', state: 'held', case_id: 'case_5010' } },
      { kind: 'decision.recorded', detail: { outcome: 'allow', state: 'held', case_id: 'case_5010' } },
    ]);
  });

  it('writes the case with the rules that held the account and what is to be verified', async () => {
    await log.commit(decisionRecord({ number: 5020, outcome: 'hold' }));
    const [row] = await database.query('select * from cases where id = $1', ['case_5020']);
    expect(row).toMatchObject({
      account_id: 'acct_5020',
      decision_id: 'dec_00005020',
      state: 'open',
      score: 87.5,
      reason: 'payment.reused',
      rules: ['payment-many-accounts-hold'],
      verify: ['phone', 'business'],
    });
  });

  it('leaves a key with the account that announced it first', async () => {
    await log.commit(decisionRecord({ number: 5030, account: 'first', apiKeyId: 'key_5030' }));
    await log.commit(decisionRecord({ number: 5031, account: 'second', apiKeyId: 'key_5030' }));
    const rows = await database.query('select account_id from account_keys where api_key_id = $1', ['key_5030']);
    expect(rows).toEqual([{ account_id: 'first' }]);
  });

  it('remembers which decision is to be scored again, until one that saw everything carries the access', async () => {
    const rescoreOf = () =>
      database.query('select rescore_event_id as id from accounts where account_id = $1', ['blind']);
    const commit = (number: number, outcome: 'allow' | 'limit', rescore: boolean) =>
      log.commit(decisionRecord({ number, account: 'blind', outcome, rescore }));
    await commit(5040, 'limit', true);
    expect(await rescoreOf()).toEqual([{ id: 'evt_5040' }]);
    await commit(5041, 'allow', false);
    expect(await rescoreOf()).toEqual([{ id: 'evt_5040' }]);
    await commit(5042, 'limit', false);
    expect(await rescoreOf()).toEqual([{ id: null }]);
  });

  it('opens a second case when a hold comes after the first was decided, unless an approval waits to take effect', async () => {
    const hold = (number: number) => log.commit(decisionRecord({ number, account: 'again', outcome: 'hold' }));
    await hold(5050);
    await database.query(
      "update cases set state = 'decided', decision = 'approve', effective_at = now() where id = 'case_5050'",
    );
    expect(await hold(5051)).toMatchObject({ kind: 'committed', decision: { case_id: null, access: { version: 1 } } });
    await database.query("update cases set applied_at = now() where id = 'case_5050'");
    await database.query("update accounts set state = 'admitted', version = 2 where account_id = 'again'");
    expect(await hold(5052)).toMatchObject({
      decision: { case_id: 'case_5052', access: { state: 'held', version: 3 } },
    });
  });

  it('keeps the decision of an erased event, and does not take its id for a new one', async () => {
    await log.commit(decisionRecord({ number: 5060 }));
    await database.query('delete from envelope_salts where event_id = $1', ['evt_5060']);
    expect(await log.eventsOf('acct_5060')).toEqual([]);
    expect(await log.commit(decisionRecord({ number: 5060, bodyHash: 'other' }))).toEqual({ kind: 'mismatch' });
    expect((await log.commit(decisionRecord({ number: 5060 }))).kind).toBe('replayed');
  });

  it('stores text that SQL cannot hold with a mark in its place', async () => {
    const record = decisionRecord({ number: 5070 });
    const odd = { ...record, inputs: { a: 'nul \u0000 half \ud800 back\\u0000slash' } };
    expect((await log.commit(odd)).kind).toBe('committed');
    expect((await log.byEventId('evt_5070'))?.inputs).toEqual({ a: 'nul \ufffd half \ufffd back\\u0000slash' });
  });

  it('writes the others of a batch when one record cannot be written', async () => {
    const good = [5080, 5081, 5082].map((number) => decisionRecord({ number }));
    const template = decisionRecord({ number: 5083 });
    const bad = { ...template, draft: { ...template.draft, decided_at: 'no time' } };
    // The first two fill both places in flight, so that the bad one shares a batch with the last.
    const results = await Promise.all([...good.slice(0, 2), bad, ...good.slice(2)].map((record) => log.commit(record)));
    expect(results.map(({ kind }) => kind)).toEqual(['committed', 'committed', 'unavailable', 'committed']);
    expect(await log.byEventId('evt_5083')).toBeUndefined();
  });
}
