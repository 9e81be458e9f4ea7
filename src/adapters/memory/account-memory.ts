import type { AccountMemory, Memento, Recall, Remembered } from '../../evaluate/account-memory.js';
import type { Instant } from '../../model/time.js';

interface Kept {
  remembered: Remembered;
  readonly partTimes: Map<string, Instant>;
  cleared: Pick<Remembered, 'clearedRules' | 'verified'>;
  hasEvents: boolean;
}

const earliest = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);

const known = (object: Partial<Remembered>): Partial<Remembered> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** Within one process, for replay and tests. */
export class MemoryAccountMemory implements AccountMemory {
  private readonly accounts = new Map<string, Kept>();

  async recall(accountId: string): Promise<Recall> {
    const kept = this.accounts.get(accountId);
    if (kept === undefined || !kept.hasEvents) return { kind: 'nothing' };
    return { kind: 'remembered', remembered: structuredClone({ ...kept.remembered, ...kept.cleared }) };
  }

  async remember(accountId: string, memento: Memento): Promise<void> {
    const kept = this.keep(accountId);
    kept.hasEvents = true;
    const newer = Object.entries(memento.parts).filter(
      ([name, part]) => part !== undefined && memento.at >= (kept.partTimes.get(name) ?? memento.at),
    );
    for (const [name] of newer) kept.partTimes.set(name, memento.at);
    const before = kept.remembered;
    const signup =
      memento.signup !== undefined && memento.signup.at < (before.signup?.at ?? Number.POSITIVE_INFINITY)
        ? memento.signup
        : before.signup;
    kept.remembered = {
      parts: { ...before.parts, ...Object.fromEntries(newer) },
      ...known({
        signup: signup === undefined ? undefined : { ...signup },
        firstPaymentAt: earliest(before.firstPaymentAt, memento.firstPaymentAt),
        firstKeyAt: earliest(before.firstKeyAt, memento.firstKeyAt),
        firstUseAt: earliest(before.firstUseAt, memento.firstUseAt),
        firstSeenAt: earliest(before.firstSeenAt, memento.at),
      }),
    };
  }

  async clear(accountId: string, clearedRules: readonly string[], verified: boolean): Promise<void> {
    this.keep(accountId).cleared = { clearedRules: [...clearedRules], verified };
  }

  async forget(accountId: string): Promise<void> {
    this.accounts.delete(accountId);
  }

  private keep(accountId: string): Kept {
    const kept = this.accounts.get(accountId) ?? {
      remembered: { parts: {} },
      partTimes: new Map<string, Instant>(),
      cleared: {},
      hasEvents: false,
    };
    this.accounts.set(accountId, kept);
    return kept;
  }
}
