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

/** A time during which an account draws evenly: what it wanted and what it got. */
export interface Draw {
  readonly from: number;
  readonly until: number;
  readonly wanted: number;
  readonly drawn: number;
}

/** All the time in which an account draws, or would. */
export function* drawsOf(story: AccountStory, quotas: Quotas): Generator<Draw> {
  const probationEnds = story.signupAt + (quotas.probation?.forMs ?? 0);
  for (const { from, until, state } of stretches(story, probationEnds)) {
    const wanted = (story.truth.exchanges_per_day * (until - from)) / dayMs;
    const isStopped = state === 'held' || state === 'denied' || state === undefined;
    const perDay = [
      state === 'limited' ? quotas.limited : undefined,
      until <= probationEnds ? quotas.probation?.perDay : undefined,
    ].filter((limit) => limit !== undefined);
    const quota = perDay.length === 0 ? undefined : Math.min(...perDay);
    yield { from, until, wanted, drawn: isStopped ? 0 : bounded(wanted, quota, until - from) };
  }
}

/** Exchanges that the account got, and that it would have got from a service that holds nobody. */
export function exchangesOf(story: AccountStory, quotas: Quotas): { readonly drawn: number; readonly wanted: number } {
  let [drawn, wanted] = [0, 0];
  for (const draw of drawsOf(story, quotas)) {
    drawn += draw.drawn;
    wanted += draw.wanted;
  }
  return { drawn, wanted };
}
