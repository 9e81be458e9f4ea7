import { beforeAll, expect, it } from '@jest/globals';
import { listCases } from '../../src/adapters/postgres/case-list.js';
import { lockNextCase, lockNextOfLane } from '../../src/adapters/postgres/case-statements.js';
import type { Database, Queryable } from '../../src/adapters/postgres/database.js';
import { caseCursorOf } from '../../src/cases/case-cursor.js';
import type { CaseFilter } from '../../src/cases/review-queue.js';
import { queryPlan } from '../support/query-plan.js';

const waiting = 50_000;
/** As the queue of a bad week: most wait, some are ring's, put off, escalated, claimed; as many were decided before. */
const seed = `set local statement_timeout = 0;
  insert into cases (id, account_id, ring_id, whole_ring, state, priority, score, reason, opened_at, due_at, claimed_by,
      lease_until, snoozed_until, escalated_at, country)
    select 'plan_' || lpad(i::text, 5, '0'), 'plan_' || i, case when i % 5 = 0 then 'ring_' || i end, i % 50 = 0,
      case when i % 100 = 1 then 'claimed' when i % 25 = 2 then 'snoozed' else 'open' end, 60 + i % 70, 60 + i % 41,
      (array['payment.reused', 'velocity.burst', 'device.shared', 'manual.appeal'])[1 + i % 4],
      date_trunc('milliseconds', now() - i % 2880 * interval '1 minute'),
      date_trunc('milliseconds', now() + (1440 - i % 2880) * interval '1 minute'),
      case when i % 100 = 1 then 'key_' || i % 7 end, case when i % 100 = 1 then now() + interval '5 minutes' end,
      case when i % 25 = 2 then now() + interval '1 day' end, case when i % 500 = 3 then now() end,
      (array['DE', 'US', 'FR', 'BR', 'IN'])[1 + i % 5]
    from generate_series(1, ${waiting}) i;
  insert into cases (id, account_id, state, priority, score, reason, opened_at, due_at)
    select 'plan_decided_' || i, 'plan_decided_' || i, 'decided', 60, 60, 'payment.reused',
      date_trunc('milliseconds', now() - interval '3 days'), date_trunc('milliseconds', now() - interval '2 days')
    from generate_series(1, ${waiting}) i;
  insert into case_accounts (case_id, account_id, joined_at)
    select 'plan_' || lpad((50 * (1 + i % 1000))::text, 5, '0'), 'plan_member_' || i, now()
    from generate_series(1, ${waiting}) i;
  analyze cases, case_accounts;`;

interface Asked {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** All that is asked for a page; what was asked before the page itself is answered. */
async function allAsked(database: Queryable, filter: Partial<CaseFilter>): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const recorder: Queryable = {
    query: (sql, parameters = []) => {
      asked.push({ sql, parameters });
      return database.query(sql, parameters);
    },
    script: async () => undefined,
  };
  await listCases(recorder, { sort: 'priority', limit: 100, actor: 'key_1', now: Date.now(), ...filter });
  return asked;
}

/** What is asked for the page itself. */
async function asking(database: Queryable, filter: Partial<CaseFilter>): Promise<Asked> {
  const page = (await allAsked(database, filter)).at(-1);
  if (page === undefined) throw new Error('nothing was asked');
  return page;
}

/** The indexes of the queue that it is read by, and whether all cases are read. */
async function planOf(database: Database, { sql, parameters }: Asked) {
  const { indexes, readWhole } = await queryPlan(database, sql, parameters);
  return { indexes: indexes.filter((name) => name.startsWith('cases')), readsAll: readWhole.includes('cases') };
}

/** Each page, the filter that it is asked with, and the indexes that may carry it. */
const pages: readonly (readonly [string, Partial<CaseFilter>, RegExp])[] = [
  ['unclaimed', { view: 'unclaimed' }, /^cases_queue$/],
  ['mine', { view: 'mine' }, /^cases_(?:assigned|claimed)$/],
  ['due', { view: 'due', sort: 'due_at' }, /^cases_due$/],
  ['rings', { view: 'rings' }, /^cases_of_rings$/],
  ['appeals', { view: 'appeals' }, /^cases_appealed$/],
  ['snoozed', { view: 'snoozed' }, /^cases_snoozed$/],
  ['escalated', { view: 'escalated' }, /^cases_escalated$/],
  ['of a country', { view: 'unclaimed', country: 'BR' }, /^cases_(?:by_country|queue)$/],
  ['of a reason', { view: 'unclaimed', reason: 'device.shared' }, /^cases_(?:by_reason|queue)$/],
  ['whose account begins so', { view: 'unclaimed', q: 'plan_4999' }, /^cases_by_account_prefix$/],
  [
    'with such a member',
    { view: 'unclaimed', q: 'plan_member_4999' },
    /^cases_(?:by_account_prefix|by_id_undecided|pkey)$/,
  ],
  ['claimed', { state: 'claimed' }, /^cases_(?:claimed|queue)$/],
];

/** Last in its database: 50,000 cases stay in it. */
export function queuePlansContract(database: () => Database): void {
  beforeAll(() => database().transaction((tx) => tx.script(seed)));

  it.each(pages)('reads along an index: %s', async (_name, filter, index) => {
    const plan = await planOf(database(), await asking(database(), filter));
    expect(plan).toEqual({ readsAll: false, indexes: plan.indexes.map(() => expect.stringMatching(index)) });
    expect(plan.indexes).not.toEqual([]);
  });

  it('finds the rings of a member along an index', async () => {
    const [members] = await allAsked(database(), { view: 'unclaimed', q: 'plan_member_4999' });
    if (members === undefined) throw new Error('nothing was asked');
    const { indexes } = await queryPlan(database(), members.sql, members.parameters);
    expect(indexes).toEqual(['case_accounts_by_account']);
  });

  it('reads pages far behind the first, and what is handed out next, along an index', async () => {
    const cursor = caseCursorOf({ value: Date.now() - 86_400_000, id: 'plan_00001', sort: 'priority' });
    const far = await asking(database(), { view: 'unclaimed', cursor });
    const next = { sql: lockNextCase, parameters: [new Date(), 'key_1', false] };
    const lane = { sql: lockNextOfLane, parameters: [new Date(), 'key_1', false] };
    const by = (index: string) => ({ readsAll: false, indexes: [index] });
    expect(await planOf(database(), far)).toEqual(by('cases_queue'));
    expect(await planOf(database(), next)).toEqual(by('cases_queue'));
    expect(await planOf(database(), lane)).toEqual(by('cases_lane'));
  });
}
