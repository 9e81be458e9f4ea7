import { createHash, timingSafeEqual } from 'node:crypto';
import { newId, type RandomBytes } from '../../model/ids.js';
import type { ServiceKey, ServiceKeys, ServiceRole } from '../../model/service-key.js';
import type { Clock, Instant } from '../../model/time.js';
import type { Database } from './database.js';

interface KeyRow {
  id: string;
  role: ServiceRole;
  name: string;
  secret_hash: string;
  created_at: Date;
  revoked_at: Date | null;
}

interface LiveKey {
  readonly key: ServiceKey;
  readonly hash: Buffer;
}

interface Snapshot {
  readonly readAt: Instant;
  readonly keys: readonly LiveKey[];
}

interface ServiceKeysOptions {
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** How long another instance's revocation may go unnoticed; 5 s. */
  readonly refreshMs?: number;
}

/** An unknown secret makes us look again, but not more often than this. */
const missRefreshMs = 1000;
const secretBytes = 32;

/** What changed and who changed it are written together; the secret stands in neither. */
const audited = (kind: string, change: string, more = ''): string => `with changed as (${change} returning *),
  ${more}told as (
    insert into audit (at, actor, kind, subject, detail)
    select $1::timestamptz, $2, '${kind}', c.id, jsonb_build_object('role', c.role, 'name', c.name) from changed c
  )
  select id from changed`;
const createSql = audited(
  'key.created',
  'insert into service_keys (created_at, id, role, name, secret_hash) values ($1, $3, $4, $5, $6)',
);
/** What was assigned to the key is anybody's again: nobody else would ever be given it. */
const freeCasesSql = `freed as (
    update cases set assigned_to = null, version = version + 1
    where assigned_to = $3 and state <> 'decided' and exists (select 1 from changed)
    returning id, account_id
  ),
  noted as (
    insert into case_entries (case_id, at, actor, kind, detail)
    select id, $1, $2, 'unassigned', '{"to": null}' from freed
  ),
  freed_told as (
    insert into audit (at, actor, kind, subject, detail)
    select $1, $2, 'case.unassigned', id, jsonb_build_object('account_id', account_id, 'to', null) from freed
  ),
  `;
const revokeSql = audited(
  'key.revoked',
  'update service_keys set revoked_at = $1 where id = $3 and revoked_at is null',
  freeCasesSql,
);

/** The secrets have 256 random bits: a fast hash is enough, no one can guess them from it. */
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const keyOf = (row: KeyRow): ServiceKey => ({
  id: row.id,
  role: row.role,
  name: row.name,
  createdAt: row.created_at.getTime(),
  revokedAt: row.revoked_at?.getTime() ?? null,
});

/**
 * Every request asks for its key, so the live ones are kept in memory and read again every few seconds. While the
 * database is away the keys that were live go on, so that the gate goes on too.
 */
export class SqlServiceKeys implements ServiceKeys {
  private snapshot: Snapshot | undefined;
  private reading: Promise<Snapshot> | undefined;
  /** The last reading failed: no request waits for the next one. */
  private isFailing = false;
  /** Rises with every change made here: a reading that began before it is not kept. */
  private generation = 0;
  private readonly listeners: ((keyId: string) => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly options: ServiceKeysOptions,
  ) {}

  async create(
    role: ServiceRole,
    name: string,
    actor: string,
  ): Promise<{ readonly key: ServiceKey; readonly secret: string }> {
    const { clock, random } = this.options;
    const secret = `pk_${role}_${Buffer.from(random(secretBytes)).toString('base64url')}`;
    const createdAt = clock.now();
    const key: ServiceKey = { id: newId('key', createdAt, random), role, name, createdAt, revokedAt: null };
    const hash = hashOf(secret);
    await this.database.query(createSql, [new Date(createdAt), actor, key.id, role, name, hash.toString('hex')]);
    this.changed((keys) => [...keys, { key, hash }]);
    return { key, secret };
  }

  async list(): Promise<readonly ServiceKey[]> {
    const rows = await this.database.query<KeyRow>('select * from service_keys order by id');
    return rows.map(keyOf);
  }

  async revoke(id: string, actor: string): Promise<boolean> {
    const rows = await this.database.query(revokeSql, [new Date(this.options.clock.now()), actor, id]);
    this.changed((keys) => keys.filter(({ key }) => key.id !== id));
    return rows.length > 0;
  }

  onRevoked(listener: (keyId: string) => void): void {
    this.listeners.push(listener);
  }

  /** Asked for regularly, no request ever waits for a reading. */
  async refresh(): Promise<void> {
    await this.read();
  }

  async find(secret: string): Promise<ServiceKey | undefined> {
    const hash = hashOf(secret);
    const known = await this.liveKeys();
    const found = match(known, hash);
    const isRecent = this.options.clock.now() - known.readAt < missRefreshMs;
    if (found !== undefined || isRecent || this.isFailing) return found;
    // Another instance may have created it since.
    return match(await this.read().catch(() => known), hash);
  }

  private async liveKeys(): Promise<Snapshot> {
    const { snapshot } = this;
    if (snapshot === undefined) return this.read();
    const age = this.options.clock.now() - snapshot.readAt;
    if (age < (this.options.refreshMs ?? 5000)) return snapshot;
    const refreshed = this.read().catch(() => snapshot);
    return this.isFailing ? snapshot : refreshed;
  }

  private changed(next: (keys: readonly LiveKey[]) => readonly LiveKey[]): void {
    this.generation += 1;
    this.reading = undefined;
    if (this.snapshot !== undefined) this.keep({ ...this.snapshot, keys: next(this.snapshot.keys) });
  }

  private keep(snapshot: Snapshot): void {
    const before = this.snapshot?.keys ?? [];
    this.snapshot = snapshot;
    const live = new Set(snapshot.keys.map(({ key }) => key.id));
    for (const { key } of before) if (!live.has(key.id)) for (const listener of this.listeners) listener(key.id);
  }

  /** Callers who come while it is being read share the reading. */
  private read(): Promise<Snapshot> {
    if (this.reading !== undefined) return this.reading;
    const reading = this.readLive().finally(() => {
      if (this.reading === reading) this.reading = undefined;
    });
    this.reading = reading;
    return reading;
  }

  private async readLive(): Promise<Snapshot> {
    const { generation } = this;
    const readAt = this.options.clock.now();
    try {
      const rows = await this.database.query<KeyRow>('select * from service_keys where revoked_at is null');
      const keys = rows.map((row) => ({ key: keyOf(row), hash: Buffer.from(row.secret_hash, 'hex') }));
      this.isFailing = false;
      if (generation !== this.generation) return this.read();
      const snapshot = { readAt, keys };
      this.keep(snapshot);
      return snapshot;
    } catch (error) {
      this.isFailing = true;
      throw error;
    }
  }
}

/** All are compared, each in constant time: how long it takes tells nothing about which one was close. */
function match({ keys }: Snapshot, hash: Buffer): ServiceKey | undefined {
  let found: ServiceKey | undefined;
  for (const candidate of keys) {
    if (timingSafeEqual(candidate.hash, hash)) found = candidate.key;
  }
  return found;
}
