import { expect, it } from '@jest/globals';
import { migrate } from '../../src/adapters/postgres/migrate.js';
import { olderDatabase } from '../support/older-database.js';

/** As an older version left them: the label that had arrived last counted. */
const left = `
  insert into accounts (account_id, state, version, cause, label, changed_at, first_seen_at)
    select n, 'held', 1, 'label', l, now(), now()
    from (values ('late_honest', 'honest'), ('late_fraud', 'fraud'), ('same_time', 'fraud'), ('without', null)) a (n, l);
  insert into labels (account_id, label, source, observed_at, recorded_at, actor)
    select a, l, 'test', observed::timestamptz, now(), 'test' from (values
      ('late_honest', 'fraud', '2026-05-02'), ('late_honest', 'honest', '2026-05-01'),
      ('late_fraud', 'honest', '2026-05-02'), ('late_fraud', 'fraud', '2026-05-01'),
      ('same_time', 'honest', '2026-05-01'), ('same_time', 'fraud', '2026-05-01')) l (a, l, observed)`;

const database = olderDatabase('0035', left);

it('goes by the label that was observed last, also where an older version went by the one that came last', async () => {
  await migrate(database());
  expect(await database().query('select account_id, label from accounts order by account_id')).toEqual([
    { account_id: 'late_fraud', label: 'honest' },
    { account_id: 'late_honest', label: 'fraud' },
    { account_id: 'same_time', label: 'fraud' },
    { account_id: 'without', label: null },
  ]);
});
