import type { AccessTruth } from '../gate/gate-store.js';
import { findingOf, nameOfMark, type TruthFinding, type TruthMark, type TruthReading } from '../gate/truth-mark.js';
import type { Clock, Instant } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startLoop } from './loop.js';

/** The mark as it stands in Redis, to be exchanged for another. */
interface Shown {
  readonly text: string;
  readonly mark: TruthMark | undefined;
}

interface TruthWatchPorts {
  readonly place: {
    /** Undefined from a server that cannot be written. */
    read(toldSeq: number): Promise<TruthReading | undefined>;
    renewEpoch(from: string, to: string, because: string): Promise<boolean>;
  };
  readonly marks: {
    shown(): Promise<Shown>;
    exchange(shown: Shown, mark: TruthMark): Promise<boolean>;
  };
  readonly truth: AccessTruth;
  readonly newEpoch: () => string;
  readonly clock: Clock;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'redisOfAnotherDatabase' | 'truthSetBack'>;
}

/**
 * Redis outlives a database that is restored from a backup, or a failover that loses commits: it would let accounts pass
 * that the database does not know, and refuse what is older than what it has. It is told how far the database is, and a
 * database that does not have what Redis was told gets a new epoch: nothing in Redis is believed then, and all is rebuilt.
 */
export interface TruthWatch {
  /** The installation's, as of the last look. */
  readonly epoch: string;
  /** False until the first look, and while Redis is told of another database by somebody else. */
  readonly isOurs: boolean;
  look(): Promise<void>;
  /** Redis has this version of an account's access, which is newer than what was to be written there. */
  doubt(accountId: string, version: number): void;
  start(): void;
  stop(): Promise<void>;
}

const lookMs = 1000;
/** A mark of this age is somebody's who is alive. */
const aliveMs = 5000;
/** A database that has taken Redis over does not do so again at once: two that do would rebuild it for ever. */
const restMs = 60_000;
const tellEveryMs = 60_000;

export const createTruthWatch = (ports: TruthWatchPorts, epoch: string): TruthWatch => new Watch(ports, epoch);

class Watch implements TruthWatch {
  epoch: string;
  isOurs = false;
  /** The epoch under which Redis has been seen to have what the truth has not. */
  private disproved: string | undefined;
  private isDoubting = false;
  private renewedAt = Number.NEGATIVE_INFINITY;
  private toldAt = Number.NEGATIVE_INFINITY;
  private loop: { wake(): void; stop(): Promise<void> } | undefined;

  constructor(
    private readonly ports: TruthWatchPorts,
    epoch: string,
  ) {
    this.epoch = epoch;
  }

  start(): void {
    // While one of the two is away this fails each second, as everything else does.
    const onError = (error: unknown): void => this.ports.logger.debug({ error }, 'the mark in Redis was not looked at');
    this.loop = startLoop({ everyMs: lookMs, work: () => this.look().then(() => false), onError });
  }

  /** Redis is told of the last commits too. */
  async stop(): Promise<void> {
    await this.loop?.stop();
    await this.look().catch(() => undefined);
  }

  /** The mark first: a truth that is read after it has what the mark says, or has lost it. */
  async look(): Promise<void> {
    const { marks, place } = this.ports;
    const shown = await marks.shown();
    const reading = await place.read(shown.mark?.seq ?? 0);
    if (reading === undefined) return;
    const { mark } = shown;
    if (this.disproved === reading.epoch) await this.renew(shown, reading, 'set_back');
    else if (mark === undefined || isKnown(mark, reading)) await this.tell(shown, reading, reading.epoch);
    else if (this.isContested(mark)) this.complain(mark, reading);
    else await this.renew(shown, reading, findingOf(mark, reading));
  }

  doubt(accountId: string, version: number): void {
    if (this.isDoubting || this.disproved === this.epoch) return;
    this.isDoubting = true;
    const { epoch } = this;
    // What is published was committed before: a truth that is asked now has it.
    this.ports.truth
      .entryOf({ accountId })
      .then((entry) => {
        if ((entry?.access.version ?? 0) >= version) return;
        this.disproved = epoch;
        this.loop?.wake();
      })
      .catch(() => undefined)
      .finally(() => {
        this.isDoubting = false;
      });
  }

  /** Somebody goes on telling Redis of another database, although this one has taken it over lately. */
  private isContested({ at }: TruthMark): boolean {
    const { clock, elapsed } = this.ports;
    return clock.now() - at < aliveMs && elapsed() - this.renewedAt < restMs;
  }

  private async renew(shown: Shown, reading: TruthReading, finding: TruthFinding): Promise<void> {
    const { place, newEpoch, clock, elapsed, logger, metrics } = this.ports;
    this.isOurs = false;
    const epoch = newEpoch();
    // Another instance was first: the next look finds what it has made.
    if (!(await place.renewEpoch(reading.epoch, epoch, nameOf(shown)))) return;
    this.renewedAt = elapsed();
    metrics.truthSetBack.inc({ finding });
    logger.error(between(shown.mark, reading, clock.now()), words[finding]);
    await this.tell(shown, reading, epoch);
  }

  private async tell(shown: Shown, { place, name, newest }: TruthReading, epoch: string): Promise<void> {
    this.epoch = epoch;
    // Where another instance has told it meanwhile, of the same database: what it told is looked at next time.
    await this.ports.marks.exchange(shown, { place, name, ...newest, at: this.ports.clock.now() });
    this.isOurs = true;
    this.ports.metrics.redisOfAnotherDatabase.set(0);
  }

  private complain(mark: TruthMark, reading: TruthReading): void {
    const { clock, elapsed, logger, metrics } = this.ports;
    this.isOurs = false;
    this.epoch = reading.epoch;
    metrics.redisOfAnotherDatabase.set(1);
    if (elapsed() - this.toldAt < tellEveryMs) return;
    this.toldAt = elapsed();
    logger.error(between(mark, reading, clock.now()), words.contested);
  }
}

const words = {
  same: '',
  moved:
    'the database is another one than Redis was told of, or another server has taken over: nothing in Redis is believed any more, and it is rebuilt from the database',
  set_back:
    'the database does not have what Redis was told of it: it was restored from a backup, has lost commits in a failover, or is another one. Nothing in Redis is believed any more, and it is rebuilt from the database',
  contested:
    'services with different databases use the same Redis database: give each database a Redis of its own. Until then this service does not believe Redis: the gate asks the database, and decisions are degraded',
} as const;

/** The database is the one that was told of, or has been given a new epoch because of this very mark. */
const isKnown = (mark: TruthMark, reading: TruthReading): boolean =>
  findingOf(mark, reading) === 'same' || reading.renewedFor === nameOfMark(mark);

const nameOf = ({ mark, text }: Shown): string => (mark === undefined ? text : nameOfMark(mark));

const between = (mark: TruthMark | undefined, reading: TruthReading, now: Instant) => ({
  redis_was_told_of: mark && {
    database: mark.name,
    place: mark.place,
    audit_row: mark.seq,
    seconds_ago: age(mark.at, now),
  },
  database: { database: reading.name, place: reading.place, audit_row: reading.newest.seq },
});

const age = (at: Instant, now: Instant): number => Math.round((now - at) / 1000);
