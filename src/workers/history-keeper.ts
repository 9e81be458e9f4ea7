import type { Instant } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { type Loop, startLoop } from './loop.js';
import { type HistoryLease, type RebuildPorts, rebuildHistory } from './rebuild-history.js';

/** The mark in Redis that tells a whole history from a lost one. */
interface HistoryMarkPort {
  beat(
    seenAt: Instant,
    now: Instant,
  ): Promise<{ readonly state: 'whole' | 'missing' | 'behind' | 'restored'; readonly at: Instant }>;
  show(now: Instant): Promise<void>;
  revoke(): Promise<void>;
  claim(): Promise<HistoryLease | undefined>;
}

/** The truth's copy of the mark's time. */
interface MarkCopy {
  read(): Promise<Instant>;
  /** Never goes back, save from a time after `latest`, which no clock can have shown. */
  raise(at: Instant, latest: Instant): Promise<void>;
}

interface HistoryPorts extends Omit<RebuildPorts, 'onProgress' | 'isStopping'> {
  readonly mark: HistoryMarkPort;
  readonly markCopy: MarkCopy;
  /** Counts what could not be counted when it was decided, and has those judged again who were decided meanwhile. */
  readonly catchUp: () => Promise<void>;
  /** False while Redis is another database's: nothing is rebuilt in it. */
  readonly isOurs?: () => boolean;
  /** Of what Redis drops: nothing is rebuilt that it would drop again, and nothing is whole that it dropped meanwhile. */
  readonly drops?: { readonly mayRebuild: boolean; look(): Promise<void> };
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const lookMs = 1000;
/** The copy follows at this distance: one small write each five seconds, for all instances together. */
const copyBehindMs = 5000;
/** A copy that is further ahead is from a clock that was ahead. */
const copyAheadMs = 10_000;
const tellEveryMs = 10_000;

/** False when the history in Redis is lost and has to be rebuilt. Where nothing was ever decided an empty one is whole. */
export async function lookAtHistory(
  ports: Omit<HistoryPorts, keyof RebuildPorts | 'catchUp'> & Pick<RebuildPorts, 'history' | 'clock'>,
): Promise<boolean> {
  const { mark, markCopy, history, clock, metrics } = ports;
  const copied = await markCopy.read();
  const now = clock.now();
  const { state, at } = await mark.beat(copied, now);
  if (state === 'whole') {
    metrics.historyWhole.set(1);
    const latest = now + copyAheadMs;
    if (at - copied >= copyBehindMs || copied > latest) await markCopy.raise(at, latest);
    return true;
  }
  // Whoever watches for losses tells it again what it lacks, and then it is whole: nothing has to be rebuilt.
  if (state === 'behind') return true;
  if (state === 'restored') await mark.revoke();
  if ((await history.newestAt()) === undefined) {
    await mark.show(clock.now());
    metrics.historyWhole.set(1);
    return true;
  }
  metrics.historyWhole.set(0);
  return false;
}

/** Looks each second, and rebuilds what is lost; one instance at a time, by a lease. */
export function startHistoryKeeper(ports: HistoryPorts): Loop {
  const { logger } = ports;
  let isStopping = false;
  let isLost = false;
  const work = async (): Promise<boolean> => {
    if (ports.isOurs?.() === false) return false;
    if (await lookAtHistory(ports)) {
      isLost = false;
      await ports.catchUp();
      return false;
    }
    if (!isLost) logger.error({}, 'velocity history in Redis is lost: decisions are degraded until it is rebuilt');
    isLost = true;
    if (ports.drops?.mayRebuild === false) return false;
    const lease = await ports.mark.claim();
    if (lease !== undefined) await rebuild(lease, ports, () => isStopping);
    return false;
  };
  // While Redis is away this fails each second, as everything else does; the store's own metrics tell of it.
  const onError = (error: unknown): void => logger.debug({ error }, 'velocity history could not be looked at');
  const loop = startLoop({ everyMs: lookMs, work, onError });
  return {
    wake: () => loop.wake(),
    async stop() {
      isStopping = true;
      await loop.stop();
    },
  };
}

async function rebuild(lease: HistoryLease, ports: HistoryPorts, isStopping: () => boolean): Promise<void> {
  const { logger, metrics, elapsed } = ports;
  const startedAt = elapsed();
  const counted = { events: 0, verifications: 0, labels: 0, standings: 0 };
  let toldAt = startedAt;
  const onProgress: RebuildPorts['onProgress'] = (kind, count) => {
    counted[`${kind}s`] += count;
    metrics.historyRecounted.inc({ kind }, count);
    if (elapsed() - toldAt < tellEveryMs) return;
    toldAt = elapsed();
    logger.info({ ...counted }, 'velocity history is being rebuilt');
  };
  let isDone = false;
  try {
    isDone = await rebuildHistory(lookingFirst(lease, ports), { ...ports, onProgress, isStopping });
  } finally {
    metrics.historyRebuilds.inc({ result: isDone ? 'done' : 'interrupted' });
    if (isDone) metrics.historyWhole.set(1);
    const seconds = Math.round((elapsed() - startedAt) / 100) / 10;
    if (isDone) logger.warn({ ...counted, seconds }, 'velocity history is whole again');
    else logger.warn({ ...counted, seconds }, 'the rebuilding of velocity history was interrupted');
  }
}

/** What Redis dropped while it was counted again takes the lease away. */
const lookingFirst = (lease: HistoryLease, { drops }: Pick<HistoryPorts, 'drops'>): HistoryLease => ({
  advance: () => lease.advance(),
  async finish(now) {
    await drops?.look();
    return lease.finish(now);
  },
});
