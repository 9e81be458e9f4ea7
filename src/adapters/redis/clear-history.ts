import type { RedisConnection } from './connection.js';

/** Exactly what features and account memory write: a Redis may be shared. */
const kinds: readonly (readonly [pattern: string, form: RegExp])[] = [
  ['s2:{*', /^s2:\{[\w-]{2}\}(:\d+)?$/],
  ['f2:{*', /^f2:\{[\w-]{2}\}[\w-]{8}(:gone|:more)?$/],
  ['a2:{*', /^a2:\{[\w-]{2}\}[\w-]{8}(:known)?$/],
  ['b2:{*', /^b2:\{([\w-]{2}\}[\w-]{8}|totals\}):([\w-]{6}(:gone)?|groups|x|new|old)$/],
  ['w2:{*', /^w2:\{[\w-]{2}\}[\w-]{8}:[\w-]{6}(:x)?$/],
  ['am:{*', /^am:\{[\w-]{22}\}$/],
];

/**
 * Removes velocity history and account memory, in small steps: what a lost or half rebuilt history left would be counted
 * again on top, and an older copy of an account's memory would be taken for the newest.
 * `mayGoOn` is asked before each step: whoever has lost the lease must not remove what another has rebuilt. False when it
 * said no.
 */
export async function clearHistory(redis: RedisConnection, mayGoOn: () => Promise<boolean>): Promise<boolean> {
  let isOurs = true;
  for (const [pattern, form] of kinds) {
    await redis.scan(pattern, async (keys) => {
      const ours = keys.filter((key) => form.test(key));
      isOurs &&= await mayGoOn();
      if (!isOurs) return;
      // One by one: on a cluster each key may live elsewhere.
      await Promise.all(ours.map((key) => redis.call('UNLINK', key)));
    });
  }
  return isOurs;
}
