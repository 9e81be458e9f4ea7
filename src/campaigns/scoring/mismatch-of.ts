import type { Stories } from './read-stories.js';

/**
 * Why these outcomes are not all of this campaign, a sentence each; none when they are. An account without a decision is one
 * of which nothing is known: scored, it would pass for one that drew nothing.
 */
export function mismatchOf(stories: Stories): string[] {
  const all = [...stories.all()];
  const silent = all.filter(({ atSignup }) => atSignup === undefined).map(({ truth }) => truth.account_id);
  return [
    ...(all.length === 0 ? ['the truth has no accounts'] : []),
    ...told(silent, `of ${all.length} accounts of the truth have no decision of their signup`),
    ...told([...stories.strangers], 'accounts with outcomes are not in the truth'),
  ];
}

const mostShown = 3;

function told(accounts: readonly string[], what: string): string[] {
  if (accounts.length === 0) return [];
  const more = accounts.length > mostShown ? ', …' : '';
  return [`${accounts.length} ${what} (${accounts.slice(0, mostShown).join(', ')}${more})`];
}
