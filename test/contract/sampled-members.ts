import { expect, it } from '@jest/globals';
import type { Database } from '../../src/adapters/postgres/database.js';
import { SqlDecisionLog } from '../../src/adapters/postgres/decision-log.js';
import { SqlQueueFigures } from '../../src/adapters/postgres/queue-figures.js';
import { toIso } from '../../src/model/time.js';
import { decisionRecord } from '../support/decision-record-builder.js';

const noon = Date.parse('2026-05-02T12:00:00.000Z');

/** Which accounts stand for a ring in its case. */
export function sampledMembersContract(database: () => Database): void {
  const joins = async (index: number, score: number): Promise<string | null> => {
    const id = `sampled_${String(index).padStart(2, '0')}`;
    const made = decisionRecord({ number: id, account: id, outcome: 'hold', ring: 'ring_sampled', detectsRing: true });
    const draft = { ...made.draft, score, decided_at: toIso(noon + index * 1000) };
    const outcome = await new SqlDecisionLog(database(), { deadlineMs: 20_000 }).commit({ ...made, draft });
    return outcome.kind === 'committed' ? outcome.decision.case_id : null;
  };

  it('samples of a ring the first, the newest, the highest scores, the verified and the spared', async () => {
    const caseId = await joins(0, 60);
    for (let i = 1; i < 14; i++) await joins(i, i === 6 || i === 7 ? 90 + i : 60);
    await database().script(`
      update accounts set verified = true where account_id = 'sampled_08';
      insert into accounts (account_id, state, version, cause, first_seen_at, changed_at)
        values ('sampled_spared', 'admitted', 1, 'decision', now(), now());
      insert into access_batch_accounts (batch_id, account_id, joined_at, result, at)
        select id, 'sampled_spared', now(), 'spared', now() from access_batches where ring_id = 'ring_sampled'`);
    const members = await new SqlQueueFigures(database()).sampleMembers(String(caseId));
    const why = Object.fromEntries(members.map((one) => [one.accountId.replace('sampled_', ''), one.why]));
    expect(why).toMatchObject({
      '00': ['first', ...(why['00']?.slice(1) ?? [])],
      '03': expect.arrayContaining(['first']),
      '06': ['highest_score'],
      '07': ['highest_score'],
      '08': ['verified'],
      '10': ['newest'],
      '13': ['newest'],
      spared: ['spared'],
    });
    expect(members.find(({ accountId }) => accountId === 'sampled_08')).toMatchObject({
      verified: true,
      state: 'held',
    });
    expect(members.find(({ accountId }) => accountId === 'sampled_07')).toMatchObject({ score: 97 });
    expect(members.find(({ accountId }) => accountId === 'sampled_spared')).toMatchObject({
      joinedAt: null,
      state: 'admitted',
    });
    expect(Object.keys(why)).not.toContain('09');
  });
}
