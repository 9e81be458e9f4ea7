import type { Clock, Instant } from '../model/time.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { startLoop } from './loop.js';

/** The mark in Redis, which is raised each second: what it shows was there when everything before it was. */
interface Seen {
  readonly state: 'whole' | 'missing' | 'behind' | 'restored';
  readonly at: Instant;
  readonly server: string;
  /** Since when this server had been in doubt before somebody had it told again; 0 where nobody has. */
  readonly doubtedSince: Instant;
}

export interface LossWatchPorts<Mark extends Seen = Seen> {
  readonly mark: {
    look(now: Instant): Promise<Mark>;
    /** False where the mark, or the server, is another one by now. */
    vouch(seen: Mark, since: Instant, now: Instant): Promise<boolean>;
  };
  /** What Redis has of gate and jobs is this installation's. */
  readonly isProjectionShown: () => Promise<boolean>;
  /** Has Redis told again, from the truth, what it was told since then; how much that is. */
  readonly tellAgain: (since: Instant) => Promise<{ readonly messages: number; readonly events: number }>;
  /** How often the gate's connection was made. */
  readonly connections: () => number;
  readonly clock: Clock;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
  readonly logger: Pick<Logger, 'warn' | 'info' | 'debug'>;
  readonly metrics: Pick<Metrics, 'redisLosses'>;
}

/**
 * For every instance. A Redis that was restarted, or whose replica took over, may have lost its last seconds and says nothing
 * of it: until it was told again what it was told since its mark, the gate does not believe it.
 */
export interface LossWatch {
  /** Another number after each loss and each new connection of the gate; undefined while Redis is in doubt. */
  readonly soundness: number | undefined;
  look(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const lookMs = 500;
/** What was on its way to the server of before, and was taken there, is in the truth after this time, or was given up. */
const inFlightMs = 3000;
/** Between writing to Redis and the time that the truth has of it, and between the clocks of instances. */
const marginMs = 5000;
const words = 'Redis may have lost the last it was told: what came since then is told again from the database';

interface Doubt {
  /** Everything before is there. */
  readonly since: Instant;
  readonly server: string;
  /** When it was found. */
  readonly foundAt: number;
}

export const createLossWatch = <Mark extends Seen>(ports: LossWatchPorts<Mark>): LossWatch => new Watch(ports);

class Watch<Mark extends Seen> implements LossWatch {
  #generation = 0;
  /** The gate's connections when all was well. */
  #soundConnections: number | undefined;
  /** When all was well, and where. */
  #known: Pick<Seen, 'at' | 'server'> | undefined;
  #doubt: Doubt | undefined;
  #loop: { stop(): Promise<void> } | undefined;

  constructor(private readonly ports: LossWatchPorts<Mark>) {}

  get soundness(): number | undefined {
    const isSound = this.#doubt === undefined && this.#soundConnections === this.ports.connections();
    return isSound ? this.#generation : undefined;
  }

  start(): void {
    // While Redis or the database is away this fails each time, as everything else does.
    const onError = (error: unknown): void =>
      this.ports.logger.debug({ error }, 'it could not be looked at whether Redis has lost anything');
    this.#loop = startLoop({ everyMs: lookMs, work: () => this.look().then(() => false), onError });
  }

  async stop(): Promise<void> {
    await this.#loop?.stop();
  }

  async look(): Promise<void> {
    const { mark, isProjectionShown, connections, clock } = this.ports;
    const made = connections();
    const at = clock.now();
    const seen = await mark.look(at);
    this.#doubt = this.#doubtOf(seen);
    if (this.#doubt !== undefined && !(await this.#mend(this.#doubt, seen))) return;
    this.#known = { at, server: seen.server };
    // An older copy of which nothing is worth mending: all of it is published again.
    const isSound = seen.state !== 'restored' && (await isProjectionShown());
    if (this.#soundConnections !== made) this.#generation += 1;
    this.#soundConnections = isSound ? made : undefined;
  }

  /** What goes on being lost is one loss; on a server that was started again meanwhile it begins anew. */
  #doubtOf(seen: Mark): Doubt | undefined {
    const known = this.#known;
    const isOtherServer = known !== undefined && known.server !== seen.server;
    const former = this.#doubt;
    if (former === undefined && seen.state !== 'behind' && !isOtherServer) return undefined;
    const since = Math.min(
      ...(former === undefined ? [] : [former.since]),
      ...(seen.state === 'behind' ? [seen.at] : []),
      // Somebody else may have mended it by now, before this instance knew of it and ceased to write to the server of before.
      ...(isOtherServer ? [known.at, ...(seen.doubtedSince > 0 ? [seen.doubtedSince] : [])] : []),
    );
    if (former === undefined) this.ports.metrics.redisLosses.inc();
    const foundAt = former?.server === seen.server ? former.foundAt : this.ports.elapsed();
    return { since, server: seen.server, foundAt };
  }

  /** True once what was lost is on its way again, and Redis shows that. */
  async #mend({ since, foundAt }: Doubt, seen: Mark): Promise<boolean> {
    const { mark, tellAgain, clock, elapsed, logger } = this.ports;
    // An instance that starts has nothing on its way; the others look for themselves.
    if (this.#known !== undefined && elapsed() - foundAt < inFlightMs) return false;
    const told = await tellAgain(since - marginMs);
    if (seen.state === 'behind' && !(await mark.vouch(seen, since, clock.now()))) return false;
    const level = told.messages + told.events > 0 ? 'warn' : 'info';
    logger[level]({ since: new Date(since).toISOString(), ...told }, words);
    this.#doubt = undefined;
    this.#generation += 1;
    return true;
  }
}
