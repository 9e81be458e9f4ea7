import type { EventLedger, LedgerClaim } from '../../evaluate/event-ledger.js';
import { StoreUnavailable } from '../../model/store-unavailable.js';
import type { RedisConnection } from './connection.js';
import { loadScript } from './script.js';

const claimMs = 5000;
const decidedMs = 86_400_000;
/** Sent at the same time. */
const atOnce = 64;
const kinds = ['new', 'in_flight', 'decided', 'mismatch'] as const;

const keyOf = (eventId: string): string => `ev:{${eventId}}`;

/** Beside the decision log. Without it two who send one event at the same time are told apart by their commits only. */
export class RedisEventLedger implements EventLedger {
  private readonly claimEvent = loadScript('claim-event');
  private readonly abandonEvent = loadScript('abandon-event');

  constructor(private readonly redis: RedisConnection) {}

  async claim(eventId: string, bodyHash: string): Promise<LedgerClaim> {
    try {
      const reply = await this.redis.run(this.claimEvent, [keyOf(eventId)], [bodyHash, claimMs]);
      const kind = kinds.find((one) => one === reply);
      return { kind: kind ?? 'unavailable' };
    } catch {
      return { kind: 'unavailable' };
    }
  }

  async settle(eventId: string): Promise<void> {
    await this.redis.call('SET', keyOf(eventId), 'decided', 'PX', decidedMs).catch(() => undefined);
  }

  async abandon(eventId: string): Promise<void> {
    await this.redis.run(this.abandonEvent, [keyOf(eventId)], []).catch(() => undefined);
  }

  /**
   * After an erasure: older versions left hashes here from which an event can be guessed. Rejects with `StoreUnavailable`,
   * as erasing is never silent about a failure.
   */
  async forget(eventIds: readonly string[]): Promise<void> {
    try {
      for (let from = 0; from < eventIds.length; from += atOnce) {
        const some = eventIds.slice(from, from + atOnce);
        await Promise.all(some.map((eventId) => this.redis.call('DEL', keyOf(eventId))));
      }
    } catch (error) {
      throw new StoreUnavailable('events could not be forgotten', { cause: error });
    }
  }
}
