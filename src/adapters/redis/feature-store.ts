import { createHash } from 'node:crypto';
import type { FeatureReadings, FeatureRequest, FeatureStore } from '../../features/feature-store.js';
import { type KeyQuestion, keyQuestions } from '../../features/key-calls.js';
import type { KeyLabel } from '../../features/key-log.js';
import { type Label, labels } from '../../model/label.js';
import { StoreUnavailable } from '../../model/store-unavailable.js';
import type { Instant } from '../../model/time.js';
import { type Reading, Unavailable } from '../../model/value.js';
import type { RedisConnection } from './connection.js';
import { loadScript } from './script.js';

/** An account's label outlives every window. */
const labelLifetimeMs = 400 * 86_400_000;
const unavailable = new Unavailable('velocity_unavailable');

/** Long enough within one key: 60 bits. */
const short = (text: string): string => createHash('sha1').update(text).digest('base64url').slice(0, 10);

const logKey = (key: string): string => `f:{${key}}`;
const goneKey = (key: string): string => `f:{${key}}:gone`;
const accountKeys = (account: string): [string, string] => [`fa:{${account}}`, `fa:{${account}}:label`];

const isLabel = (text: unknown): text is Label => labels.some((label) => label === text);

function labelOf(reply: unknown): KeyLabel | undefined {
  if (!Array.isArray(reply) || !isLabel(reply[0])) return undefined;
  return { label: reply[0], at: Number(reply[1]) };
}

const numberOf = (text: unknown): number | undefined =>
  typeof text === 'string' && text !== '' ? Number(text) : undefined;

interface Asked {
  readonly event: string;
  readonly account: string;
  readonly at: Instant;
  readonly write: boolean;
}

/** History in Redis: one atomic script for each key, keys of one event at the same time. */
export class RedisFeatureStore implements FeatureStore {
  private readonly observeKey = loadScript('observe-key');
  private readonly labelKey = loadScript('label-key');
  private readonly touchAccount = loadScript('touch-account');
  private readonly labelAccount = loadScript('label-account');

  constructor(private readonly redis: RedisConnection) {}

  observe(request: FeatureRequest): Promise<FeatureReadings> {
    return this.read(request, true);
  }

  peek(request: FeatureRequest): Promise<FeatureReadings> {
    return this.read(request, false);
  }

  /** Rejects when Redis is away: the caller tries again, nothing is done twice. */
  async label(accountId: string, label: Label, at: Instant): Promise<void> {
    const account = short(accountId);
    try {
      const keys = await this.redis.run(this.labelAccount, accountKeys(account), [label, at, labelLifetimeMs]);
      const touched = Array.isArray(keys) ? keys.map(String) : [];
      const parameters = [account, label, at, labelLifetimeMs];
      await Promise.all(touched.map((key) => this.redis.run(this.labelKey, [logKey(key)], parameters)));
    } catch (error) {
      throw new StoreUnavailable('labels did not reach the velocity features', { cause: error });
    }
  }

  private async read(request: FeatureRequest, write: boolean): Promise<FeatureReadings> {
    const readings = new Array<Reading>(request.lookups.length).fill(unavailable);
    const questions = keyQuestions(request);
    const asked = { event: short(request.eventId), account: short(request.accountId), at: request.at, write };
    const labelled = questions.filter((question) => question.labelled);
    const [label] = await Promise.all([
      this.touch(labelled, asked),
      ...questions.map((question) => this.ask(question, asked, readings)),
    ]);
    // Rare: an account that has a label already comes to further keys; asking again changes nothing else.
    if (label !== undefined)
      await Promise.all(labelled.map((question) => this.ask(question, { ...asked, label }, readings)));
    return readings;
  }

  private async touch(labelled: readonly KeyQuestion[], { account, write }: Asked): Promise<KeyLabel | undefined> {
    if (labelled.length === 0) return undefined;
    const lifetimeMs = Math.max(...labelled.map((question) => question.lifetimeMs));
    const keys = write ? labelled.map(({ key }) => key) : [];
    try {
      return labelOf(await this.redis.run(this.touchAccount, accountKeys(account), [lifetimeMs, ...keys]));
    } catch {
      return undefined;
    }
  }

  private async ask(
    question: KeyQuestion,
    { event, account, at, write, label }: Asked & { readonly label?: KeyLabel },
    readings: Reading[],
  ): Promise<void> {
    const features = question.lookups.flatMap((lookup) => [
      lookup.id,
      lookup.kind,
      lookup.of,
      lookup.windowMs,
      lookup.exactTo,
      lookup.counts ? 1 : 0,
      lookup.member,
    ]);
    const writes = write && question.counts ? 1 : 0;
    const head = [writes, at, event, account, question.lifetimeMs, label?.label ?? '', label?.at ?? 0];
    const keys = [logKey(question.key), goneKey(question.key)];
    try {
      const reply = await this.redis.run(this.observeKey, keys, [...head, ...features]);
      const values = Array.isArray(reply) ? reply : [];
      question.positions.forEach((position, index) => {
        readings[position] = numberOf(values[index]);
      });
    } catch {
      // The reading stays what it was: unavailable.
    }
  }
}
