import type { EventLedger, LedgerClaim } from '../../src/evaluate/event-ledger.js';
import type { Clock } from '../../src/model/time.js';

interface Kept {
  readonly bodyHash: string;
  readonly decided: boolean;
  readonly until: number;
}

const claimMs = 5000;
const decidedMs = 86_400_000;

/** Within one process. */
export class MemoryEventLedger implements EventLedger {
  private readonly events = new Map<string, Kept>();

  constructor(private readonly clock: Clock) {}

  async claim(eventId: string, bodyHash: string): Promise<LedgerClaim> {
    const now = this.clock.now();
    const kept = this.events.get(eventId);
    if (kept === undefined || kept.until <= now) {
      this.events.set(eventId, { bodyHash, decided: false, until: now + claimMs });
      return { kind: 'new' };
    }
    if (kept.decided) return { kind: 'decided' };
    return { kind: kept.bodyHash === bodyHash ? 'in_flight' : 'mismatch' };
  }

  async settle(eventId: string): Promise<void> {
    this.events.set(eventId, { bodyHash: '', decided: true, until: this.clock.now() + decidedMs });
  }

  async abandon(eventId: string): Promise<void> {
    if (this.events.get(eventId)?.decided === false) this.events.delete(eventId);
  }
}
