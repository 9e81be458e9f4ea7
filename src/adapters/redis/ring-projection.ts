import type { RingBatch } from '../../rings/ring-batch.js';
import type { RingProjection, RingRewrite } from '../../rings/ring-projection.js';
import type { RedisConnection } from './connection.js';
import { accountRingKey, aliasText, linkRingKey, ringKey, ringMarkKey, ringRewriteKey } from './ring-keys.js';
import { loadScript } from './script.js';

const dayMs = 86_400_000;
/** All is rewritten well before; what is not in the rings any more is gone by itself then. */
const lifetimeMs = 4 * dayMs;
/** The mark goes first: what it vouches for is there as long as it is. */
const markLifetimeMs = 3 * dayMs;
const rewriteMs = dayMs;
const atOnce = 200;

type Command = readonly (string | number)[];

const put = (key: string, value: string | undefined): Command =>
  value === undefined ? ['DEL', key] : ['SET', key, value, 'PX', lifetimeMs];

/** Rings before what leads to them; aliases last, so that a ring that went into another stays readable meanwhile. */
function commandsOf({ rings, merged, ended, members, keys }: RingBatch): Command[][] {
  return [
    rings.map((figures) => put(ringKey(figures.reading.ringId), JSON.stringify(figures))),
    [
      ...members.map(({ accountId, ringId }) => put(accountRingKey(accountId), ringId)),
      ...keys.map(({ key, ringId }) => put(linkRingKey(key), ringId)),
    ],
    [
      ...merged.map(({ from, into }) => put(ringKey(from), aliasText(into))),
      ...ended.map((id) => put(ringKey(id), undefined)),
    ],
  ];
}

export interface RingProjectionOptions {
  readonly redis: RedisConnection;
  /** The installation's. */
  readonly epoch: string;
  /** Differs for every worker. */
  readonly name: string;
}

/** Rings in Redis, as one worker writes them. */
export class RedisRingProjection implements RingProjection {
  private readonly advance = loadScript('advance-rings');
  private readonly finish = loadScript('finish-rings');
  private step = 0;
  /** The mark shows this one or a later one that we set and were not told of. */
  private shownStep = 0;

  constructor(private readonly options: RingProjectionOptions) {}

  async publish(batch: RingBatch): Promise<boolean> {
    await this.write(batch);
    return this.isWhole();
  }

  async isWhole(): Promise<boolean> {
    this.step += 1;
    const step = this.step;
    const parameters = [this.owner, this.shownStep, step, markLifetimeMs];
    const isWhole = (await this.options.redis.run(this.advance, [ringMarkKey], parameters)) === 1;
    if (isWhole) this.shownStep = step;
    return isWhole;
  }

  async rewrite(isLost: boolean): Promise<RingRewrite> {
    const { redis } = this.options;
    this.step += 1;
    const begun = `${this.owner} ${this.step}`;
    if (isLost) await redis.call('DEL', ringMarkKey);
    await redis.call('SET', ringRewriteKey, begun, 'PX', rewriteMs);
    return {
      write: (batch) => this.write(batch),
      finish: async () => {
        this.step += 1;
        this.shownStep = this.step;
        const parameters = [begun, `${this.owner} ${this.step}`, markLifetimeMs];
        return (await redis.run(this.finish, [ringRewriteKey, ringMarkKey], parameters)) === 1;
      },
    };
  }

  private get owner(): string {
    const { epoch, name } = this.options;
    return `${epoch} ${name}`;
  }

  private async write(batch: RingBatch): Promise<void> {
    for (const commands of commandsOf(batch))
      for (let from = 0; from < commands.length; from += atOnce)
        await Promise.all(commands.slice(from, from + atOnce).map((command) => this.send(command)));
  }

  private send([name = '', ...parameters]: Command): Promise<unknown> {
    return this.options.redis.call(String(name), ...parameters);
  }
}
