import type { AccountMemory, Cleared, Memento, Recall, Remembered } from '../../evaluate/account-memory.js';
import { withMementoAnd } from '../../evaluate/memento.js';
import type { RememberedParts } from '../../model/event.js';
import type { Instant } from '../../model/time.js';

interface Kept {
  /** Made anew by each event and handed out as it is. */
  remembered: Remembered;
  /** When each part was told. */
  readonly partTimes: Partial<Record<keyof RememberedParts, Instant>>;
  hasEvents: boolean;
  /** Event time of the latest event. */
  lastAt: Instant;
}

const partNames = [
  'organization',
  'plan',
  'path',
  'declared_country',
  'email',
  'phone',
  'device',
  'payment',
] as const satisfies readonly (keyof RememberedParts)[];

/** Within one process, for replays. */
export class MemoryAccountMemory implements AccountMemory {
  private readonly accounts = new Map<string, Kept>();

  async recall(accountId: string): Promise<Recall> {
    const kept = this.accounts.get(accountId);
    if (kept === undefined || !kept.hasEvents) return { kind: 'nothing' };
    return { kind: 'remembered', remembered: kept.remembered };
  }

  async remember(accountId: string, memento: Memento): Promise<boolean> {
    const kept = this.keep(accountId);
    kept.hasEvents = true;
    kept.lastAt = Math.max(kept.lastAt, memento.at);
    const parts = { ...kept.remembered.parts };
    for (const name of partNames) take(name, { parts, memento, times: kept.partTimes });
    kept.remembered = withMementoAnd(parts, kept.remembered, memento);
    return true;
  }

  async clear(accountId: string, { clearedRules, verified, evidence }: Cleared): Promise<void> {
    const kept = this.keep(accountId);
    kept.remembered = { ...kept.remembered, clearedRules: [...clearedRules], verified, evidence };
  }

  async forget(accountId: string): Promise<void> {
    this.accounts.delete(accountId);
  }

  /** Lets go of accounts that have been quiet since then. */
  forgetBefore(at: Instant): void {
    for (const [accountId, { lastAt }] of this.accounts) if (lastAt < at) this.accounts.delete(accountId);
  }

  private keep(accountId: string): Kept {
    const found = this.accounts.get(accountId);
    if (found !== undefined) return found;
    const kept: Kept = {
      remembered: { parts: {} },
      partTimes: {},
      hasEvents: false,
      lastAt: Number.NEGATIVE_INFINITY,
    };
    this.accounts.set(accountId, kept);
    return kept;
  }
}

interface Taking {
  readonly parts: RememberedParts;
  readonly memento: Memento;
  readonly times: Partial<Record<keyof RememberedParts, Instant>>;
}

/** The later one stands, whatever the order of arrival. */
function take<Name extends keyof RememberedParts>(name: Name, { parts, memento, times }: Taking): void {
  const part = memento.parts[name];
  if (part === undefined || memento.at < (times[name] ?? memento.at)) return;
  times[name] = memento.at;
  parts[name] = part;
}
