import type { RedisConnection } from './connection.js';
import { historyLeaseKey, historyMarkKey } from './history-mark.js';
import { epochKey } from './redis-epoch.js';
import { ringMarkKey } from './ring-keys.js';
import { loadScript } from './script.js';

/**
 * Nobody may believe what is here any more, as after a wipe: history, rings, gate and jobs are to be written again. A
 * rebuilding of history that is under way begins again.
 */
export async function distrustRecords(redis: RedisConnection): Promise<void> {
  // One by one: on a cluster each key may live elsewhere.
  const marks = [historyMarkKey, historyLeaseKey, ringMarkKey, epochKey];
  await Promise.all(marks.map((key) => redis.call('DEL', key)));
}

const setBack = loadScript('set-back-history');
/** By default a replica whose data is older than that does not take over (`cluster-replica-validity-factor`). */
const replicaLagMs = 300_000;

/**
 * Of a cluster the mark tells of one server only: where another has come that was not there before, all of them may have lost
 * what a replica can lack. A server that stands alone is known by the mark itself.
 */
export async function doubtRecords(redis: RedisConnection): Promise<void> {
  if (!redis.isCluster) return;
  await Promise.all([redis.run(setBack, [historyMarkKey], [replicaLagMs]), redis.call('DEL', ringMarkKey)]);
}

/** History is believed again: it was counted again since, or there is none. */
export const isHistoryShown = async (redis: RedisConnection): Promise<boolean> =>
  (await redis.call('EXISTS', historyMarkKey)) === 1;
