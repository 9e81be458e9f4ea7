import { expect, it } from '@jest/globals';
import { migrate } from '../../src/adapters/postgres/migrate.js';
import { olderDatabase } from '../support/older-database.js';

/** As an older version left it: no country where only the signup's was read, and 25 points for every fraud label. */
const left = `
  insert into decisions (id, event_id, body_hash, account_id, type, occurred_at, decided_at, outcome, score, answer, inputs,
      sealed)
    select 'dec_' || n, 'evt_' || n, 'x', n, 'signup', now(), now(), 'hold', 80, '{"reasons": []}',
      '{"signup.country": "DE", "signup.asn": 64501, "email.domain": "mail.example"}', ''
    from unnest(array['held', 'opened']) n;
  insert into cases (id, account_id, decision_id, state, priority, score, reason, opened_at, due_at)
    values ('case_held', 'held', 'dec_held', 'open', 155, 80, 'payment.reused', now(), now()),
      ('case_opened', 'opened', null, 'open', 175, 100, 'history.fraud_label', now(), now()),
      ('case_quiet', 'quiet', null, 'open', 60, 60, 'manual.hold', now(), now());
  insert into case_entries (case_id, at, actor, kind, detail)
    select id, now(), 'billing', 'fraud_label', '{}'
    from unnest(array['case_held', 'case_held', 'case_held', 'case_opened', 'case_opened']) id`;

const database = olderDatabase('0020', left);

it('finds out for cases of an older version where they came from, shows the decisions about their accounts, and counts their fraud labels once', async () => {
  await migrate(database());
  const rows = await database().query(
    `select id, decision_id, country, network, priority::float8, fraud_labelled, waits_from = date_trunc('milliseconds', opened_at - priority * interval '30 minutes') as waits
     from cases order by id`,
  );
  expect(rows).toEqual([
    {
      id: 'case_held',
      decision_id: 'dec_held',
      country: 'DE',
      network: 'AS64501',
      priority: 105,
      fraud_labelled: true,
      waits: true,
    },
    {
      id: 'case_opened',
      decision_id: 'dec_opened',
      country: 'DE',
      network: 'AS64501',
      priority: 125,
      fraud_labelled: true,
      waits: true,
    },
    {
      id: 'case_quiet',
      decision_id: null,
      country: null,
      network: null,
      priority: 60,
      fraud_labelled: false,
      waits: true,
    },
  ]);
});
