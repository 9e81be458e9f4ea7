import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DecisionLog } from '../../src/decisions/decision-log.js';
import type { UsualInputs } from '../../src/decisions/usual-inputs.js';
import type { Outcome } from '../../src/model/rule.js';
import type { Value } from '../../src/model/value.js';
import { decisionRecord } from '../support/decision-record-builder.js';

export interface UsualTruth {
  readonly log: DecisionLog;
  readonly usual: UsualInputs;
}

/** A time of its own: other suites write into the same truth. Nothing is decided before it. */
const start = Date.parse('2018-03-01T00:00:00.000Z');

interface Seen {
  readonly n: number;
  readonly inputs: Record<string, Value>;
  readonly outcome?: Outcome;
}

const seen = ({ n, inputs, outcome = 'allow' }: Seen) =>
  decisionRecord({ number: `usual${n}`, account: `usual_${n}`, occurredAt: start + 1000 * n, outcome, inputs });

export function usualInputsContract(open: () => UsualTruth): void {
  describe('what is usual', () => {
    let truth: UsualTruth;
    const among = (values: Record<string, Value>, limit = 100, before = start + 60_000) =>
      truth.usual.among({ type: 'signup', before, values, limit });
    beforeAll(async () => {
      truth = open();
      for (let n = 1; n <= 20; n++)
        await truth.log.commit(seen({ n, inputs: { accounts: n, 'geo.country': n <= 15 ? 'DE' : 'FR' } }));
      await truth.log.commit(seen({ n: 21, inputs: { 'ip.is_vpn': true } }));
      await truth.log.commit(seen({ n: 22, inputs: { accounts: 1000 }, outcome: 'hold' }));
    });

    it('tells a number by its range and by how many have as much', async () => {
      const { admitted, since, inputs } = await among({ accounts: 18 });
      expect({ admitted, since }).toEqual({ admitted: 21, since: start + 1000 });
      expect(inputs).toEqual([
        { name: 'accounts', value: 18, known: 20, same: 1, range: { low: 1, median: 10, high: 19, atLeast: 3 } },
      ]);
    });

    it('tells a text or a yes by how many have the same, and what is missing is not counted', async () => {
      const { inputs } = await among({ 'geo.country': 'FR', 'ip.is_vpn': true, 'ip.is_tor': false });
      expect(inputs).toEqual([
        { name: 'geo.country', value: 'FR', known: 20, same: 5, range: null },
        { name: 'ip.is_vpn', value: true, known: 1, same: 1, range: null },
        { name: 'ip.is_tor', value: false, known: 0, same: 0, range: null },
      ]);
    });

    it('looks at the latest only, before the decision alone', async () => {
      const { admitted, inputs } = await among({ accounts: 4 }, 5, start + 11_000);
      expect(admitted).toBe(5);
      expect(inputs[0]).toMatchObject({ known: 5, range: { low: 6, median: 8, high: 10, atLeast: 5 } });
    });

    it('says so when nobody was let in before', async () => {
      expect(await among({ accounts: 4 }, 5, start)).toEqual({
        admitted: 0,
        since: undefined,
        inputs: [{ name: 'accounts', value: 4, known: 0, same: 0, range: null }],
      });
    });

    it('has nothing to say when nothing is asked', async () => {
      expect(await among({})).toEqual({ admitted: 0, since: undefined, inputs: [] });
    });
  });
}
