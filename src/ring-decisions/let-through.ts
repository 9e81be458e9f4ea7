import type { DecisionLog } from '../decisions/decision-log.js';
import type { RuleSet } from '../ruleset/rule-set.js';

/** An account is asked for its latest decisions, not for all it ever did. */
const lookedAt = 50;

/**
 * Which of the accounts an allow-list lets through: for some live rule with a ceiling, the latest decision that asked the
 * rule was made under it. A rule set without such rules, as the default one is, asks nothing.
 */
export async function letThrough(
  accountIds: readonly string[],
  decisions: Pick<DecisionLog, 'byAccount'>,
  { rules }: Pick<RuleSet, 'rules'>,
): Promise<ReadonlySet<string>> {
  const ceilings = rules.filter(({ atMost, mode }) => atMost !== undefined && mode === 'live');
  const through = new Set<string>();
  if (ceilings.length === 0) return through;
  for (const accountId of accountIds) {
    const latest = (await decisions.byAccount(accountId, { limit: lookedAt })).map(({ decision }) => decision);
    const isListed = ceilings.some(({ id, on }) =>
      latest.find(({ type }) => on.includes(type))?.reasons.some(({ rule }) => rule === id),
    );
    if (isListed) through.add(accountId);
  }
  return through;
}
