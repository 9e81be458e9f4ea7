import type { RingBatch } from '../../rings/ring-batch.js';
import type { RingProjection, RingRewrite } from '../../rings/ring-projection.js';
import type { RedisConnection } from './connection.js';
import {
  accountRingKey,
  aliasText,
  isRingMarkOf,
  leadText,
  linkRingKey,
  ringKey,
  ringMarkKey,
  ringMarkStart,
  ringRewriteKey,
} from './ring-keys.js';
import { loadScript } from './script.js';

const dayMs = 86_400_000;
/** All is rewritten well before; what is not in the rings any more is gone by itself then. */
const lifetimeMs = 4 * dayMs;
/** The mark goes first: what it vouches for is there as long as it is. */
const markLifetimeMs = 3 * dayMs;
const rewriteMs = dayMs;
/** Sent at the same time: about a millisecond of work here. */
const atOnce = 64;

type Command = readonly (string | number)[];

const put = (key: string, value: string | undefined): Command =>
  value === undefined ? ['DEL', key] : ['SET', key, value, 'PX', lifetimeMs];

/**
 * Rings before what leads to them; aliases last, so that a ring that went into another stays readable meanwhile. An alias
 * leads to a ring of its own, not to another alias, however many merges there were.
 */
function* commandsOf({ rings, aliases, ended, members, keys }: RingBatch): Generator<Command> {
  for (const figures of rings) yield put(ringKey(figures.reading.ringId), JSON.stringify(figures));
  for (const { accountId, ringId } of members) yield put(accountRingKey(accountId), ringId);
  for (const { key, ringId, endsAt } of keys)
    yield put(linkRingKey(key), ringId === undefined ? undefined : leadText({ ringId, endsAt }));
  for (const { id, into } of aliases) yield put(ringKey(id), aliasText(into));
  for (const id of ended) yield put(ringKey(id), undefined);
}

interface RingProjectionOptions {
  readonly redis: RedisConnection;
  /** The installation's, as it is now. */
  readonly epoch: () => string;
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
    if (isLost || !(await this.isOfOurLayout())) await redis.call('DEL', ringMarkKey);
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
    return `${ringMarkStart(epoch())} ${name}`;
  }

  /** Otherwise instances of another version would read as theirs what is half theirs and half ours. */
  private async isOfOurLayout(): Promise<boolean> {
    return isRingMarkOf(await this.options.redis.call('GET', ringMarkKey), this.options.epoch());
  }

  /** On one connection commands run in the order in which they were sent. */
  private async write(batch: RingBatch): Promise<void> {
    let sent: Promise<unknown>[] = [];
    for (const command of commandsOf(batch)) {
      sent.push(this.send(command));
      if (sent.length < atOnce) continue;
      await Promise.all(sent);
      sent = [];
    }
    await Promise.all(sent);
  }

  private send([name = '', ...parameters]: Command): Promise<unknown> {
    return this.options.redis.call(String(name), ...parameters);
  }
}
