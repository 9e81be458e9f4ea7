import type { BurstKey, BurstTotals } from '../../features/burst-key.js';
import type { BusyLog } from '../../features/busy-log.js';
import type { LoggedEvent } from '../../features/key-call.js';
import { type KeyLabel, type KeyState, noEntries } from '../../features/key-log.js';
import type { TrustedKey } from '../../features/trusted-key.js';
import type { Instant } from '../../model/time.js';

interface KeptTrusted {
  /** The feature's. */
  readonly id: string;
  readonly state: TrustedKey;
  /** Event time after which nothing of it can be read. */
  until: Instant;
}

/**
 * Everything kept of one key. A class, because there are as many as keys: an object spread into a literal gets a hidden class
 * of its own, which makes every access to any of them a search by name, and takes more room than what it describes.
 */
export class KeyHistory implements KeyState {
  until: Instant = Number.NEGATIVE_INFINITY;
  only: LoggedEvent | undefined = undefined;
  few = noEntries;
  log: BusyLog | undefined = undefined;
  firstSeen: Map<string, Instant> | undefined = undefined;
  labels: Map<string, KeyLabel> | undefined = undefined;
  /** Where some burst has counted on it. */
  bursts: BurstKey[] | undefined = undefined;
  trusted: KeptTrusted[] | undefined = undefined;
}

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
  history.only = undefined;
  history.few = noEntries;
  history.log = undefined;
  history.firstSeen = undefined;
  history.labels = undefined;
}

function someOf<T extends { readonly until: Instant }>(kept: readonly T[], newest: Instant): T[] | undefined {
  const left = kept.filter(({ until }) => until >= newest);
  return left.length === 0 ? undefined : left;
}
