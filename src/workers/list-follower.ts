import type { ListAdditions } from '../lists/list-additions.js';
import type { ListEntries } from '../lists/list-entries.js';
import type { Clock, Instant } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import { startLoop } from './loop.js';

interface ListFollowerPorts {
  readonly entries: Pick<ListEntries, 'revision' | 'active' | 'forgetExpired'>;
  readonly additions: ListAdditions;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface ListFollower {
  /** The latest; before the first decision, and after a change made here. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

const pollMs = 500;
const forgetEveryMs = 60_000;

/** In every instance: rules read what was added to lists, anywhere, within a second, and no longer than it is to last. */
export function startListFollower({ entries, additions, clock, log }: ListFollowerPorts): ListFollower {
  let seen: number | undefined;
  let expiresAt: Instant = Number.POSITIVE_INFINITY;
  let forgottenAt: Instant = 0;
  const look = async (): Promise<boolean> => {
    const now = clock.now();
    // Those that still wait for a second person expire as well.
    if (now >= expiresAt || now - forgottenAt >= forgetEveryMs) {
      await entries.forgetExpired(now);
      forgottenAt = now;
    }
    const revision = await entries.revision();
    if (revision === seen && now < expiresAt) return false;
    const active = await entries.active(now);
    additions.replace(active);
    seen = revision;
    expiresAt = Math.min(...active.map((entry) => entry.expiresAt ?? Number.POSITIVE_INFINITY));
    return false;
  };
  const onError = (error: unknown): void =>
    log.warn({ error }, 'changes of lists could not be read; it will be tried again');
  const loop = startLoop({ everyMs: pollMs, work: look, onError });
  return {
    look: async () => void (await look()),
    stop: () => loop.stop(),
  };
}
