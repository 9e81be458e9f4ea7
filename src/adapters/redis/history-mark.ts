import type { Clock, Instant } from '../../model/time.js';
import type { RedisConnection } from './connection.js';
import { epochKey } from './redis-epoch.js';
import { loadScript } from './script.js';

/** Its name has the version of the layout: what another version has written is rebuilt, not read. */
export const historyMarkKey = 'portcullis:{history}:mark2';
export const historyLeaseKey = 'portcullis:{history}:rebuild';
/** Whoever rebuilds and dies is followed by another after this time. */
const leaseMs = 15_000;
/** A power loss costs a second or two of what Redis was told; a mark that went back further is an older copy. */
const toleratedMs = 10_000;

type HistoryState = 'whole' | 'missing' | 'restored';

/** The right to rebuild, until something happens to what was rebuilt so far. */
interface RebuildLease {
  /** False when Redis was wiped or restored meanwhile, or the time ran out: begin again. */
  advance(): Promise<boolean>;
  /** Shows that history is whole; false as above, and then nothing is shown. */
  finish(now: Instant): Promise<boolean>;
}

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
 * The mark that the velocity history in Redis is the installation's and whole: its epoch, and the time when it was last
 * seen, so that a restored older copy can be told. All instances read it, those with workers write it. A time that has not
 * come yet is from a clock that was ahead: nothing is measured by it, and it is put right.
 */
export class HistoryMark {
  private readonly beatHistory = loadScript('beat-history');
  private readonly claimRebuild = loadScript('claim-rebuild');
  private readonly advanceRebuild = loadScript('advance-rebuild');
  private readonly finishRebuild = loadScript('finish-rebuild');
  private highest: Instant = 0;

  constructor(private readonly options: HistoryMarkOptions) {}

  /** On the connection of the readings it is to judge, after them. Rejects when Redis does not answer. */
  async isWhole(): Promise<boolean> {
    const { hot } = this.options;
    const epoch = this.options.epoch();
    const [shown, at] = String(await hot.call('GET', historyMarkKey)).split(' ');
    const isRecent = Number(at) >= Math.min(this.highest, this.options.clock.now()) - toleratedMs;
    if (shown !== epoch || !isRecent) return false;
    this.highest = Math.max(this.highest, Number(at));
    return true;
  }

  /** `seenAt`: what the truth remembers of the mark. The state, and the time the mark shows when all is well. */
  async beat(seenAt: Instant, now: Instant): Promise<{ readonly state: HistoryState; readonly at: Instant }> {
    const { relay } = this.options;
    this.highest = Math.min(Math.max(this.highest, seenAt), now);
    const reply = await relay.run(
      this.beatHistory,
      [historyMarkKey],
      [this.options.epoch(), this.highest - toleratedMs, now, now + toleratedMs],
    );
    if (reply === 'missing' || reply === 'restored') return { state: reply, at: 0 };
    this.highest = Math.max(this.highest, Number(reply));
    return { state: 'whole', at: this.highest };
  }

  /** For an installation without any history. */
  async show(now: Instant): Promise<void> {
    await this.options.relay.call('SET', historyMarkKey, this.markAt(now));
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
      finish: async (now) =>
        (await relay.run(this.finishRebuild, [historyLeaseKey, historyMarkKey], [lease(), `${epoch} ${now}`])) === 1,
    };
  }

  private markAt(now: Instant): string {
    return `${this.options.epoch()} ${now}`;
  }
}
