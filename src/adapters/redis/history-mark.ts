import type { Clock, Instant } from '../../model/time.js';
import type { RedisConnection } from './connection.js';
import { epochKey } from './redis-epoch.js';
import { loadScript } from './script.js';

/** Its name has the version of the layout: what another version has written is rebuilt, not read. */
export const historyMarkKey = 'portcullis:{history}:mark2';
/** The server on which it was vouched for, and since when it had been in doubt there. */
const historyServerKey = 'portcullis:{history}:server';
export const historyLeaseKey = 'portcullis:{history}:rebuild';
/** Whoever rebuilds and dies is followed by another after this time. */
const leaseMs = 15_000;
/** What a mark that went back further would have to be told again is more than rebuilding all of it. */
const mostMendedMs = 600_000;
/** Clocks of instances differ by less. */
const clockSkewMs = 10_000;

/** behind: its last seconds may be lost. restored: an older copy, of which nothing is worth mending. */
type HistoryState = 'whole' | 'missing' | 'behind' | 'restored';

/** The mark as it was looked at. */
export interface SeenMark {
  readonly state: HistoryState;
  /** Everything that was written before is there; 0 where there is no mark. */
  readonly at: Instant;
  /** Another one after each start of the server, and after a replica has taken over. */
  readonly server: string;
  /** Since when this server had been in doubt before somebody had it told again what it may have lost; 0 where nobody has. */
  readonly doubtedSince: Instant;
}

/** The right to rebuild, until something happens to what was rebuilt so far. */
interface RebuildLease {
  /** False when Redis was wiped or restored meanwhile, or the time ran out: begin again. */
  advance(): Promise<boolean>;
  /** Shows that history is whole; false as above, and then nothing is shown. */
  finish(now: Instant): Promise<boolean>;
}

const states = ['whole', 'missing', 'behind', 'restored'] as const satisfies readonly HistoryState[];
const stateOf = (text: string | undefined): HistoryState => states.find((state) => state === text) ?? 'missing';
const finishKeys = [historyLeaseKey, historyMarkKey, historyServerKey];

interface HistoryMarkOptions {
  /** In the path of answers. */
  readonly hot: RedisConnection;
  readonly relay: RedisConnection;
  /** The installation's, as it is now. */
  readonly epoch: () => string;
  /** Differs for every attempt. */
  readonly newToken: () => string;
  readonly clock: Clock;
}

/**
 * The mark that the velocity history in Redis is the installation's and whole: its epoch, the time when it was last seen, and
 * on which server, so that an older state of Redis can be told, and since when it lacks what it was told. All instances read
 * it, those with workers write it each second. A time that has not come yet is from a clock that was ahead: nothing is
 * measured by it, and it is put right.
 */
export class HistoryMark {
  private readonly lookAtHistory = loadScript('server-id', 'look-history');
  private readonly showHistory = loadScript('server-id', 'show-history');
  private readonly vouchHistory = loadScript('server-id', 'vouch-history');
  private readonly claimRebuild = loadScript('claim-rebuild');
  private readonly advanceRebuild = loadScript('advance-rebuild');
  private readonly finishRebuild = loadScript('server-id', 'finish-rebuild');
  private highest: Instant = 0;

  constructor(private readonly options: HistoryMarkOptions) {}

  /** On the connection of the readings it is to judge, after them. Rejects when Redis does not answer. */
  async isWhole(): Promise<boolean> {
    const { hot, epoch } = this.options;
    const now = this.options.clock.now();
    // What others show until the answer is here says nothing of when it was given.
    const least = this.leastAt(now);
    const [shown, at] = String(await hot.call('GET', historyMarkKey)).split(' ');
    if (shown !== epoch() || Number(at) < least) return false;
    this.highest = Math.max(this.leastAt(now), Number(at));
    return true;
  }

  /** `seenAt`: what the truth remembers of the mark. The state, and the time the mark shows when all is well. */
  async beat(seenAt: Instant, now: Instant): Promise<{ readonly state: HistoryState; readonly at: Instant }> {
    if (seenAt <= now + clockSkewMs) this.highest = Math.max(this.leastAt(now), seenAt);
    const { state, at } = await this.read(now, true);
    return { state, at: state === 'whole' ? at : 0 };
  }

  /** Without marking that it was seen. */
  look(now: Instant): Promise<SeenMark> {
    return this.read(now, false);
  }

  /** What may have been lost since then was told again. False where the mark, or the server, is another one by now. */
  async vouch({ at, server }: SeenMark, since: Instant, now: Instant): Promise<boolean> {
    const from = Math.max(at, this.leastAt(now), now);
    const parameters = [this.markAt(at), server, this.markAt(from), since];
    return (await this.options.relay.run(this.vouchHistory, [historyMarkKey, historyServerKey], parameters)) === 1;
  }

  /** For an installation without any history. */
  async show(now: Instant): Promise<void> {
    await this.options.relay.run(this.showHistory, [historyMarkKey, historyServerKey], [this.markAt(now), now]);
  }

  /** An older copy: nobody may believe it, and gate and jobs are to be rebuilt too. */
  async revoke(): Promise<void> {
    const { relay } = this.options;
    await Promise.all([relay.call('DEL', historyMarkKey), relay.call('DEL', epochKey)]);
  }

  /** Undefined while another instance rebuilds, and where the mark is there again: another has just finished. */
  async claim(): Promise<RebuildLease | undefined> {
    const { relay, newToken } = this.options;
    const [epoch, token] = [this.options.epoch(), newToken()];
    let step = 0;
    const lease = (): string => `${token} ${step}`;
    if ((await relay.run(this.claimRebuild, [historyLeaseKey, historyMarkKey], [epoch, lease(), leaseMs])) !== 1)
      return undefined;
    return {
      advance: async () => {
        const last = lease();
        step += 1;
        return (await relay.run(this.advanceRebuild, [historyLeaseKey], [last, lease(), leaseMs])) === 1;
      },
      finish: async (now) => (await relay.run(this.finishRebuild, finishKeys, [lease(), `${epoch} ${now}`, now])) === 1,
    };
  }

  private async read(now: Instant, marksSeen: boolean): Promise<SeenMark> {
    const least = this.leastAt(now);
    const reply = await this.options.relay.run(
      this.lookAtHistory,
      [historyMarkKey, historyServerKey],
      [this.options.epoch(), least, least - mostMendedMs, now, now + clockSkewMs, marksSeen ? 1 : 0],
    );
    const [state, at, server = '', since] = Array.isArray(reply) ? reply.map(String) : [];
    const seen = { state: stateOf(state), at: Number(at ?? 0), server, doubtedSince: Number(since ?? 0) };
    if (seen.state === 'whole') this.highest = Math.max(this.leastAt(now), seen.at);
    return seen;
  }

  /** What the mark has shown, and has to show still. */
  private leastAt(now: Instant): Instant {
    return this.highest > now + clockSkewMs ? 0 : this.highest;
  }

  private markAt(now: Instant): string {
    return `${this.options.epoch()} ${now}`;
  }
}
