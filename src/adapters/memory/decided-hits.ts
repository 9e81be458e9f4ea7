import type { DecidedHits, DecidedHitsSource, HitsPage } from '../../evaluate/rule-evidence.js';
import type { Decision } from '../../model/decision.js';
import type { Instant } from '../../model/time.js';
import type { MemoryTruth } from './memory-truth.js';

/** What the SQL one reads from its tables, from those in memory. */
export class MemoryDecidedHits implements DecidedHitsSource {
  constructor(private readonly truth: MemoryTruth) {}

  async page(since: Instant, { before, limit }: HitsPage): Promise<readonly DecidedHits[]> {
    const all = [...this.truth.decisions.values()].map(({ decision }) => this.hitsOf(decision));
    const wanted = all.filter((one) => one.decidedAt >= since && (before === undefined || compare(one, before) < 0));
    return wanted.sort((a, b) => compare(b, a)).slice(0, limit);
  }

  private hitsOf(decision: Decision): DecidedHits {
    const account = this.truth.accounts.get(decision.account_id);
    return {
      id: decision.id,
      accountId: decision.account_id,
      decidedAt: Date.parse(decision.decided_at),
      outcome: decision.reported?.outcome ?? decision.outcome,
      rules: decision.reasons.map(({ rule }) => rule),
      shadow: decision.shadow,
      without: decision.without ?? [],
      label: account?.label ?? null,
      verified: account?.verified ?? false,
    };
  }
}

type Place = Pick<DecidedHits, 'id' | 'decidedAt'>;

const compare = (a: Place, b: Place): number => a.decidedAt - b.decidedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
