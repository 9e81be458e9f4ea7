import type { GateEntry, GateProjection, GateQuestion, GateRecord } from '../../gate/gate-store.js';
import { accessStates } from '../../model/access.js';
import { StoreUnavailable } from '../../model/store-unavailable.js';
import type { Instant } from '../../model/time.js';
import { textDigest } from '../crypto/text-digest.js';
import type { RedisConnection } from './connection.js';
import { loadScript } from './script.js';

interface GateProjectionOptions {
  /** Ten minutes by default; refreshed by whoever reads the truth. */
  readonly lifetimeMs?: number;
  readonly now?: () => Instant;
  /** The installation's: what was written under another one is as good as not there. */
  readonly epoch?: () => string;
  /** Told when an account was not written, as a newer version of its access is there. */
  readonly onNewer?: (accountId: string, version: number) => void;
}

interface Asked {
  readonly now: Instant;
  readonly confirmedSince: Instant;
}

const dayMs = 86_400_000;
const unavailable: GateRecord = { kind: 'unavailable', reason: 'gate_projection_unavailable' };

/**
 * An account's keys have to be in one slot. What stands between the first braces says in which, and nothing says nothing: an id
 * that would close them at once is there as its hash, under a name that no other id has.
 */
const accountKey = (id: string): string => (id.startsWith('}') ? `gh:{${textDigest('sha1', id)}}` : `ga:{${id}}`);
const quotaKey = (id: string, now: Instant): string => `${accountKey(id)}:${Math.floor(now / dayMs)}`;
/** Not `gk:`, where versions before epochs keep the account's id alone: they would take this for another account's. */
const apiKeyKey = (id: string): string => `go:{${id}}`;

/** Enough to tell one from another, in every record. */
const short = (epoch: string): string => epoch.slice(-8);

function recordOf(accountId: string, reply: unknown): GateRecord {
  if (!Array.isArray(reply)) return { kind: 'missing' };
  const [version, stateText, quota, usedToday] = reply;
  const state = accessStates.find((one) => one === stateText);
  if (state === undefined) return { kind: 'missing' };
  const requestsPerDay = quota === '' ? undefined : Number(quota);
  return {
    kind: 'known',
    access: { accountId, state, version: Number(version), requestsPerDay },
    usedToday: Number(usedToday),
  };
}

/** What the gate reads; an account and its keys live in slots of their own, so that a cluster spreads them. */
export class RedisGateProjection implements GateProjection {
  private readonly checkAccount = loadScript('check-account');
  private readonly publishAccount = loadScript('publish-account');
  private readonly lifetimeMs: number;
  private readonly now: () => Instant;
  private readonly epoch: () => string;
  private readonly onNewer: NonNullable<GateProjectionOptions['onNewer']>;

  constructor(
    private readonly redis: RedisConnection,
    options: GateProjectionOptions = {},
  ) {
    this.lifetimeMs = options.lifetimeMs ?? 600_000;
    this.now = options.now ?? Date.now;
    this.epoch = () => short(options.epoch?.() ?? '');
    this.onNewer = options.onNewer ?? (() => undefined);
  }

  async check({ accountId, apiKeyId }: GateQuestion, now: Instant, confirmedSince = 0): Promise<GateRecord> {
    const asked = { now, confirmedSince };
    try {
      if (apiKeyId === undefined)
        return accountId === undefined ? { kind: 'missing' } : await this.read(accountId, asked);
      // The key first: a request under a foreign key must not be counted against the account.
      const owner = ownerOf(await this.redis.call('GET', apiKeyKey(apiKeyId)), this.epoch());
      if (owner === undefined) return { kind: 'missing' };
      if (accountId !== undefined && owner !== accountId) return { kind: 'key_of_another_account' };
      return await this.read(owner, asked);
    } catch {
      return unavailable;
    }
  }

  /** Rejects when Redis is away: the caller tries again. */
  async publish(entries: readonly GateEntry[]): Promise<void> {
    try {
      await Promise.all(entries.flatMap((entry) => [this.writeAccount(entry), ...this.writeKeys(entry)]));
    } catch (error) {
      throw new StoreUnavailable('the gate projection was not written', { cause: error });
    }
  }

  private async read(accountId: string, { now, confirmedSince }: Asked): Promise<GateRecord> {
    const keys = [accountKey(accountId), quotaKey(accountId, now)];
    const parameters = [2 * dayMs, this.epoch(), confirmedSince];
    return recordOf(accountId, await this.redis.run(this.checkAccount, keys, parameters));
  }

  private async writeAccount({ access }: GateEntry): Promise<void> {
    const { accountId, version, state, requestsPerDay } = access;
    const parameters = [version, state, requestsPerDay ?? '', this.now(), this.lifetimeMs, this.epoch()];
    const newer = Number(await this.redis.run(this.publishAccount, [accountKey(accountId)], parameters));
    if (newer > 0) this.onNewer(accountId, newer);
  }

  private writeKeys({ access, apiKeyIds }: GateEntry): Promise<unknown>[] {
    const owner = `${this.epoch()} ${access.accountId}`;
    return apiKeyIds.map((id) => this.redis.call('SET', apiKeyKey(id), owner, 'PX', this.lifetimeMs));
  }
}

function ownerOf(text: unknown, epoch: string): string | undefined {
  return typeof text === 'string' && text.startsWith(`${epoch} `) ? text.slice(epoch.length + 1) : undefined;
}
