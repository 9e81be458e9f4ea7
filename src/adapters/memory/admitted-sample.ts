import type { StoredDecision } from '../../decisions/decision-log.js';
import type { AdmittedInputs, AdmittedQuery, AdmittedSample } from '../../decisions/usual-inputs.js';
import type { MemoryTruth } from './memory-truth.js';

/** What the SQL one reads from its tables, from those in memory. */
export class MemoryAdmittedSample implements AdmittedSample {
  constructor(private readonly truth: MemoryTruth) {}

  async latest({ type, before, names, limit }: AdmittedQuery): Promise<readonly AdmittedInputs[]> {
    return [...this.truth.decisions.values()]
      .filter(({ decision }) => decision.type === type && decision.outcome === 'allow' && madeAt(decision) < before)
      .sort((a, b) => madeAt(b.decision) - madeAt(a.decision))
      .slice(0, limit)
      .filter(({ decision }) => this.truth.accounts.get(decision.account_id)?.state === 'admitted')
      .map(({ decision, inputs }) => ({
        decidedAt: madeAt(decision),
        values: names.map((name) => inputs[name] ?? null),
      }));
  }
}

const madeAt = ({ decided_at }: StoredDecision['decision']): number => Date.parse(decided_at);
