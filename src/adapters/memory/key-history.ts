import type { BurstKey, BurstTotals } from '../../features/burst-key.js';
import { emptyKey, type KeyState } from '../../features/key-log.js';
import type { TrustedKey } from '../../features/trusted-key.js';
import type { Instant } from '../../model/time.js';

export interface KeptTrusted {
  /** The feature's. */
  readonly id: string;
  readonly state: TrustedKey;
  /** Event time after which nothing of it can be read. */
  until: Instant;
}

/** Everything kept of one key. */
export interface KeyHistory extends KeyState {
  /** Where some burst has counted on it. */
  bursts: BurstKey[] | undefined;
  trusted: KeptTrusted[] | undefined;
}

export const newHistory = (): KeyHistory => ({ ...emptyKey(), bursts: undefined, trusted: undefined });

/** Loops and no callbacks here and below: this runs for every feature of every event. */
export function burstOn({ bursts }: KeyHistory, totals: BurstTotals): BurstKey | undefined {
  if (bursts !== undefined) for (const burst of bursts) if (burst.totals === totals) return burst;
  return undefined;
}

export function trustedOn({ trusted }: KeyHistory, id: string): KeptTrusted | undefined {
  if (trusted !== undefined) for (const one of trusted) if (one.id === id) return one;
  return undefined;
}

/** Lets go of what can no longer be read; true when nothing is left. */
export function forgetOld(history: KeyHistory, newest: Instant): boolean {
  if (history.until < newest) forgetLog(history);
  const { bursts, trusted } = history;
  if (bursts?.some(({ until }) => until < newest)) history.bursts = someOf(bursts, newest);
  if (trusted?.some(({ until }) => until < newest)) history.trusted = someOf(trusted, newest);
  return history.until < newest && history.bursts === undefined && history.trusted === undefined;
}

function forgetLog(history: KeyHistory): void {
  history.few = [];
  history.log = undefined;
  history.firstSeen = undefined;
  history.labels = undefined;
}

function someOf<T extends { readonly until: Instant }>(kept: readonly T[], newest: Instant): T[] | undefined {
  const left = kept.filter(({ until }) => until >= newest);
  return left.length === 0 ? undefined : left;
}
