import { type AccountStory, isLimited, type StateChange } from './account-story.js';

const dayMs = 86_400_000;

/** How much an account may draw in each state, exchanges a day; undefined: no bound. */
export interface Quotas {
  readonly limited: number | undefined;
  /** That of all limited members of one ring together. */
  readonly ringLimited?: number | undefined;
  /** A new account's bound while nothing is known against it, and how long it holds. */
  readonly probation: { readonly perDay: number; readonly forMs: number } | undefined;
}

export const noQuotas: Quotas = { limited: undefined, probation: undefined };

interface Stretch {
  readonly from: number;
  readonly until: number;
  /** Undefined: nothing is known of it yet. */
  readonly standing: StateChange | undefined;
}

/** The time in which the account would draw, cut where its state or its quota changes and where a day of use ends. */
function* stretches(story: AccountStory, probationEnds: number): Generator<Stretch> {
  const { firstUseAt, lastUseAt, changes } = story;
  if (firstUseAt === undefined || lastUseAt === undefined) return;
  const days = Array.from(
    { length: Math.ceil((lastUseAt - firstUseAt) / dayMs) },
    (_, day) => firstUseAt + day * dayMs,
  );
  const cuts = [...changes.map(({ at }) => at), ...days, probationEnds, lastUseAt]
    .filter((at) => at > firstUseAt && at <= lastUseAt)
    .sort((a, b) => a - b);
  let from = firstUseAt;
  for (const until of cuts) {
    if (until > from) yield { from, until, standing: changes.findLast(({ at }) => at <= from) };
    from = until;
  }
}

/** A time during which an account draws evenly: what it wanted and what it got. */
export interface Draw {
  readonly from: number;
  readonly until: number;
  readonly wanted: number;
  readonly drawn: number;
  /** The account was limited then: its ring's quota is asked, too. */
  readonly limited: boolean;
}

/** All the time in which an account draws, or would. A quota is for a day of use and can be spent at once. */
export function* drawsOf(story: AccountStory, quotas: Quotas): Generator<Draw> {
  const probationEnds = story.signupAt + (quotas.probation?.forMs ?? 0);
  let [day, spent] = [0, 0];
  for (const { from, until, standing } of stretches(story, probationEnds)) {
    const today = Math.floor((from - (story.firstUseAt ?? from)) / dayMs);
    if (today !== day) [day, spent] = [today, 0];
    const wanted = (story.truth.exchanges_per_day * (until - from)) / dayMs;
    const quota = quotaOf({ standing, isNew: until <= probationEnds }, quotas);
    const drawn = Math.min(wanted, Math.max(0, quota - spent));
    if (quota < Number.POSITIVE_INFINITY) spent += drawn;
    yield { from, until, wanted, drawn, limited: isLimitedBy(quotas, standing) };
  }
}

interface Standing {
  readonly standing: StateChange | undefined;
  readonly isNew: boolean;
}

const unbounded = Number.POSITIVE_INFINITY;

/** Exchanges a day. */
function quotaOf({ standing, isNew }: Standing, { limited, probation }: Quotas): number {
  if (standing?.state !== 'admitted' && standing?.state !== 'limited') return 0;
  const asNew = isNew || standing.onProbation ? (probation?.perDay ?? unbounded) : unbounded;
  const asLimited = isLimited(standing) ? (limited ?? unbounded) : unbounded;
  return Math.min(asLimited, asNew);
}

/** Where probation is left out of the price, who is on it counts as admitted. */
const isLimitedBy = ({ probation }: Quotas, standing: StateChange | undefined): boolean =>
  standing?.state === 'limited' && (!standing.onProbation || probation !== undefined);
