import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisConnection } from './connection.js';

const askMs = 50;

/**
 * Writes the append-only file anew: it names every value that ever was, until it is. Rejects when the server could not. For a
 * server that is ours alone, which keeps no other file.
 */
export async function rewriteLog(redis: RedisConnection): Promise<void> {
  // One that is under way may have begun before what is to go was deleted.
  await untilWritten(redis);
  await redis.call('BGREWRITEAOF');
  const info = await untilWritten(redis);
  if (!info.includes('aof_last_bgrewrite_status:ok')) throw new Error('the append-only file could not be rewritten');
}

async function untilWritten(redis: RedisConnection): Promise<string> {
  for (;;) {
    const info = String(await redis.call('INFO', 'persistence'));
    if (!/^aof_rewrite_(in_progress|scheduled):1/m.test(info)) return info;
    await sleep(askMs);
  }
}
