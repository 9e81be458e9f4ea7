import type { EventLedger, LedgerClaim } from '../../evaluate/event-ledger.js';
import type { RedisConnection } from './connection.js';
import { loadScript } from './script.js';

const claimMs = 5000;
const decidedMs = 86_400_000;
const kinds = ['new', 'in_flight', 'decided', 'mismatch'] as const;

const keyOf = (eventId: string): string => `ev:{${eventId}}`;

/** The fast path in front of the decision log; failing here only costs that path. */
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
}
