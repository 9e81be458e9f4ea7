import { type DropReading, haveDropped, mayDrop, type SeenDrops, seenDrops } from '../features/dropped-records.js';
import type { Clock, Instant } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startLoop } from './loop.js';

export interface EvictionWatchPorts {
  /** Rejects when Redis is away, or does not tell. */
  readonly read: () => Promise<readonly DropReading[]>;
  /** What any instance has seen last, and dealt with; in the truth. */
  readonly seen: {
    read(): Promise<SeenDrops | undefined>;
    /** False where another instance has written meanwhile. */
    exchange(former: SeenDrops | undefined, seen: SeenDrops): Promise<boolean>;
  };
  readonly records: {
    /** Nobody may believe what is there any more: it is written again when it may be. */
    distrust(): Promise<void>;
    /** Servers that were not there before may lack the last of what those of before were told. */
    doubt(): Promise<void>;
    /** History is believed again. */
    isTrusted(): Promise<boolean>;
  };
  /** Decisions made since then are to be judged again: their counts may have been too low without anybody's knowing. */
  readonly judgeAgainSince: (at: Instant) => Promise<void>;
  readonly clock: Clock;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
  readonly logger: Pick<Logger, 'error' | 'debug'>;
  readonly metrics: Pick<Metrics, 'redisEvicts'>;
}

/**
 * For every instance. A Redis that drops what it was given because its memory is full still answers, with numbers that are
 * too small: whatever was dropped, its history is as lost as after a wipe.
 */
export interface EvictionWatch {
  /** Its settings let it drop records. Undefined while it cannot be read. */
  readonly evicts: boolean | undefined;
  /** It dropped records, and history was not counted again since. */
  readonly hasLost: boolean;
  /** False while what is written would be dropped again. */
  readonly mayRebuild: boolean;
  look(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const lookMs = 1000;
const tellEveryMs = 600_000;
/** A server that has dropped nothing for so long, and has room, may be written to again. */
const calmMs = 60_000;
const mayWords =
  'Redis drops records when its memory is full, and history has to be counted again then. Set maxmemory-policy noeviction';
const lostWords =
  'Redis has dropped records, or nobody can tell that it has not: history and rings are unknown and decisions degraded until all is written again, which waits while Redis would drop it again. Set maxmemory-policy noeviction, and give Redis the memory it needs';

export const createEvictionWatch = (ports: EvictionWatchPorts): EvictionWatch => new Watch(ports);

class Watch implements EvictionWatch {
  evicts: boolean | undefined;
  hasLost = false;
  private isAtLimit = false;
  private lostAt = Number.NEGATIVE_INFINITY;
  private toldAt = Number.NEGATIVE_INFINITY;
  private known: SeenDrops | undefined;
  /** When nothing had been dropped yet. */
  private fineAt: Instant | undefined;
  private loop: { stop(): Promise<void> } | undefined;

  constructor(private readonly ports: EvictionWatchPorts) {
    // Until it has been read there is nothing to tell: zero would say that all is well.
    ports.metrics.redisEvicts.remove();
  }

  get mayRebuild(): boolean {
    if (this.evicts !== true) return true;
    return !this.isAtLimit && this.ports.elapsed() - this.lostAt >= calmMs;
  }

  start(): void {
    // Whether Redis and the database answer is told elsewhere.
    const onError = (error: unknown): void =>
      this.ports.logger.debug({ error }, 'whether Redis drops records could not be looked at');
    this.loop = startLoop({ everyMs: lookMs, work: () => this.look().then(() => false), onError });
  }

  async stop(): Promise<void> {
    await this.loop?.stop();
  }

  async look(): Promise<void> {
    const { read, records, clock, metrics } = this.ports;
    const at = clock.now();
    const servers = await read().catch((error: unknown) => {
      this.evicts = undefined;
      metrics.redisEvicts.remove();
      throw error;
    });
    this.evicts = mayDrop(servers);
    this.isAtLimit = servers.some((server) => server.policy !== undefined && server.isAtLimit);
    metrics.redisEvicts.set(this.evicts ? 1 : 0);
    if (this.evicts) this.tell(servers);
    if (!isSame(this.known, seenDrops(servers))) await this.compare(servers);
    if (this.hasLost && (await records.isTrusted())) this.hasLost = false;
    if (!this.hasLost) this.fineAt = at;
  }

  /** What another instance has seen too is dealt with; whoever dies before it is written down is followed by the next look. */
  private async compare(servers: readonly DropReading[]): Promise<void> {
    const { seen, records } = this.ports;
    const former = await seen.read();
    const isNew = haveDropped(servers, former);
    if (isNew) await records.distrust();
    else if (former !== undefined && haveOthers(servers, former)) await records.doubt();
    if (isNew || (this.known !== undefined && haveDropped(servers, this.known))) await this.lose(servers);
    const now = seenDrops(servers);
    if (isSame(former, now) || (await seen.exchange(former, now))) this.known = now;
  }

  private async lose(servers: readonly DropReading[]): Promise<void> {
    const { elapsed, judgeAgainSince, logger } = this.ports;
    this.lostAt = elapsed();
    if (this.hasLost) return;
    if (this.fineAt !== undefined) await judgeAgainSince(this.fineAt);
    this.hasLost = true;
    logger.error({ servers }, lostWords);
  }

  private tell(servers: readonly DropReading[]): void {
    const { elapsed, logger } = this.ports;
    if (elapsed() - this.toldAt < tellEveryMs) return;
    this.toldAt = elapsed();
    logger.error({ maxmemory_policy: servers.find(({ policy }) => policy !== undefined)?.policy }, mayWords);
  }
}

const haveOthers = (servers: readonly DropReading[], { droppedByRun }: SeenDrops): boolean =>
  servers.some(({ runId }) => droppedByRun[runId] === undefined);

const isSame = (one: SeenDrops | undefined, other: SeenDrops): boolean =>
  one !== undefined && JSON.stringify(one) === JSON.stringify(other);
