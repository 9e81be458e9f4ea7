import type { AccountStory } from './account-story.js';
import type { Stories } from './read-stories.js';
import { type AttackScore, type Prices, scoreAttack } from './score-attack.js';
import { type CrowdScore, scoreCrowd } from './score-crowd.js';
import { type RingScore, scoreRings } from './score-rings.js';

/** What a rule set did with a campaign and with the honest people around it. */
export interface Scorecard {
  readonly attack: AttackScore;
  readonly tiers: Readonly<Record<string, AttackScore>>;
  readonly pools: Readonly<Record<string, AttackScore>>;
  readonly honest: CrowdScore;
  readonly crowds: Readonly<Record<string, CrowdScore>>;
  readonly rings: RingScore;
  readonly prices: Prices;
}

export function scoreCampaign(stories: Stories, prices: Prices): Scorecard {
  const all = [...stories.all()];
  const fraud = all.filter(({ truth }) => truth.kind === 'fraud');
  const honest = all.filter(({ truth }) => truth.kind === 'honest');
  const attackBy = (keyOf: (story: AccountStory) => string) =>
    scoreEach(fraud, keyOf, (group) => scoreAttack(group, prices, stories.rings));
  return {
    attack: scoreAttack(fraud, prices, stories.rings),
    tiers: attackBy(({ truth }) => truth.tier ?? 'unknown'),
    pools: attackBy(({ truth }) => truth.ring ?? 'unknown'),
    honest: scoreCrowd(honest, stories.lastAt),
    crowds: scoreEach(
      honest,
      ({ truth }) => truth.crowd ?? 'unknown',
      (group) => scoreCrowd(group, stories.lastAt),
    ),
    rings: scoreRings(all, stories.rings),
    prices,
  };
}

function scoreEach<T>(
  stories: readonly AccountStory[],
  keyOf: (story: AccountStory) => string,
  score: (group: readonly AccountStory[]) => T,
): Record<string, T> {
  const keys = [...new Set(stories.map(keyOf))].sort();
  return Object.fromEntries(keys.map((key) => [key, score(stories.filter((story) => keyOf(story) === key))]));
}
