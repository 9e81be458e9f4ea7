import { describe, expect, it } from '@jest/globals';
import type { DecisionLog, DecisionRecord } from '../../src/decisions/decision-log.js';
import type { BudgetReading, HoldBudget } from '../../src/evaluate/hold-budget.js';
import type { DecidedHitsSource } from '../../src/evaluate/rule-evidence.js';
import type { AllOfCases } from '../support/all-of-cases.js';
import { decisionRecord, type RecordParts } from '../support/decision-record-builder.js';

export interface EvidenceWorld {
  readonly log: DecisionLog;
  readonly cases: AllOfCases;
  readonly hits: DecidedHitsSource;
  readonly budget: HoldBudget;
  /** What outbox and audit were told of the budget. */
  told(): Promise<readonly { readonly held: number; readonly evaluated: number }[]>;
}

const hourMs = 3_600_000;

/** What is read of decisions and cases to judge rules by. Each test has a time of its own. */
export function ruleEvidenceContract(open: () => EvidenceWorld): void {
  const commit = async (world: EvidenceWorld, parts: RecordParts, draft: Partial<DecisionRecord['draft']> = {}) => {
    const record = decisionRecord(parts);
    await world.log.commit({ ...record, draft: { ...record.draft, ...draft } });
  };

  describe('decisions', () => {
    const noon = Date.parse('2026-06-01T12:00:00.000Z');

    it('come newest first, in pages, from a time on', async () => {
      const world = open();
      for (let n = 0; n < 7; n++)
        await commit(world, { number: 7100 + n, account: `hits-${n}`, occurredAt: noon + Math.floor(n / 2) });
      const first = await world.hits.page(noon + 1, { limit: 3 });
      const second = await world.hits.page(noon + 1, { before: first.at(-1), limit: 3 });
      expect([...first, ...second].map(({ accountId }) => accountId)).toEqual([
        'hits-6',
        'hits-5',
        'hits-4',
        'hits-3',
        'hits-2',
      ]);
      expect(first[0]).toMatchObject({ decidedAt: noon + 3, label: null, verified: false });
    });

    it('tell which rules counted, which would have, which turned the outcome, and what has become of the account', async () => {
      const world = open();
      const at = noon + 24 * hourMs;
      const shadow = [{ rule: 'tried', outcome: 'deny' as const }];
      const without = [{ rule: 'payment-many-accounts-hold', outcome: 'allow' as const }];
      const held = { number: 7200, account: 'hits-labelled', outcome: 'hold', occurredAt: at } as const;
      await commit(world, held, { shadow, without });
      await commit(
        world,
        { number: 7201, account: 'hits-reported', occurredAt: at + 1 },
        { reported: { outcome: 'hold', score: 70 } },
      );
      const label = { accountId: 'hits-labelled', label: 'honest' as const, source: 'support', observedAt: at };
      await world.cases.recordLabel(label, 'ann', at + 2);
      expect(await world.hits.page(at, { limit: 5 })).toMatchObject([
        { accountId: 'hits-reported', outcome: 'hold', rules: [], shadow: [], without: [] },
        {
          accountId: 'hits-labelled',
          outcome: 'hold',
          rules: ['payment-many-accounts-hold'],
          shadow,
          without,
          label: 'honest',
        },
      ]);
    });
  });

  describe('held accounts', () => {
    const noon = Date.parse('2026-07-01T12:00:00.000Z');

    it('are counted once each, and apart those who turned out to be honest', async () => {
      const world = open();
      const held = async (name: string, more: Partial<RecordParts> = {}) =>
        commit(world, {
          number: `budget-${name}`,
          account: `budget-${name}`,
          outcome: 'hold',
          occurredAt: noon,
          ...more,
        });
      await held('early', { occurredAt: noon - 48 * hourMs });
      for (const name of ['waiting', 'verified', 'labelled', 'fraud']) await held(name);
      await held('again', { number: 'budget-waiting-again', account: 'budget-waiting' });
      await commit(world, { number: 'budget-let', account: 'budget-let', occurredAt: noon });
      const passed = {
        accountId: 'budget-verified',
        result: 'passed' as const,
        evidence: {},
        actor: 'provider',
        now: noon + 1,
      };
      for (const method of ['phone', 'business'] as const) await world.cases.recordVerification({ ...passed, method });
      const label = (name: string, kind: 'fraud' | 'honest') =>
        world.cases.recordLabel(
          { accountId: `budget-${name}`, label: kind, source: 'support', observedAt: noon },
          'ann',
          noon + 1,
        );
      await label('labelled', 'honest');
      await label('fraud', 'fraud');
      expect(await world.budget.heldSince(noon - hourMs)).toEqual({ held: 3, honest: 2 });
      expect((await world.budget.heldSince(noon - 72 * hourMs)).held).toBe(4);
      expect(await world.budget.heldSince(noon + hourMs)).toEqual({ held: 0, honest: 0 });
    });

    it('are alerted of once in a period', async () => {
      const world = open();
      const reading = (at: number): BudgetReading => ({
        at,
        evaluated: 1000,
        held: 30,
        honest: 4,
        heldShare: 0.03,
        honestShare: 0.004,
        limit: 0.005,
        overMs: 24 * hourMs,
        exceeded: true,
        rules: [{ rule: 'payment-many-accounts', decisions: 28 }],
      });
      expect(await world.budget.alert(reading(noon))).toBe(true);
      expect(await open().budget.alert(reading(noon + hourMs))).toBe(false);
      expect(await world.budget.alert(reading(noon + 24 * hourMs))).toBe(true);
      expect(await world.told()).toMatchObject([
        { held: 30, evaluated: 1000 },
        { held: 30, evaluated: 1000 },
      ]);
    });
  });
}
