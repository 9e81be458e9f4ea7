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

async function decide(database: Database, outcome: Outcome, at: number, degraded: string[] = []): Promise<string> {
  const record = decisionRecord({ number: `overview_${++number}`, outcome, occurredAt: at });
  await new SqlDecisionLog(database, { deadlineMs: 10_000 }).commit({
    ...record,
    draft: { ...record.draft, degraded },
  });
  return record.draft.account_id;
}

/** A rule that fired so often in an hour. */
const count = (database: Database, rule: string, [at, evaluated, fired]: readonly [number, number, number]) =>
  database.query('insert into rule_counts (rule, definition, hour, evaluated, live) values ($1, $1, $2, $3, $4)', [
    rule,
    new Date(at),
    evaluated,
    fired,
  ]);

function overviewContract(open: () => Database): void {
  it('says nothing of an installation in which nothing has happened', async () => {
    const figures = await new SqlOverview(open()).read(span);
    expect(figures).toMatchObject({
      signups: [],
      signupsLast5m: 0,
      usualPerMinute: [],
      rulesets: [],
      growingRings: [],
    });
    expect(figures).toMatchObject({ degraded: [], jumped: [], provisional: 0 });
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
    // Six of the seven days had nobody at that hour, and that is usual too.
    expect(figures.usualPerMinute).toEqual([1 / 60, 0, 0, 0, 0, 0, 0]);
    expect(figures.cases).toMatchObject({ open: 1, late: 0 });
    expect(figures.labelled).toEqual({ fraud: 1, honest: 0 });
  });

  it('tells minute by minute what decisions missed; a clamped time is no such thing', async () => {
    const database = open();
    await decide(database, 'limit', noon - 10 * 60_000, ['velocity_unavailable', 'occurred_at_clamped']);
    await decide(database, 'limit', noon - 10 * 60_000 + 1_000, ['velocity_unavailable', 'ring_unavailable']);
    await decide(database, 'allow', noon - 5 * 60_000, ['occurred_at_clamped']);
    const { degraded } = await new SqlOverview(database).read(span);
    expect(degraded).toEqual([
      { at: noon - 10 * 60_000, missing: 'ring_unavailable', decisions: 1 },
      { at: noon - 10 * 60_000, missing: 'velocity_unavailable', decisions: 2 },
    ]);
  });

  it('names rules that fire far more often than they did the day before; one without a past has not jumped', async () => {
    const database = open();
    await count(database, 'steady', [noon, 100, 20]);
    await count(database, 'steady', [noon - 5 * hour, 1_000, 150]);
    await count(database, 'jumped', [noon - hour, 100, 20]);
    await count(database, 'jumped', [noon - 5 * hour, 1_000, 10]);
    await count(database, 'new', [noon, 100, 90]);
    const { jumped } = await new SqlOverview(database).read(span);
    expect(jumped).toEqual([{ rule: 'jumped', fired: 20, evaluated: 100, usualShare: 0.01 }]);
  });

  it('names rings that accounts joined in the last hour, those of a part that was merged into them too', async () => {
    const database = open();
    const ring = (id: string, root: string, state: string) =>
      database.query(
        'insert into rings (id, root, state, size, first_seen_at, changed_at) values ($1, $2, $3, 5, $4, $4)',
        [id, root, state, new Date(noon - 60_000)],
      );
    await ring('ring_grows', 'ring_grows', 'open');
    await ring('ring_part', 'ring_grows', 'merged');
    await ring('ring_rests', 'ring_rests', 'open');
    const joins = [
      ['ring_grows', noon - 60_000],
      ['ring_grows', noon - 2 * hour],
      ['ring_part', noon - 60_000],
      ['ring_part', noon - 120_000],
      ['ring_rests', noon - 2 * hour],
    ] as const;
    for (const [index, [id, at]] of joins.entries())
      await database.query('insert into ring_members (account_id, ring_id, joined_at) values ($1, $2, $3)', [
        `acct_joined_${index}`,
        id,
        new Date(at),
      ]);
    const { growingRings } = await new SqlOverview(database).read(span);
    expect(growingRings).toEqual([{ id: 'ring_grows', size: 5, growth1h: 3 }]);
  });
}

describe('The overview, on PGlite', () => overviewContract(usePglite()));
describe('The overview, on PostgreSQL', () => overviewContract(usePostgres(100)));
