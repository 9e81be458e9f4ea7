import type { StoredDecision } from '../../decisions/decision-log.js';
import type { Usual, UsualInput, UsualInputs, UsualQuery, UsualRange } from '../../decisions/usual-inputs.js';
import type { Value } from '../../model/value.js';
import type { MemoryTruth } from './memory-truth.js';

/** What the SQL one reads from its tables, from those in memory. */
export class MemoryUsualInputs implements UsualInputs {
  constructor(private readonly truth: MemoryTruth) {}

  async among({ type, before, values, limit }: UsualQuery): Promise<Usual> {
    const latest = [...this.truth.decisions.values()]
      .filter(({ decision }) => decision.type === type && decision.outcome === 'allow' && madeAt(decision) < before)
      .sort((a, b) => madeAt(b.decision) - madeAt(a.decision))
      .slice(0, limit)
      .filter(({ decision }) => this.truth.accounts.get(decision.account_id)?.state === 'admitted');
    const names = Object.entries(values);
    const oldest = latest.at(-1);
    return {
      admitted: names.length === 0 ? 0 : latest.length,
      since: oldest === undefined || names.length === 0 ? undefined : madeAt(oldest.decision),
      inputs: names.map(([name, value]) => usualOf(name, value, latest)),
    };
  }
}

const madeAt = ({ decided_at }: StoredDecision['decision']): number => Date.parse(decided_at);

function usualOf(name: string, value: Value, seen: readonly StoredDecision[]): UsualInput {
  const known = seen.flatMap(({ inputs }) => inputs[name] ?? []);
  return {
    name,
    value,
    known: known.length,
    same: known.filter((one) => one === value).length,
    range: typeof value === 'number' ? rangeOf(value, known) : null,
  };
}

function rangeOf(value: number, known: readonly Value[]): UsualRange | null {
  const numbers = known.filter((one) => typeof one === 'number').sort((a, b) => a - b);
  const at = (share: number): number => numbers[Math.max(0, Math.ceil(share * numbers.length) - 1)] ?? Number.NaN;
  if (numbers.length === 0) return null;
  return { low: at(0.05), median: at(0.5), high: at(0.95), atLeast: numbers.filter((one) => one >= value).length };
}
