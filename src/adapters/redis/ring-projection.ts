import type { Instant } from '../../model/time.js';
import type { RingBatch } from '../../rings/ring-batch.js';
import type { RingProjection, RingRewrite } from '../../rings/ring-projection.js';
import type { RedisConnection } from './connection.js';
import {
  accountRingKey,
  aliasText,
  entryText,
  leadText,
  linkRingKey,
  ringKey,
  ringMarkKey,
  ringOwnerText,
  ringRewriteKey,
  shownGeneration,
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

/** What a key is to say; nothing where it is to go. */
type Entry = readonly [key: string, text: string | undefined];

const commandOf = ([key, text]: Entry, generation: number): Command =>
  text === undefined ? ['DEL', key] : ['SET', key, entryText(generation, text), 'PX', lifetimeMs];

/**
 * Rings before what leads to them; aliases last, so that a ring that went into another stays readable meanwhile. An alias
 * leads to a ring of its own, not to another alias, however many merges there were.
 */
function* entriesOf({ rings, aliases, ended, members, keys }: RingBatch): Generator<Entry> {
  for (const figures of rings) yield [ringKey(figures.reading.ringId), JSON.stringify(figures)];
  for (const { accountId, ringId } of members) yield [accountRingKey(accountId), ringId];
  for (const { key, ringId, endsAt } of keys)
    yield [linkRingKey(key), ringId === undefined ? undefined : leadText({ ringId, endsAt })];
  for (const { id, into } of aliases) yield [ringKey(id), aliasText(into)];
  for (const id of ended) yield [ringKey(id), undefined];
}

interface RingProjectionOptions {
  readonly redis: RedisConnection;
  /** The installation's, as it is now. */
  readonly epoch: () => string;
  /** Differs for every worker. */
  readonly name: string;
  readonly now?: () => Instant;
}

/** Rings in Redis, as one worker writes them. */
export class RedisRingProjection implements RingProjection {
  private readonly advance = loadScript('advance-rings');
  private readonly finish = loadScript('finish-rings');
  private step = 0;
  /** The mark shows this one or a later one that we set and were not told of. */
  private shownStep = 0;
  /** Of what is written from now on; the mark shows it once everything has been written in it. */
  private generation = 0;
  private shownGeneration = 0;

  constructor(private readonly options: RingProjectionOptions) {}

  async publish(batch: RingBatch): Promise<boolean> {
    await this.write(batch);
    return this.isWhole();
  }

  async isWhole(): Promise<boolean> {
    this.step += 1;
    const step = this.step;
    const parameters = [this.ownerOf(this.shownGeneration), this.shownStep, step, markLifetimeMs];
    const isWhole = (await this.options.redis.run(this.advance, [ringMarkKey], parameters)) === 1;
    if (isWhole) this.shownStep = step;
    return isWhole;
  }

  async rewrite(isLost: boolean): Promise<RingRewrite> {
    const { redis, now = Date.now } = this.options;
    this.step += 1;
    const shown = await this.shown();
    const generation = Math.max(now(), this.generation + 1, (shown ?? 0) + 1);
    const begun = `${this.ownerOf(generation)} ${this.step}`;
    // Instances of another version would read as theirs what is half theirs and half ours.
    if (isLost || shown === undefined) await redis.call('DEL', ringMarkKey);
    await redis.call('SET', ringRewriteKey, begun, 'PX', rewriteMs);
    this.generation = generation;
    return {
      write: (batch) => this.write(batch),
      finish: async () => {
        this.step += 1;
        this.shownStep = this.step;
        this.shownGeneration = generation;
        const parameters = [begun, `${this.ownerOf(generation)} ${this.step}`, markLifetimeMs];
        return (await redis.run(this.finish, [ringRewriteKey, ringMarkKey], parameters)) === 1;
      },
    };
  }

  private ownerOf(generation: number): string {
    const { epoch, name } = this.options;
    return ringOwnerText({ epoch: epoch(), worker: name, generation });
  }

  private async shown(): Promise<number | undefined> {
    return shownGeneration(await this.options.redis.call('GET', ringMarkKey), this.options.epoch());
  }

  /** On one connection commands run in the order in which they were sent. */
  private async write(batch: RingBatch): Promise<void> {
    let sent: Promise<unknown>[] = [];
    for (const entry of entriesOf(batch)) {
      sent.push(this.send(commandOf(entry, this.generation)));
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
