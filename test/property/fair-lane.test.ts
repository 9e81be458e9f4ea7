import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { memoryCaseRecords } from '../../src/adapters/memory/case-records.js';
import { MemoryTruth } from '../../src/adapters/memory/memory-truth.js';
import { laneEvery, laneScoreBelow } from '../../src/cases/fair-lane.js';
import { newCase } from '../../src/cases/new-case.js';
import { allOfCases } from '../support/all-of-cases.js';

const start = Date.parse('2026-05-01T12:00:00.000Z');
const minute = 60_000;

/** One minute of the queue: what comes in, and how many cases are picked and decided. */
const aMinute = fc.record({
  rings: fc.integer({ min: 0, max: 6 }),
  held: fc.integer({ min: 0, max: 6 }),
  singles: fc.array(fc.integer({ min: 0, max: laneScoreBelow - 1 }), { maxLength: 2 }),
  picks: fc.integer({ min: 0, max: 4 }),
});

/** The most picks until a waiting case of the lane is picked, while `ahead` cases of the lane have waited longer. */
const lanePicksAtMost = (ahead: number): number => laneEvery * (ahead + 1);

interface Waiting {
  readonly pick: number;
  readonly ahead: number;
}

describe('the lane of single accounts', () => {
  it('is worked off within the bound that it promises, whatever floods the queue', async () => {
    const play = async (minutes: readonly { rings: number; held: number; singles: number[]; picks: number }[]) => {
      const truth = new MemoryTruth();
      const cases = allOfCases(memoryCaseRecords(truth), {
        claimSecret: 'of a test',
        random: (count) => Buffer.alloc(count, 7),
      });
      const waiting = new Map<string, Waiting>();
      let made = 0;
      let picks = 0;
      const open = (now: number, score: number, ringId: string | null, wholeRing = false): string => {
        const id = `case_${String(++made).padStart(6, '0')}`;
        const priority = ringId === null ? score : score + 30;
        truth.putCase({ ...newCase(id, `a${made}`, now), score, priority, ringId, wholeRing });
        return id;
      };
      const pick = async (now: number): Promise<void> => {
        picks += 1;
        const claim = await cases.claimNext('ann', now);
        if (claim === undefined) return;
        const { id } = claim.case;
        const since = waiting.get(id);
        if (since !== undefined) expect(picks - since.pick).toBeLessThanOrEqual(lanePicksAtMost(since.ahead));
        waiting.delete(id);
        await cases.decide({ caseId: id, claimToken: claim.claimToken, actor: 'ann', decision: 'reject', now });
      };
      for (const [index, { rings, held, singles, picks: count }] of minutes.entries()) {
        const now = start + index * minute;
        for (let i = 0; i < rings; i++) open(now, 100, `ring_${made}`, true);
        // Held with a ring, each with a case of its own.
        for (let i = 0; i < held; i++) open(now, 100, 'ring_flood');
        for (const score of singles) {
          const ahead = waiting.size;
          waiting.set(open(now, score, null), { pick: picks, ahead });
        }
        for (let i = 0; i < count; i++) await pick(now);
      }
      // Whoever still waits has not waited longer than promised.
      for (const { pick: from, ahead } of waiting.values()) expect(picks - from).toBeLessThan(lanePicksAtMost(ahead));
    };
    await fc.assert(fc.asyncProperty(fc.array(aMinute, { minLength: 1, maxLength: 40 }), play), { numRuns: 100 });
  });
});
