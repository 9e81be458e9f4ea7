import type { RedisConnection } from './connection.js';
import { historyLeaseKey, historyMarkKey } from './history-mark.js';
import { epochKey } from './redis-epoch.js';
import { ringMarkKey } from './ring-keys.js';

/**
 * Nobody may believe what is here any more, as after a wipe: history, rings, gate and jobs are to be written again. A
 * rebuilding of history that is under way begins again.
 */
export async function distrustRecords(redis: RedisConnection): Promise<void> {
  // One by one: on a cluster each key may live elsewhere.
  const marks = [historyMarkKey, historyLeaseKey, ringMarkKey, epochKey];
  await Promise.all(marks.map((key) => redis.call('DEL', key)));
}

/** History is believed again: it was counted again since, or there is none. */
export const isHistoryShown = async (redis: RedisConnection): Promise<boolean> =>
  (await redis.call('EXISTS', historyMarkKey)) === 1;
