import type { RingRequests } from '../../gate/gate-store.js';
import { StoreUnavailable } from '../../model/store-unavailable.js';
import type { Instant } from '../../model/time.js';
import { Unavailable } from '../../model/value.js';
import type { RingStore } from '../../rings/ring-store.js';
import type { RedisConnection } from './connection.js';
import { ringRequestsKey } from './ring-keys.js';
import { loadScript } from './script.js';

const dayMs = 86_400_000;

/** Counters in Redis, under the name that the account's ring has now: a ring that goes into another goes on with that one's. */
export class RedisRingRequests implements RingRequests {
  private readonly countOne = loadScript('count-day');

  constructor(
    private readonly redis: RedisConnection,
    private readonly rings: RingStore,
  ) {}

  async count(accountId: string, now: Instant): Promise<number | undefined> {
    // Rings of an import live on the time of its events, long before now: whatever ring there still is shares one quota.
    const found = await this.rings.find(accountId, [], 0);
    if (found instanceof Unavailable) throw new StoreUnavailable('the ring of an account could not be read');
    if (found.own === undefined) return undefined;
    const key = ringRequestsKey(found.own, Math.floor(now / dayMs));
    return Number(await this.redis.run(this.countOne, [key], [2 * dayMs]));
  }
}
