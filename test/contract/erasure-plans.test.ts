import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../src/adapters/postgres/database.js';
import { auditErasures, erasures, remains } from '../../src/adapters/postgres/erasure-statements.js';
import { sealedAppeals, sealedEvents, sections } from '../../src/adapters/postgres/export-statements.js';
import { queryPlan } from '../support/query-plan.js';
import { useOnePostgres, usePglite } from '../support/test-databases.js';

const accounts = 20_000;
/** Each is in the case of a ring, every tenth has one of its own; texts of people in all of them. */
const seed = `set local statement_timeout = 0;
  insert into cases (id, account_id, state, priority, score, reason, opened_at, due_at)
    select 'own_' || i, 'acct_' || i, 'decided', 60, 60, 'payment.reused', now(), now()
    from generate_series(1, ${accounts}, 10) i;
  insert into case_accounts (case_id, account_id, joined_at)
    select 'ring_' || i % 1000, 'acct_' || i, now() from generate_series(1, ${accounts}) i;
  insert into case_entries (case_id, at, actor, kind, detail)
    select case_id, now(), 'key_1', 'note', jsonb_build_object('text', 'they called', 'account_id', about)
    from (select id as case_id, account_id as about from cases union all select case_id, account_id from case_accounts) c
    cross join generate_series(1, 2);
  insert into audit (at, actor, kind, subject, detail)
    select now(), 'key_1', 'case.note', case_id, jsonb_build_object('text', 'they called', 'account_id', about)
    from (select id as case_id, account_id as about from cases union all select case_id, account_id from case_accounts) c
    union all
    select now(), 'system', 'decision.recorded', 'acct_' || i, '{"outcome":"allow"}' from generate_series(1, ${accounts}) i
    union all
    select now(), 'key_1', 'account.held', 'acct_' || i, '{"reason":"rude"}' from generate_series(1, ${accounts}, 10) i;
  insert into outbox (kind, subject, payload, done_at)
    select case when i % 10 = 1 then 'label_recorded' else 'decision_created' end, 'acct_' || i, '{"source":"a person"}', now()
    from generate_series(1, ${accounts}) i;
  analyze;`;

const statements = [...erasures, ...auditErasures, ...remains].map(([what, sql]) => [what, sql] as const);
const exported = [sealedEvents, sealedAppeals, ...sections];
const growing = ['audit', 'outbox', 'case_entries', 'cases', 'case_accounts'];

describe.each([
  ['PostgreSQL', () => useOnePostgres(2)],
  ['PGlite', usePglite],
])('of 20,000 accounts, the erasure of one on %s', (_name, open: () => () => Database) => {
  const database = open();
  beforeAll(() => database().transaction((tx) => tx.script(seed)), 60_000);

  it.each(statements)('reads no table whole: %s', async (_what, sql) => {
    const { readWhole } = await queryPlan(database(), sql, ['acct_101']);
    expect(readWhole.filter((table) => growing.includes(table))).toEqual([]);
  });

  it.each(exported)(
    'reads no table whole, nor in the order of all ids, for the export: $name',
    async ({ sql, key }) => {
      const { readWhole, indexes } = await queryPlan(
        database(),
        sql,
        key === undefined ? ['acct_101'] : ['acct_101', key.first],
      );
      expect(readWhole.filter((table) => growing.includes(table))).toEqual([]);
      expect(indexes.filter((index) => growing.some((table) => index === `${table}_pkey`))).toEqual([]);
    },
  );

  it('takes what people wrote about it and nothing about its neighbours', async () => {
    const counts: [string, number][] = [];
    for (const [what, sql] of [...erasures, ...auditErasures])
      counts.push([what, (await database().query(sql, ['acct_101'])).length]);
    expect(counts.filter(([, count]) => count > 0)).toEqual([
      ['notes', 4],
      ['outbox_texts', 1],
      ['audit_texts', 3],
    ]);
    const [left] = await database().query<{ entries: number; rows: number; outbox: number }>(
      `select (select count(*) from case_entries where not detail ? 'text') as entries,
        (select count(*) from audit where kind <> 'decision.recorded' and not detail ?| '{text,reason}') as rows,
        (select count(*) from outbox where payload->>'source' = 'erased') as outbox`,
    );
    expect(left).toEqual({ entries: 4, rows: 3, outbox: 1 });
  });
});
