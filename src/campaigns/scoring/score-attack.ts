import { type Share, shareOf } from '../../model/share.js';
import { type AccountStory, firstStop, isLimited, isStopped, stateAt } from './account-story.js';
import { countExchanges } from './count-exchanges.js';
import { noQuotas, type Quotas } from './exchanges.js';
import type { RingNames } from './ring-names.js';

const hourMs = 3_600_000;

/** What the rules caught of some fraudulent accounts. */
export interface AttackScore {
  readonly accounts: number;
  /** Held or denied by the signup's own decision. */
  readonly atSignup: Share;
  readonly beforeFirstExchange: Share;
  readonly within1h: Share;
  readonly within6h: Share;
  readonly within24h: Share;
  readonly ever: Share;
  /** Limited in the end, not held and not only on probation. */
  readonly limited: Share;
  readonly exchanges: {
    /** What they would have drawn. */
    readonly wanted: number;
    /** Shares of it that were not given away: by holds alone, with limits, and with probation for new accounts as well. */
    readonly preventedByHolds: number | null;
    readonly preventedWithLimits: number | null;
    readonly preventedWithProbation: number | null;
  };
}

/** Prices of the exchanges: what a limited account may draw, all those of a ring, and a new one where there is probation. */
export interface Prices {
  readonly limitedPerDay: number;
  readonly ringLimitedPerDay: number | undefined;
  readonly probation: NonNullable<Quotas['probation']>;
}

export function scoreAttack(stories: readonly AccountStory[], prices: Prices, rings: RingNames): AttackScore {
  const among = (test: (story: AccountStory) => boolean): Share => shareOf(stories.filter(test).length, stories.length);
  const heldAfter = (ms: number) => among((story) => isStopped(stateAt(story, story.signupAt + ms)));
  return {
    accounts: stories.length,
    atSignup: among(({ atSignup }) => isStopped(atSignup)),
    beforeFirstExchange: among((story) => isStopped(stateAt(story, story.firstUseAt ?? Number.POSITIVE_INFINITY))),
    within1h: heldAfter(hourMs),
    within6h: heldAfter(6 * hourMs),
    within24h: heldAfter(24 * hourMs),
    ever: among((story) => firstStop(story) !== undefined),
    limited: among(({ changes }) => isLimited(changes.at(-1))),
    exchanges: priceOf(stories, prices, rings),
  };
}

/** The quotas of limited accounts and their rings, without those of new ones. */
export const limitsOf = ({ limitedPerDay, ringLimitedPerDay }: Prices): Quotas => ({
  limited: limitedPerDay,
  ringLimited: ringLimitedPerDay,
  probation: undefined,
});

function priceOf(stories: readonly AccountStory[], prices: Prices, rings: RingNames): AttackScore['exchanges'] {
  const limits = limitsOf(prices);
  const prevented = (quotas: Quotas): number | null => {
    const { drawn, wanted } = countExchanges(stories, { quotas, rings });
    return wanted === 0 ? null : 1 - drawn / wanted;
  };
  return {
    wanted: Math.round(countExchanges(stories, { quotas: noQuotas, rings }).wanted),
    preventedByHolds: prevented(noQuotas),
    preventedWithLimits: prevented(limits),
    preventedWithProbation: prevented({ ...limits, probation: prices.probation }),
  };
}
