import {
  afterLook,
  afterSilence,
  noTrustYet,
  type ProjectionState,
  type ProjectionTrust,
  stateOfTrust,
  type WriteState,
} from '../gate/projection-trust.js';
import type { Outbox } from '../outbox/outbox.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startLoop } from './loop.js';

interface ProjectionWatchPorts {
  /** Rejects when the store does not answer. */
  readonly probe: () => Promise<WriteState>;
  /** Another number each time that the store may have lost what it was told; undefined until it was told it again. */
  readonly soundness: () => number | undefined;
  readonly outbox: Pick<Outbox, 'isWaiting'>;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'redisTakesWrites'>;
}

export interface ProjectionWatch {
  /** Doubted: a hold that was committed may not have arrived in the projection, which answers with what it had. */
  readonly state: ProjectionState;
  readonly takesWrites: boolean;
  stop(): Promise<void>;
}

/** A change of access is to be heard of within two seconds, also where it cannot be written. */
const lookMs = 500;

/** For every instance: each finds out by itself, as nobody could be told by way of a store that takes no writes. */
export function startProjectionWatch(ports: ProjectionWatchPorts): ProjectionWatch {
  let trust = noTrustYet;
  let soundness: number | undefined;
  const work = async (): Promise<boolean> => {
    const before = trust;
    const isSame = ports.soundness() === soundness;
    soundness = ports.soundness();
    if (!isSame) trust = afterSilence(trust);
    const writes = await ports.probe().catch(() => undefined);
    if (writes === undefined) {
      trust = afterSilence(trust);
      return false;
    }
    trust = afterLook(trust, writes, ports.elapsed());
    tell(before, trust, ports);
    if (soundness === undefined) {
      trust = afterSilence(trust);
      return false;
    }
    if (await hasCaughtUp(trust, ports)) trust = { ...trust, isCaughtUp: true };
    return false;
  };
  const loop = startLoop({ everyMs: lookMs, work, onError: () => undefined });
  return {
    get state() {
      return soundness !== undefined && ports.soundness() === soundness ? stateOfTrust(trust) : 'silent';
    },
    get takesWrites() {
      return trust.writes === 'taken';
    },
    stop: () => loop.stop(),
  };
}

async function hasCaughtUp(trust: ProjectionTrust, { outbox, elapsed }: ProjectionWatchPorts): Promise<boolean> {
  if (trust.isCaughtUp || trust.reachableSince === undefined) return trust.isCaughtUp;
  return !(await outbox.isWaiting('tightening', elapsed() - trust.reachableSince));
}

const words: Readonly<Record<WriteState, string>> = {
  taken: 'Redis takes writes again',
  full: 'Redis is full and takes no writes: what it cannot be told is taken out of it, and the gate asks the database',
  refused: 'Redis answers and takes no writes: the gate asks the database instead',
};

function tell(before: ProjectionTrust, { writes }: ProjectionTrust, { logger, metrics }: ProjectionWatchPorts): void {
  if (writes === undefined || writes === before.writes) return;
  metrics.redisTakesWrites.set(writes === 'taken' ? 1 : 0);
  if (writes !== 'taken') logger.error({ writes }, words[writes]);
  else if (before.writes !== undefined) logger.warn({ writes }, words.taken);
}
