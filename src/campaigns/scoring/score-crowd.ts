import { type Share, shareOf } from '../../model/share.js';
import { type AccountStory, firstStop, isStopped, timeIn } from './account-story.js';

const hourMs = 3_600_000;

/** What honest people paid. */
export interface CrowdScore {
  readonly accounts: number;
  readonly heldAtSignup: Share;
  /** Held or denied at any time. */
  readonly held: Share;
  /** Limited at any time and never held. */
  readonly limited: Share;
  /** Hours that those spent limited, half of them less than the median; null: nobody was. */
  readonly limitedHours: { readonly median: number; readonly most: number } | null;
}

export function scoreCrowd(stories: readonly AccountStory[], until: number): CrowdScore {
  const among = (test: (story: AccountStory) => boolean): Share => shareOf(stories.filter(test).length, stories.length);
  const isHeld = (story: AccountStory): boolean => firstStop(story) !== undefined;
  const isLimited = (story: AccountStory): boolean =>
    !isHeld(story) && story.changes.some(({ state }) => state === 'limited');
  const hours = stories.filter(isLimited).map((story) => timeIn(story, 'limited', until) / hourMs);
  hours.sort((a, b) => a - b);
  return {
    accounts: stories.length,
    heldAtSignup: among(({ atSignup }) => isStopped(atSignup)),
    held: among(isHeld),
    limited: among(isLimited),
    limitedHours: hours.length === 0 ? null : { median: hours[hours.length >> 1] ?? 0, most: hours.at(-1) ?? 0 },
  };
}
