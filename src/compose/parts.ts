import { pooledRandomBytes } from '../adapters/crypto/random-bytes.js';
import type { HotStore } from '../adapters/embedded/open-hot-store.js';
import type { Truth } from '../adapters/embedded/open-truth.js';
import type { CommitWatch } from '../adapters/postgres/commit-watch.js';
import { sqlEventNow } from '../adapters/postgres/event-now.js';
import { readDatabaseTime } from '../adapters/postgres/meta.js';
import type { RedisConnection } from '../adapters/redis/connection.js';
import { RedisGateProjection } from '../adapters/redis/gate-projection.js';
import type { AnnounceAccess } from '../cases/announce-records.js';
import type { Config } from '../config.js';
import type { Admission } from '../evaluate/admission.js';
import type { PageFile } from '../http/console/console-mount.js';
import type { Access } from '../model/access.js';
import type { HashIdentifier } from '../model/entity.js';
import { FollowingClock } from '../model/following-clock.js';
import { type IdPrefix, newId as makeId } from '../model/ids.js';
import type { EventNow } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { EvictionWatch } from '../workers/eviction-watch.js';
import { type Loop, startLoop } from '../workers/loop.js';
import type { ProjectionWatch } from '../workers/projection-watch.js';
import type { TruthWatch } from '../workers/truth-watch.js';
import type { Candidate } from './candidate.js';
import type { History } from './history.js';
import type { Holds } from './holds.js';
import type { Integrations } from './integrations.js';
import type { RingDesks } from './ring-desk.js';
import type { Rings } from './rings.js';
import type { Rollout } from './rollout.js';
import type { Rules } from './rules.js';

/** What is constructed before anything can be served. */
export interface Parts {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly pepper: string;
  readonly hashIdentifier: HashIdentifier;
  readonly truth: Truth;
  readonly store: HotStore;
  readonly rules: Rules;
  readonly history: History;
  readonly rings: Rings;
  readonly holds: Holds;
  readonly rollout: Rollout;
  readonly candidate: Candidate;
  readonly consoleFiles: ReadonlyMap<string, PageFile>;
  readonly integrations: Integrations;
  readonly ringDesks: RingDesks;
  readonly committed: Committed;
  readonly listening: Listening;
  readonly admission: Admission;
  readonly projectionWatch: ProjectionWatch;
  readonly commitWatch: CommitWatch;
  readonly eventNow: EventNow;
  readonly truthWatch: TruthWatch;
  readonly evictionWatch: EvictionWatch;
}

/** Whoever has to hear of commits comes to be after whoever commits. */
export interface Committed {
  tell: () => void;
}

/** Where the service is found once it listens: PORT, or the free one that it was given for port 0. */
export interface Listening {
  port: number;
}

export const elapsed = () => performance.now();
export const clock = new FollowingClock(() => Date.now(), elapsed);
export const random = pooledRandomBytes;
/** What the time of accounts, rings and baselines is: the truth says it where events are trusted to. */
export const eventNowOf = ({ EVENT_TIME }: Config, { background }: Truth): EventNow =>
  EVENT_TIME === 'trusted' ? sqlEventNow(background, clock) : async () => clock.now();
export const newId = (prefix: IdPrefix) => makeId(prefix, clock.now(), random);
/** What they find newer in Redis than the truth has it is a reason for doubt. */
export const gateProjection = (connection: RedisConnection, truthWatch: TruthWatch): RedisGateProjection =>
  new RedisGateProjection(connection, {
    lifetimeMs: 600_000,
    now: clock.now,
    epoch: () => truthWatch.epoch,
    onNewer: (accountId, version) => truthWatch.doubt(accountId, version),
  });

const clockEveryMs = 10_000;

/**
 * Leases, due times and windows are judged by the database's clock, on every instance, where they share one. The embedded
 * database has this process's clock.
 */
export async function followDatabaseClock(
  { DATABASE_URL }: Config,
  { background }: Truth,
  log: Logger,
): Promise<Pick<Loop, 'stop'>> {
  if (DATABASE_URL === undefined) return { stop: () => Promise.resolve() };
  const follow = (): Promise<void> => clock.follow(() => readDatabaseTime(background));
  await follow();
  return startLoop({
    everyMs: clockEveryMs,
    work: () => follow().then(() => false),
    onError: (error) => log.debug({ error }, "the database's clock could not be read: it is taken to go on evenly"),
  });
}

/** Best effort: the outbox carries the same, and the gate asks the truth for what it does not find. */
export const publishSoon = (projection: RedisGateProjection, access: Access): Promise<void> =>
  projection.publish([{ access, apiKeyIds: [] }]).catch(() => undefined);

/** The same for what a batch has changed. */
export const publishAll =
  (projection: RedisGateProjection): AnnounceAccess =>
  (changed) =>
    projection.publish(changed.map((access) => ({ access, apiKeyIds: [] }))).catch(() => undefined);
