import type { DropReading } from '../../features/dropped-records.js';
import type { RedisConnection } from './connection.js';

/** A server that drops records stays a little below its limit. */
const fullShare = 0.9;

/** Of each server that writes. Rejects when one is away, or does not tell. */
export async function readDrops(redis: RedisConnection): Promise<readonly DropReading[]> {
  const answers = await redis.callEverywhere('INFO', 'server', 'memory', 'stats');
  return answers.map((answer) => dropsOf(String(answer)));
}

/** Without a limit no policy drops anything. */
export function dropsOf(info: string): DropReading {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const count = (name: string): number => Number(field(name) ?? 0);
  const policy = field('maxmemory_policy') ?? 'noeviction';
  const limit = count('maxmemory');
  return {
    runId: field('run_id') ?? '',
    dropped: count('evicted_keys'),
    policy: policy === 'noeviction' || limit === 0 ? undefined : policy,
    isAtLimit: limit > 0 && count('used_memory') - count('mem_not_counted_for_evict') >= limit * fullShare,
  };
}
