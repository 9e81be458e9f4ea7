import { type Share, shareOf } from '../../model/share.js';
import { type AccountStory, firstStop, isLimited, isStopped, timeLimited } from './account-story.js';

const hourMs = 3_600_000;

/** What honest people paid. */
export interface CrowdScore {
  readonly accounts: number;
  readonly heldAtSignup: Share;
  /** Held or denied at any time. */
  readonly held: Share;
  /** Limited at any time by what was known against them, and never held. */
  readonly limited: Share;
  /** Limited at any time only because they were new. */
  readonly onProbation: Share;
  /** Hours that those spent limited, half of them less than the median; null: nobody was. */
  readonly limitedHours: { readonly median: number; readonly most: number } | null;
}

export function scoreCrowd(stories: readonly AccountStory[], until: number): CrowdScore {
  const among = (test: (story: AccountStory) => boolean): Share => shareOf(stories.filter(test).length, stories.length);
  const isHeld = (story: AccountStory): boolean => firstStop(story) !== undefined;
  const wasLimited = (story: AccountStory): boolean => !isHeld(story) && story.changes.some(isLimited);
  const hours = stories.filter(wasLimited).map((story) => timeLimited(story, until) / hourMs);
  hours.sort((a, b) => a - b);
  return {
    accounts: stories.length,
    heldAtSignup: among(({ atSignup }) => isStopped(atSignup)),
    held: among(isHeld),
    limited: among(wasLimited),
    onProbation: among(({ changes }) => changes.some(({ onProbation }) => onProbation)),
    limitedHours: hours.length === 0 ? null : { median: hours[hours.length >> 1] ?? 0, most: hours.at(-1) ?? 0 },
  };
}
