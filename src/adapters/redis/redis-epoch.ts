import type { RedisConnection } from './connection.js';

export const epochKey = 'portcullis:epoch';

/** The mark that tells a wiped or exchanged Redis from the one that was written to. */
interface RedisEpoch {
  /** Undefined when there is none; rejects when Redis does not answer. */
  shown(): Promise<string | undefined>;
  show(epoch: string): Promise<void>;
}

export const redisEpoch = (connection: RedisConnection): RedisEpoch => ({
  async shown() {
    const value = await connection.call('GET', epochKey);
    return typeof value === 'string' ? value : undefined;
  },
  async show(epoch) {
    await connection.call('SET', epochKey, epoch);
  },
});
