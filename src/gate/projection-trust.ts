/**
 * What the projection's store says to a write. full: nothing may grow, but what is outdated is still taken out. refused:
 * nothing changes at all (a replica, a disk error), and it goes on answering with what it had.
 */
export type WriteState = 'taken' | 'full' | 'refused';

/** Whether the gate may believe the projection. */
export interface ProjectionTrust {
  /** Undefined until somebody could ask. */
  readonly writes: WriteState | undefined;
  /** By a clock that never goes back: since then a change of access reaches the projection, or is tried again. */
  readonly reachableSince: number | undefined;
  /** Everything that was committed before `reachableSince` has arrived. */
  readonly isCaughtUp: boolean;
}

export const noTrustYet: ProjectionTrust = { writes: undefined, reachableSince: undefined, isCaughtUp: false };

/** A store that does not answer changes nothing: then the gate hears so itself. */
export function afterLook(trust: ProjectionTrust, writes: WriteState, now: number): ProjectionTrust {
  if (writes === 'refused') return { writes, reachableSince: undefined, isCaughtUp: false };
  return { ...trust, writes, reachableSince: trust.reachableSince ?? now };
}
