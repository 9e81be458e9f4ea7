import type { RedisConnection } from './connection.js';

const fieldOf = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];

/**
 * The policy by which a server drops what it was given once its memory is full; undefined where it drops nothing, has no
 * limit, or does not tell. Of a cluster, one server stands for all. Rejects when it does not answer.
 */
export async function readEviction(redis: RedisConnection): Promise<string | undefined> {
  const info = String(await redis.call('INFO', 'memory'));
  const policy = fieldOf(info, 'maxmemory_policy') ?? 'noeviction';
  return policy === 'noeviction' || fieldOf(info, 'maxmemory') === '0' ? undefined : policy;
}
