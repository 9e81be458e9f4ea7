/**
 * What the projection's store says to a write. full: nothing may grow, but what is outdated is still taken out. refused:
 * nothing changes at all (a replica, a disk error), and it goes on answering with what it had.
 */
export type WriteState = 'taken' | 'full' | 'refused';

/**
 * believed: what it says holds. doubted: a hold may not have arrived in it. silent: its store did not answer when it was
 * last asked, and what it says again is not to be believed yet.
 */
export type ProjectionState = 'believed' | 'doubted' | 'silent';

/** Whether the gate may believe the projection. */
export interface ProjectionTrust {
  /** Undefined until somebody could ask. */
  readonly writes: WriteState | undefined;
  /** By a clock that never goes back: since then a change of access reaches the projection, or is tried again. */
  readonly reachableSince: number | undefined;
  /** Everything that tightens access and was committed before `reachableSince` has arrived. */
  readonly isCaughtUp: boolean;
  /** It gave no answer when it was last asked. */
  readonly isSilent: boolean;
}

export const noTrustYet: ProjectionTrust = {
  writes: undefined,
  reachableSince: undefined,
  isCaughtUp: false,
  isSilent: false,
};

/** What could not be written meanwhile is missing when it answers again. */
export const afterSilence = (trust: ProjectionTrust): ProjectionTrust => ({
  ...trust,
  reachableSince: undefined,
  isCaughtUp: false,
  isSilent: true,
});

export function afterLook(trust: ProjectionTrust, writes: WriteState, now: number): ProjectionTrust {
  if (writes === 'refused') return { writes, reachableSince: undefined, isCaughtUp: false, isSilent: false };
  return { ...trust, writes, reachableSince: trust.reachableSince ?? now, isSilent: false };
}

export function stateOfTrust({ isCaughtUp, isSilent }: ProjectionTrust): ProjectionState {
  if (isSilent) return 'silent';
  return isCaughtUp ? 'believed' : 'doubted';
}
