import type { StoredDecision } from '../../decisions/decision-log.js';
import type { DecidedPlace, PastDecision, PastDecisions, PastDecisionsQuery } from '../../decisions/past-decisions.js';
import { type Label, newestLabel } from '../../model/label.js';
import type { MemoryTruth } from './memory-truth.js';

/** What the SQL one reads from its tables, from those in memory. */
export class MemoryPastDecisions implements PastDecisions {
  constructor(private readonly truth: MemoryTruth) {}

  async page({ since, until, after, limit }: PastDecisionsQuery): Promise<readonly PastDecision[]> {
    const wanted = [...this.truth.decisions.values()].filter((stored) => {
      const place = placeOf(stored);
      return place.decidedAt >= since && place.decidedAt < until && (after === undefined || compare(place, after) > 0);
    });
    wanted.sort((a, b) => compare(placeOf(a), placeOf(b)));
    return wanted.slice(0, limit).flatMap((stored) => this.pastOf(stored) ?? []);
  }

  private pastOf({ decision, inputs }: StoredDecision): PastDecision | undefined {
    const { account_id: accountId, event_id: eventId } = decision;
    const account = this.truth.accounts.get(accountId);
    const event = this.truth.histories.get(accountId)?.events.find((one) => one.eventId === eventId);
    if (account === undefined) return undefined;
    const occurredAt = event?.occurredAt ?? Date.parse(decision.decided_at);
    return { decision, inputs, occurredAt, state: account.state, label: this.labelOf(accountId) };
  }

  private labelOf(accountId: string): Label | undefined {
    return newestLabel(this.truth.labels.get(accountId) ?? [])?.label;
  }
}

const placeOf = ({ decision }: StoredDecision): DecidedPlace => ({
  decidedAt: Date.parse(decision.decided_at),
  decisionId: decision.id,
});

const compare = (a: DecidedPlace, b: DecidedPlace): number =>
  a.decidedAt - b.decidedAt || (a.decisionId < b.decisionId ? -1 : a.decisionId > b.decisionId ? 1 : 0);
