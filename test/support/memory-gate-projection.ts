import type { GateEntry, GateProjection, GateQuestion, GateRecord } from '../../src/gate/gate-store.js';
import type { Access } from '../../src/model/access.js';
import type { Instant } from '../../src/model/time.js';

export interface MemoryProjectionOptions {
  readonly lifetimeMs?: number;
  readonly now?: () => Instant;
}

interface Asked {
  readonly now: Instant;
  readonly confirmedSince: Instant;
}

interface Kept {
  readonly access: Access;
  readonly refreshedAt: Instant;
}

const dayMs = 86_400_000;

/** Within one process. */
export class MemoryGateProjection implements GateProjection {
  private readonly accounts = new Map<string, Kept>();
  private readonly owners = new Map<string, { readonly accountId: string; readonly at: Instant }>();
  private readonly used = new Map<string, { readonly day: number; readonly requests: number }>();
  private readonly lifetimeMs: number;
  private readonly now: () => Instant;

  constructor({ lifetimeMs = 600_000, now = Date.now }: MemoryProjectionOptions = {}) {
    this.lifetimeMs = lifetimeMs;
    this.now = now;
  }

  async check({ accountId, apiKeyId }: GateQuestion, now: Instant, confirmedSince = 0): Promise<GateRecord> {
    const asked = { now, confirmedSince };
    if (apiKeyId === undefined) return accountId === undefined ? { kind: 'missing' } : this.read(accountId, asked);
    const owner = this.owners.get(apiKeyId);
    if (owner === undefined || this.isOver(owner.at)) return { kind: 'missing' };
    if (accountId !== undefined && owner.accountId !== accountId) return { kind: 'key_of_another_account' };
    return this.read(owner.accountId, asked);
  }

  async publish(entries: readonly GateEntry[]): Promise<void> {
    const at = this.now();
    for (const { access, apiKeyIds } of entries) {
      const known = this.accounts.get(access.accountId);
      if (known === undefined || this.isOver(known.refreshedAt) || known.access.version <= access.version)
        this.accounts.set(access.accountId, { access, refreshedAt: at });
      for (const id of apiKeyIds) this.owners.set(id, { accountId: access.accountId, at });
    }
  }

  private isOver(at: Instant): boolean {
    return this.now() - at >= this.lifetimeMs;
  }

  private read(accountId: string, { now, confirmedSince }: Asked): GateRecord {
    const kept = this.accounts.get(accountId);
    if (kept === undefined || this.isOver(kept.refreshedAt) || kept.refreshedAt < confirmedSince)
      return { kind: 'missing' };
    const usedToday = kept.access.state === 'limited' ? this.count(accountId, now) : 0;
    return { kind: 'known', access: kept.access, usedToday };
  }

  private count(accountId: string, now: Instant): number {
    const day = Math.floor(now / dayMs);
    const before = this.used.get(accountId);
    const requests = before?.day === day ? before.requests + 1 : 1;
    this.used.set(accountId, { day, requests });
    return requests;
  }
}
