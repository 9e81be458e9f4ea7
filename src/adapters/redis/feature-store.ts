import { BurstFigures } from '../../features/burst.js';
import type { FeatureReading, FeatureReadings, FeatureRequest, FeatureStore } from '../../features/feature-store.js';
import { defaultLimits, type KeyLabel, type KeyLimits } from '../../features/key-log.js';
import { type Label, labels } from '../../model/label.js';
import { StoreUnavailable } from '../../model/store-unavailable.js';
import type { Instant } from '../../model/time.js';
import { type Reading, Unavailable } from '../../model/value.js';
import type { RedisConnection } from './connection.js';
import { digestOf } from './digest.js';
import { type KeyCall, keyCalls } from './key-calls.js';
import { loadKeysScript, loadScript } from './script.js';

/** An account's label outlives every window. */
const labelLifetimeMs = 400 * 86_400_000;
const unavailable = new Unavailable('velocity_unavailable');

const logKey = (key: string): string => `f:{${key}}`;
const accountKeys = (account: string): [string, string] => [`fa:{${account}}`, `fa:{${account}}:label`];

const isLabel = (text: unknown): text is Label => labels.some((label) => label === text);

function labelOf(reply: unknown): KeyLabel | undefined {
  if (!Array.isArray(reply) || !isLabel(reply[0])) return undefined;
  return { label: reply[0], at: Number(reply[1]) };
}

/** '-' is none, '?' could not be had. */
function readingOf(text: string | undefined): Reading {
  if (text === undefined || text === '?') return unavailable;
  return text === '-' ? undefined : Number(text);
}

const isCrossSlot = (error: unknown): boolean => error instanceof Error && error.message.includes('CROSSSLOT');

interface Asked {
  readonly event: string;
  readonly account: string;
  readonly at: Instant;
  readonly write: boolean;
  readonly label?: KeyLabel;
}

/** History in Redis: each key is one atomic step; one call for all keys of an event where one server has them. */
export class RedisFeatureStore implements FeatureStore {
  private readonly observeKeys = loadKeysScript('key-log', 'fold-key', 'observe-keys');
  private readonly labelKey = loadScript('label-key');
  private readonly touchAccount = loadScript('touch-account');
  private readonly labelAccount = loadScript('label-account');
  /** One call for each key: on a cluster, which a server behind a single address may be part of. */
  private isDivided: boolean;

  constructor(
    private readonly redis: RedisConnection,
    private readonly limits: KeyLimits = defaultLimits,
  ) {
    this.isDivided = redis.isCluster;
  }

  observe(request: FeatureRequest): Promise<FeatureReadings> {
    return this.read(request, true);
  }

  peek(request: FeatureRequest): Promise<FeatureReadings> {
    return this.read(request, false);
  }

  /** Rejects when Redis is away: the caller tries again, nothing is done twice. */
  async label(accountId: string, label: Label, at: Instant): Promise<void> {
    const account = digestOf(accountId);
    try {
      const keys = await this.redis.run(this.labelAccount, accountKeys(account), [label, at, labelLifetimeMs]);
      const touched = Array.isArray(keys) ? keys.map(String) : [];
      const parameters = [account, label, at, labelLifetimeMs];
      await Promise.all(touched.map((key) => this.redis.run(this.labelKey, [logKey(key)], parameters)));
    } catch (error) {
      throw new StoreUnavailable('labels did not reach the velocity features', { cause: error });
    }
  }

  /** Bursts and trusted accounts are not kept here yet: bursts stay cold, nobody is trusted. */
  async standing(): Promise<void> {}

  private async read(request: FeatureRequest, write: boolean): Promise<FeatureReadings> {
    const readings = request.lookups.map(({ spec }): FeatureReading => {
      if (spec.kind === 'burst') return new BurstFigures(0, 0, 0, 0);
      return spec.kind === 'trusted' ? 0 : unavailable;
    });
    const asked = { event: digestOf(request.eventId), account: digestOf(request.accountId), at: request.at, write };
    const calls = keyCalls(request, asked.account);
    const labelled = calls.filter((call) => call.labelled);
    const [label] = await Promise.all([this.touch(labelled, asked), this.askAll(calls, asked, readings)]);
    // Rare: an account that has a label already comes to further keys; asking again changes nothing else.
    if (label !== undefined) await this.askAll(labelled, { ...asked, label }, readings);
    return readings;
  }

  private async touch(labelled: readonly KeyCall[], { account, write }: Asked): Promise<KeyLabel | undefined> {
    if (labelled.length === 0) return undefined;
    const lifetimeMs = Math.max(...labelled.map((call) => call.lifetimeMs));
    const keys = write ? labelled.map(({ key }) => key) : [];
    try {
      return labelOf(await this.redis.run(this.touchAccount, accountKeys(account), [lifetimeMs, ...keys]));
    } catch {
      return undefined;
    }
  }

  private async askAll(calls: readonly KeyCall[], asked: Asked, readings: FeatureReading[]): Promise<void> {
    if (calls.length === 0) return;
    if (!this.isDivided) {
      const isDone = await this.ask(calls, asked, readings);
      if (isDone) return;
    }
    await Promise.all(calls.map((call) => this.ask([call], asked, readings)));
  }

  /** False when these keys have to be asked one by one. A reading that was not to be had stays unavailable. */
  private async ask(calls: readonly KeyCall[], asked: Asked, readings: FeatureReading[]): Promise<boolean> {
    const { event, account, at, write, label } = asked;
    const { logLength, slack } = this.limits;
    const keys: string[] = [];
    const parameters = [write ? 1 : 0, event, account, at, logLength, slack, label?.label ?? '', label?.at ?? 0];
    for (const { key, layout, plan, tail } of calls) {
      keys.push(logKey(key));
      parameters.push(layout, plan, tail);
    }
    try {
      const values = String(await this.redis.run(this.observeKeys, keys, parameters)).split(' ');
      let next = 0;
      for (const { positions } of calls)
        for (const position of positions) readings[position] = readingOf(values[next++]);
    } catch (error) {
      if (calls.length === 1 || !isCrossSlot(error)) return true;
      this.isDivided = true;
      return false;
    }
    return true;
  }
}
