import type { AccessState } from '../../model/access.js';
import type { TruthLine } from '../truth-line.js';

/** What became of one account, against what it is. Times are epoch milliseconds. */
export interface AccountStory {
  readonly truth: TruthLine;
  readonly signupAt: number;
  readonly firstUseAt: number | undefined;
  readonly lastUseAt: number | undefined;
  /** State after the signup's own decision; undefined: there was none. */
  atSignup: AccessState | undefined;
  /** Each change of state, in the order of time. */
  readonly changes: StateChange[];
  /** Ring named last. */
  ringId: string | undefined;
  /** The undecided case that it is in. */
  undecided: CaseOf | undefined;
}

interface CaseOf {
  readonly id: string;
  /** It is the case of a whole ring. */
  readonly wholeRing: boolean;
}

export interface StateChange {
  readonly at: number;
  readonly state: AccessState;
  /** Limited only because it is new: by the probation's quota, not by that of `limit`. */
  readonly onProbation: boolean;
}

export const storyOf = (truth: TruthLine): AccountStory => ({
  truth,
  signupAt: Date.parse(truth.signup_at),
  firstUseAt: truth.first_use_at === null ? undefined : Date.parse(truth.first_use_at),
  lastUseAt: truth.last_use_at === null ? undefined : Date.parse(truth.last_use_at),
  atSignup: undefined,
  changes: [],
  ringId: undefined,
  undecided: undefined,
});

export const isStopped = (state: AccessState | undefined): boolean => state === 'held' || state === 'denied';

/** The account's state at a time, changes at that very time included. */
export function stateAt({ changes }: AccountStory, at: number): AccessState | undefined {
  return changes.findLast((change) => change.at <= at)?.state;
}

/** When it was first held or denied. */
export const firstStop = ({ changes }: AccountStory): number | undefined =>
  changes.find(({ state }) => isStopped(state))?.at;

/** By what is known against it. */
export const isLimited = (change: StateChange | undefined): boolean =>
  change?.state === 'limited' && !change.onProbation;

/** Milliseconds limited from its signup until `until`; probation is not counted. */
export function timeLimited({ changes }: AccountStory, until: number): number {
  return changes.reduce((sum, change, index) => {
    const end = Math.min(until, changes[index + 1]?.at ?? until);
    return isLimited(change) ? sum + Math.max(0, end - change.at) : sum;
  }, 0);
}
