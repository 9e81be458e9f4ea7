import type { AccessState } from '../../model/access.js';
import type { AccountStory } from './account-story.js';

const dayMs = 86_400_000;

/** How much an account may draw in each state, exchanges a day; undefined: no bound. */
export interface Quotas {
  readonly limited: number | undefined;
  /** A new account's bound while nothing is known against it, and how long it holds. */
  readonly probation: { readonly perDay: number; readonly forMs: number } | undefined;
}

export const noQuotas: Quotas = { limited: undefined, probation: undefined };

interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly state: AccessState | undefined;
}

/** The time in which the account would draw, cut where its state changes and where probation ends. */
function* stretches(story: AccountStory, probationEnds: number): Generator<Stretch> {
  const { firstUseAt, lastUseAt, changes } = story;
  if (firstUseAt === undefined || lastUseAt === undefined) return;
  const cuts = [...changes.map(({ at }) => at), probationEnds, lastUseAt]
    .filter((at) => at > firstUseAt && at <= lastUseAt)
    .sort((a, b) => a - b);
  let from = firstUseAt;
  for (const until of cuts) {
    if (until > from) yield { from, until, state: changes.findLast(({ at }) => at <= from)?.state };
    from = until;
  }
}

/** A quota a day can be spent at once: a day that is begun counts as a whole one. */
const bounded = (drawn: number, perDay: number | undefined, ms: number): number =>
  perDay === undefined ? drawn : Math.min(drawn, perDay * Math.ceil(ms / dayMs));

/** Exchanges that the account got, and that it would have got from a service that holds nobody. */
export function exchangesOf(story: AccountStory, quotas: Quotas): { readonly drawn: number; readonly wanted: number } {
  const probationEnds = story.signupAt + (quotas.probation?.forMs ?? 0);
  let [drawn, wanted] = [0, 0];
  for (const { from, until, state } of stretches(story, probationEnds)) {
    const all = (story.truth.exchanges_per_day * (until - from)) / dayMs;
    wanted += all;
    if (state === 'held' || state === 'denied' || state === undefined) continue;
    const onProbation = quotas.probation !== undefined && until <= probationEnds;
    const limits = [
      state === 'limited' ? quotas.limited : undefined,
      onProbation ? quotas.probation?.perDay : undefined,
    ];
    const perDay = limits.filter((limit) => limit !== undefined);
    drawn += bounded(all, perDay.length === 0 ? undefined : Math.min(...perDay), until - from);
  }
  return { drawn, wanted };
}
