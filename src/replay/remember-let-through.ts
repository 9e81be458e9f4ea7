import type { DecisionLog } from '../decisions/decision-log.js';
import type { RuleSet } from '../ruleset/rule-set.js';

export interface RememberedLetThrough {
  readonly log: DecisionLog;
  readonly letThrough: (accountIds: readonly string[]) => Promise<ReadonlySet<string>>;
}

/**
 * A replay keeps no decisions. What an allow-list said last of an account is noted as decisions are committed; where no live
 * rule has a ceiling, nothing is.
 */
export function rememberLetThrough(log: DecisionLog, { rules }: Pick<RuleSet, 'rules'>): RememberedLetThrough {
  const ceilings = rules.filter(({ atMost, mode }) => atMost !== undefined && mode === 'live');
  if (ceilings.length === 0) return { log, letThrough: async () => new Set() };
  const saidBy = new Map<string, Set<string>>(ceilings.map(({ id }) => [id, new Set()]));
  const commit: DecisionLog['commit'] = async (record) => {
    const { account_id: accountId, type, reasons } = record.draft;
    for (const { id, on } of ceilings) {
      if (!on.includes(type)) continue;
      if (reasons.some(({ rule }) => rule === id)) saidBy.get(id)?.add(accountId);
      else saidBy.get(id)?.delete(accountId);
    }
    return log.commit(record);
  };
  return {
    log: {
      commit,
      byId: (decisionId) => log.byId(decisionId),
      byEventId: (eventId) => log.byEventId(eventId),
      byAccount: (accountId, page) => log.byAccount(accountId, page),
      eventsOf: (accountId) => log.eventsOf(accountId),
      status: (accountId) => log.status(accountId),
    },
    letThrough: async (ids) => new Set(ids.filter((id) => [...saidBy.values()].some((accounts) => accounts.has(id)))),
  };
}
