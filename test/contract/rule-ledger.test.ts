import { describe, expect, it } from '@jest/globals';
import { MemoryRuleLedger } from '../../src/adapters/memory/rule-ledger.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlOutbox } from '../../src/adapters/postgres/outbox.js';
import { SqlRuleLedger } from '../../src/adapters/postgres/rule-ledger.js';
import { usePglite, usePostgres } from '../support/test-databases.js';
import { ruleLedgerContract } from './rule-ledger.js';

const fuse = { rule: 'loud', definition: 'v1', at: Date.parse('2026-05-01T12:00:00Z'), hits: 6, events: 9 };

/** What stands beside the ledger in the truth. */
function tellsOutboxAndAudit(open: () => Database): void {
  it('tells outbox and audit of a blown fuse once, and audit of its reset', async () => {
    const ledger = new SqlRuleLedger(open());
    for (const instance of ['one', 'two']) await ledger.blow({ ...fuse, instance });
    await ledger.resetFuse('loud', 'key_author', fuse.at + 1);
    const told = (await new SqlOutbox(open()).take(50, 60_000)).filter(({ subject }) => subject === 'loud');
    const { at, ...figures } = fuse;
    const payload = { ...figures, instance: 'one', blown_at: new Date(at).toISOString() };
    expect(told).toMatchObject([{ kind: 'rule_fuse_blown', payload }]);
    const audit = await open().query<{ actor: string; kind: string }>(
      "select actor, kind from audit where subject = 'loud' order by seq",
    );
    expect(audit).toEqual([
      { actor: 'system', kind: 'rule.fuse_blown' },
      { actor: 'key_author', kind: 'rule.fuse_reset' },
    ]);
  });
}

describe('What rules do, in memory', () => {
  const ledger = new MemoryRuleLedger();
  ruleLedgerContract(() => ledger);
});

describe('What rules do, on PGlite', () => {
  const database = usePglite();
  ruleLedgerContract(() => new SqlRuleLedger(database()));
  tellsOutboxAndAudit(database);
});

describe('What rules do, on PostgreSQL', () => {
  const database = usePostgres(64);
  ruleLedgerContract(() => new SqlRuleLedger(database()));
  tellsOutboxAndAudit(database);
});
