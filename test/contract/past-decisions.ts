import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DecisionLog } from '../../src/decisions/decision-log.js';
import type { DecidedPlace, PastDecision, PastDecisions } from '../../src/decisions/past-decisions.js';
import type { Label } from '../../src/model/label.js';
import { decisionRecord } from '../support/decision-record-builder.js';

export interface PastDecisionsTruth {
  readonly log: DecisionLog;
  readonly past: PastDecisions;
  readonly label: (accountId: string, label: Label, observedAt: number) => Promise<void>;
}

/** A time of its own: other suites write into the same truth. */
const start = Date.parse('2019-03-01T00:00:00.000Z');
const all = { since: start, until: start + 3_600_000 };

const placeOf = ({ decision }: PastDecision): DecidedPlace => ({
  decidedAt: Date.parse(decision.decided_at),
  decisionId: decision.id,
});

async function everyPage(past: PastDecisions, limit: number): Promise<PastDecision[]> {
  const found: PastDecision[] = [];
  for (;;) {
    const last = found.at(-1);
    const page = await past.page({ ...all, after: last && placeOf(last), limit });
    found.push(...page);
    if (page.length < limit) return found;
  }
}

export function pastDecisionsContract(open: () => PastDecisionsTruth): void {
  describe('past decisions', () => {
    let truth: PastDecisionsTruth;
    beforeAll(async () => {
      truth = open();
      // Three a second, so that pages end within one moment; committed in another order than decided.
      for (const n of [7, 2, 9, 0, 4, 1, 8, 3, 6, 5])
        await truth.log.commit(
          decisionRecord({
            number: `past${n}`,
            account: `past_${n % 4}`,
            occurredAt: start + 1000 * Math.floor(n / 3),
            outcome: n === 5 ? 'hold' : 'allow',
          }),
        );
      await truth.label('past_1', 'honest', start + 5000);
      await truth.label('past_1', 'fraud', start + 9000);
      await truth.label('past_1', 'honest', start + 7000);
    });

    it.each([1, 2, 3, 7, 100])('come in the order in which they were made, each once, %i a page', async (limit) => {
      const ids = (await everyPage(truth.past, limit)).map(({ decision }) => decision.event_id);
      expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `evt_past${n}`));
    });

    it('carry what was seen, what the account may do by now, and its latest label', async () => {
      const rows = await everyPage(truth.past, 100);
      expect(rows[1]).toMatchObject({ label: 'fraud', state: 'held', decision: { outcome: 'allow' } });
      expect(rows[1]?.inputs).toEqual({ 'ip.asn': 64500, 'email.domain': 'mail.example', 'email.is_free': true });
      expect(rows[0]).toMatchObject({ label: undefined, state: 'admitted', occurredAt: start });
    });

    it('begin at `since` and end before `until`', async () => {
      const page = await truth.past.page({ since: start + 1000, until: start + 2000, limit: 100 });
      expect(page.map(({ decision }) => decision.event_id)).toEqual(['evt_past3', 'evt_past4', 'evt_past5']);
    });
  });
}
