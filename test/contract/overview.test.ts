import { describe, expect, it } from '@jest/globals';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { SqlOverview } from '../../src/adapters/postgres/overview.js';
import type { Outcome } from '../../src/model/rule.js';
import { decisionRecord } from '../support/decision-record-builder.js';
import { usePglite, usePostgres } from '../support/test-databases.js';

const noon = Date.parse('2026-05-01T12:00:00.000Z');
const hour = 3_600_000;
const span = { from: noon - 24 * hour, now: noon, bucketMs: 15 * 60_000 };

let number = 0;

async function decide(database: Database, outcome: Outcome, at: number): Promise<string> {
  const record = decisionRecord({ number: `overview_${++number}`, outcome, occurredAt: at });
  await new SqlDecisionLog(database, { deadlineMs: 10_000 }).commit(record);
  return record.draft.account_id;
}

function overviewContract(open: () => Database): void {
  it('says nothing of an installation in which nothing has happened', async () => {
    const figures = await new SqlOverview(open()).read(span);
    expect(figures).toMatchObject({ signups: [], signupsLast5m: 0, usualPerMinute: [], rulesets: [], growingRings: [] });
    expect(figures.cases).toEqual({ open: 0, late: 0, oldestAt: null });
    expect(figures.labelled).toEqual({ fraud: 0, honest: 0 });
  });

  it('piles up signups by outcome, and compares the pace with the same hour of earlier days', async () => {
    const database = open();
    await decide(database, 'allow', noon - 60_000);
    await decide(database, 'allow', noon - 2 * 60_000);
    await decide(database, 'limit', noon - 3 * hour);
    const held = await decide(database, 'hold', noon - 3 * hour);
    await decide(database, 'allow', noon - 24 * hour - 10 * 60_000);
    await decide(database, 'allow', noon - 9 * 24 * hour);
    await database.query(
      `insert into labels (account_id, label, source, observed_at, recorded_at, actor)
       values ($1, 'honest', 'test', $2, $2, 'test'), ($1, 'fraud', 'test', $3, $3, 'test')`,
      [held, new Date(noon - 2 * hour), new Date(noon - hour)],
    );
    const figures = await new SqlOverview(database).read(span);
    expect(figures.signups).toEqual([
      { at: noon - 3 * hour, outcomes: { allow: 0, limit: 1, hold: 1, deny: 0 } },
      { at: noon - 15 * 60_000, outcomes: { allow: 2, limit: 0, hold: 0, deny: 0 } },
    ]);
    expect(figures.signupsLast5m).toBe(2);
    expect(figures.usualPerMinute).toEqual([1 / 60]);
    expect(figures.cases).toMatchObject({ open: 1, late: 0 });
    expect(figures.labelled).toEqual({ fraud: 1, honest: 0 });
  });
}

describe('The overview, on PGlite', () => overviewContract(usePglite()));
describe('The overview, on PostgreSQL', () => overviewContract(usePostgres(100)));
