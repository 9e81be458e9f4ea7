import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { memoryCaseRecords } from '../../src/adapters/memory/case-records.js';
import { MemoryDecidedHits } from '../../src/adapters/memory/decided-hits.js';
import { MemoryDecisionLog } from '../../src/adapters/memory/decision-log.js';
import { MemoryHoldBudget } from '../../src/adapters/memory/hold-budget.js';
import { MemoryTruth } from '../../src/adapters/memory/memory-truth.js';
import { MemoryRuleLedger } from '../../src/adapters/memory/rule-ledger.js';
import { postgresCaseRecords } from '../../src/adapters/postgres/case-records.js';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecidedHits } from '../../src/adapters/postgres/decided-hits.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { SqlHoldBudget } from '../../src/adapters/postgres/hold-budget.js';
import { SqlOutbox } from '../../src/adapters/postgres/outbox.js';
import { SqlRuleLedger } from '../../src/adapters/postgres/rule-ledger.js';
import { webhookMessage } from '../../src/outbox/webhook-message.js';
import { allOfCases } from '../support/all-of-cases.js';
import { usePglite, usePostgres } from '../support/test-databases.js';
import { type EvidenceWorld, ruleEvidenceContract } from './rule-evidence.js';
import { ruleLedgerContract } from './rule-ledger.js';

const options = { claimSecret: 'a secret that every instance knows', random: (count: number) => randomBytes(count) };

const onDatabase = (database: Database): EvidenceWorld => ({
  log: new SqlDecisionLog(database, { deadlineMs: 20_000 }),
  cases: allOfCases(postgresCaseRecords(database), options),
  hits: new SqlDecidedHits(database),
  budget: new SqlHoldBudget(database),
  async told() {
    const rows = await database.query<{ payload: { held: number; evaluated: number } }>(
      `select o.payload from outbox o where o.kind = 'budget_exceeded' and exists (
        select 1 from audit a where a.kind = 'budget.exceeded' and a.detail = o.payload) order by o.id`,
    );
    return rows.map(({ payload }) => payload);
  },
});

const fuse = { rule: 'loud', definition: 'v1', at: Date.parse('2026-05-01T12:00:00Z'), hits: 6, events: 9 };

/** What stands beside the ledger in the truth. */
function tellsOutboxAndAudit(open: () => Database): void {
  it('tells outbox and audit of a blown fuse once, and audit of its reset', async () => {
    const ledger = new SqlRuleLedger(open());
    for (const instance of ['one', 'two']) await ledger.blow({ ...fuse, instance });
    await ledger.resetFuse('loud', 'key_author', fuse.at + 1);
    const told = (await new SqlOutbox(open()).take({ lane: 'others', limit: 50, leaseMs: 60_000 })).filter(
      ({ subject }) => subject === 'loud',
    );
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

/** What is written is what goes out. */
function tellsWebhooksAllOfTheBudget(open: () => Database): void {
  it('tells outside all the figures of a budget that is spent', async () => {
    const figures = { evaluated: 1000, held: 30, honest: 4, limit: 0.005, rules: [{ rule: 'loud', decisions: 28 }] };
    const at = fuse.at + 400 * 86_400_000;
    const shares = { heldShare: 0.03, honestShare: 0.004 };
    await new SqlHoldBudget(open()).alert({ ...figures, ...shares, at, overMs: 3_600_000, exceeded: true });
    const taken = await new SqlOutbox(open()).take({ lane: 'others', limit: 50, leaseMs: 60_000 });
    const told = taken.findLast(({ kind }) => kind === 'budget_exceeded');
    expect(told && webhookMessage(told)).toMatchObject({
      event: 'budget.exceeded',
      payload: { ...figures, held_share: 0.03, over_s: 3600, at: new Date(at).toISOString() },
    });
    expect(told && webhookMessage(told)?.payload).toEqual(told?.payload);
  });
}

describe('What rules do, in memory', () => {
  const ledger = new MemoryRuleLedger();
  const truth = new MemoryTruth();
  const budget = new MemoryHoldBudget(truth);
  ruleLedgerContract(() => ledger);
  ruleEvidenceContract(() => ({
    log: new MemoryDecisionLog(truth),
    cases: allOfCases(memoryCaseRecords(truth), options),
    hits: new MemoryDecidedHits(truth),
    budget,
    told: async () => budget.told,
  }));
});

describe('What rules do, on PGlite', () => {
  const database = usePglite();
  ruleLedgerContract(() => new SqlRuleLedger(database()));
  tellsOutboxAndAudit(database);
  ruleEvidenceContract(() => onDatabase(database()));
  tellsWebhooksAllOfTheBudget(database);
});

describe('What rules do, on PostgreSQL', () => {
  const database = usePostgres(64);
  ruleLedgerContract(() => new SqlRuleLedger(database()));
  tellsOutboxAndAudit(database);
  ruleEvidenceContract(() => onDatabase(database()));
  tellsWebhooksAllOfTheBudget(database);
});
