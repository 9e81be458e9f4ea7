import { type AccountStory, firstStop, isStopped } from './account-story.js';
import type { RingNames } from './ring-names.js';

/** When one operator's pool was first met, and how well the found rings fit it. */
interface RingTruthScore {
  readonly ring: string;
  readonly accounts: number;
  /** Accounts let in before the first hold of one of them; null: none was ever held. */
  readonly admittedBeforeFirstHold: number | null;
  /** From its first signup. */
  readonly minutesToFirstHold: number | null;
  /** Share of its accounts in the found ring that has most of them. */
  readonly completeness: number;
  /** Share of its accounts in any found ring. */
  readonly covered: number;
}

export interface RingScore {
  readonly truths: readonly RingTruthScore[];
  /** Found rings with at least two accounts. */
  readonly found: number;
  /** Share of the members of found rings that belong to the ring's commonest truth; honest strangers count as nobody's. */
  readonly purity: number | null;
  /** Held accounts whose case is that of a whole ring. */
  readonly heldInRings: { readonly count: number; readonly of: number };
  /** Undecided cases of held accounts, as reviewers get them: of whole rings, and of single accounts. */
  readonly cases: { readonly rings: number; readonly single: number };
}

const truthOf = ({ truth }: AccountStory): string | undefined => truth.ring ?? truth.unit;

function grouped<T>(stories: Iterable<T>, keyOf: (story: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const story of stories) {
    const key = keyOf(story);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [story]);
    else group.push(story);
  }
  return groups;
}

const largest = (groups: Map<string, unknown[]>): number =>
  Math.max(0, ...[...groups.values()].map(({ length }) => length));

export function scoreRings(stories: readonly AccountStory[], names: RingNames): RingScore {
  const foundOf = ({ ringId }: AccountStory) => (ringId === undefined ? undefined : names.nameOf(ringId));
  const truths = grouped(stories, ({ truth }) => truth.ring);
  const found = [...grouped(stories, foundOf).values()].filter(({ length }) => length > 1);
  const members = found.reduce((sum, { length }) => sum + length, 0);
  const fitting = found.reduce((sum, ring) => sum + largest(grouped(ring, truthOf)), 0);
  const held = stories.filter((story) => isStopped(story.changes.at(-1)?.state));
  const inRings = held.filter(({ undecided }) => undecided?.wholeRing === true);
  return {
    truths: [...truths].map(([ring, accounts]) => scoreTruth({ ring, accounts, foundOf })),
    found: found.length,
    purity: members === 0 ? null : fitting / members,
    heldInRings: { count: inRings.length, of: held.length },
    cases: {
      rings: grouped(inRings, ({ undecided }) => undecided?.id).size,
      single: held.filter(({ undecided }) => undecided?.wholeRing === false).length,
    },
  };
}

interface TruthParts {
  readonly ring: string;
  readonly accounts: readonly AccountStory[];
  readonly foundOf: (story: AccountStory) => string | undefined;
}

function scoreTruth({ ring, accounts, foundOf }: TruthParts): RingTruthScore {
  const stops = accounts.map(firstStop).filter((at) => at !== undefined);
  const begin = accounts.reduce((first, { signupAt }) => Math.min(first, signupAt), Number.POSITIVE_INFINITY);
  const firstHold = stops.length === 0 ? undefined : stops.reduce((first, at) => Math.min(first, at));
  const letIn = accounts.filter(({ signupAt, atSignup }) => signupAt <= (firstHold ?? 0) && !isStopped(atSignup));
  const found = grouped(accounts, foundOf);
  const covered = [...found.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    ring,
    accounts: accounts.length,
    admittedBeforeFirstHold: firstHold === undefined ? null : letIn.length,
    minutesToFirstHold: firstHold === undefined ? null : (firstHold - begin) / 60_000,
    completeness: largest(found) / accounts.length,
    covered: covered / accounts.length,
  };
}
