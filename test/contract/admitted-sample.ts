import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DecisionLog } from '../../src/decisions/decision-log.js';
import type { AdmittedSample } from '../../src/decisions/usual-inputs.js';
import type { Outcome } from '../../src/model/rule.js';
import type { Value } from '../../src/model/value.js';
import { decisionRecord } from '../support/decision-record-builder.js';

export interface SampledTruth {
  readonly log: DecisionLog;
  readonly sample: AdmittedSample;
}

/** A time of its own: other suites write into the same truth. Nothing is decided before it. */
const start = Date.parse('2018-03-01T00:00:00.000Z');

interface Seen {
  readonly n: number;
  readonly inputs: Record<string, Value>;
  readonly outcome?: Outcome;
}

const seen = ({ n, inputs, outcome = 'allow' }: Seen) =>
  decisionRecord({ number: `sampled${n}`, account: `sampled_${n}`, occurredAt: start + 1000 * n, outcome, inputs });

export function admittedSampleContract(open: () => SampledTruth): void {
  describe('the latest decisions that let somebody in', () => {
    let truth: SampledTruth;
    const latest = (names: readonly string[], limit = 100, before = start + 60_000) =>
      truth.sample.latest({ type: 'signup', before, names, limit });
    beforeAll(async () => {
      truth = open();
      for (const n of [2, 1, 3])
        await truth.log.commit(seen({ n, inputs: { accounts: n, 'geo.country': 'DE', 'ip.is_vpn': n === 2 } }));
      await truth.log.commit(seen({ n: 4, inputs: { 'geo.country': 'FR' } }));
      await truth.log.commit(seen({ n: 5, inputs: { accounts: 1000 }, outcome: 'hold' }));
    });

    it('come with what they saw, in the order asked for, the latest first; nobody who was held is among them', async () => {
      expect(await latest(['ip.is_vpn', 'accounts', 'geo.country'])).toEqual([
        { decidedAt: start + 4000, values: [null, null, 'FR'] },
        { decidedAt: start + 3000, values: [false, 3, 'DE'] },
        { decidedAt: start + 2000, values: [true, 2, 'DE'] },
        { decidedAt: start + 1000, values: [false, 1, 'DE'] },
      ]);
    });

    it('are so many at most, from before an instant', async () => {
      const found = await latest(['accounts'], 2, start + 4000);
      expect(found.map(({ decidedAt }) => decidedAt)).toEqual([start + 3000, start + 2000]);
      expect(await latest(['accounts'], 2, start)).toEqual([]);
    });

    it('say nothing when nothing is asked', async () => {
      expect((await latest([])).map(({ values }) => values)).toEqual([[], [], [], []]);
    });
  });
}
