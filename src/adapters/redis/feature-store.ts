import type {
  FeatureReading,
  FeatureReadings,
  FeatureRequest,
  FeatureStore,
  Standing,
} from '../../features/feature-store.js';
import { defaultLimits, type KeyLabel, type KeyLimits } from '../../features/key-log.js';
import { type Label, labels } from '../../model/label.js';
import { StoreUnavailable } from '../../model/store-unavailable.js';
import type { Instant } from '../../model/time.js';
import type { Reading } from '../../model/value.js';
import {
  accountCounts,
  type BaselineCalls,
  type BaselineKey,
  baselineCalls,
  distrustingCalls,
  eventRecord,
} from './baseline-calls.js';
import {
  type AccountStanding,
  type AskedEvent,
  type BaselineAnswers,
  isCrossSlot,
  RedisBaselines,
  unavailable,
  unreadable,
} from './baselines.js';
import type { RedisConnection } from './connection.js';
import { digestOf, refIn, refOf } from './digest.js';
import { accountKey, lifetimeLetter, logKey } from './entry-name.js';
import { keyCalls, type RedisKeyCall } from './key-calls.js';
import { loadKeysScript, loadScript } from './script.js';

/** What is known of an account outlives every window. */
const labelLifetimeMs = 400 * 86_400_000;
/** Of the record of an event that is still on its way when its account goes out. */
const leastLifetimeMs = 86_400_000;

/** See account-entry. */
const accountKeys = (digest: string): [counts: string, known: string] => [
  accountKey(digest),
  `${accountKey(digest)}:known`,
];

const isLabel = (text: unknown): text is Label => labels.some((label) => label === text);

/** What the scripts say of an account; most accounts nothing was ever told of. */
interface KnownAccount {
  readonly label?: KeyLabel | undefined;
  readonly standing?: AccountStanding | undefined;
}

function knownOf(reply: unknown): KnownAccount {
  if (!Array.isArray(reply)) return {};
  const [label, at, standing, since, wasOut] = reply;
  return {
    label: isLabel(label) ? { label, at: Number(at) } : undefined,
    standing: standingOf(standing, since, wasOut),
  };
}

const standingOf = (standing: unknown, since: unknown, wasOut: unknown): AccountStanding | undefined =>
  standing === 'out' || standing === 'good' ? { standing, since: Number(since), wasOut: wasOut === '1' } : undefined;

/** '-' is none, '?' could not be had. */
function readingOf(text: string | undefined): Reading {
  if (text === undefined) return unavailable;
  if (text === '?') return unreadable;
  return text === '-' ? undefined : Number(text);
}

interface Asked extends AskedEvent {
  readonly label?: KeyLabel;
}

type BaselineTargets = Omit<BaselineAnswers, 'isDivided'>;

interface ToTell {
  readonly request: FeatureRequest;
  readonly baselines: BaselineCalls;
  readonly standing: AccountStanding;
  readonly asked: Asked;
}

/** History in Redis: each key is one atomic step; one call for all keys of an event where one server has them. */
export class RedisFeatureStore implements FeatureStore {
  private readonly observeKeys = loadKeysScript(
    'small-entries',
    'small-log',
    'key-labels',
    'key-log',
    'fold-key',
    'observe-keys',
  );
  private readonly labelKey = loadScript('small-entries', 'small-log', 'key-labels', 'label-key');
  private readonly touchAccount = loadScript('small-entries', 'account-entry', 'touch-account');
  private readonly labelAccount = loadScript('small-entries', 'account-entry', 'label-account');
  private readonly standAccount = loadScript('small-entries', 'account-entry', 'stand-account');
  private readonly baselines: RedisBaselines;
  /** One call for each key: on a cluster, which a server behind a single address may be part of. */
  private isDivided: boolean;

  constructor(
    private readonly redis: RedisConnection,
    private readonly limits: KeyLimits = defaultLimits,
  ) {
    this.isDivided = redis.isCluster;
    this.baselines = new RedisBaselines(redis, limits);
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
      const text = await this.redis.run(this.labelAccount, accountKeys(account), [label, at, labelLifetimeMs]);
      // Something newer is known of it: what comes late takes nobody out.
      if (text === null) return;
      const parameters = [refIn(account), label, at, labelLifetimeMs];
      await Promise.all(
        accountCounts(String(text)).logs.map((tag) => this.redis.run(this.labelKey, [logKey(tag)], parameters)),
      );
    } catch (error) {
      throw new StoreUnavailable('labels did not reach the velocity features', { cause: error });
    }
    if (label === 'fraud') await this.standing(accountId, 'out', at);
  }

  /** Rejects as above. What is told is what stands then, so that an older message changes nothing. */
  async standing(accountId: string, standing: Standing, at: Instant): Promise<void> {
    const account = digestOf(accountId);
    try {
      const reply = await this.redis.run(this.standAccount, accountKeys(account), [standing, at, labelLifetimeMs]);
      const [counted, ...known] = Array.isArray(reply) ? reply : [];
      const [state, since, wasOut, keptMs] = known;
      const stands = standingOf(state, since, wasOut);
      if (stands === undefined) return;
      await this.baselines.tell(accountCounts(String(counted)), {
        account: refIn(account),
        standing: stands,
        lifetimeMs: Math.max(Number(keptMs), leastLifetimeMs),
      });
    } catch (error) {
      throw new StoreUnavailable('a standing did not reach the velocity features', { cause: error });
    }
  }

  private async read(request: FeatureRequest, write: boolean): Promise<FeatureReadings> {
    const readings = new Array<FeatureReading>(request.lookups.length).fill(unavailable);
    const { at, accountSince = at } = request;
    const digest = digestOf(request.accountId);
    const asked: Asked = {
      event: refOf(request.eventId),
      account: refIn(digest),
      at,
      accountSince,
      write,
    };
    const calls = keyCalls(request, asked.account);
    const labelled = calls.filter((call) => call.labelled);
    const baselines = baselineCalls(request);
    const waiting: BaselineKey[] = [];
    const [known] = await Promise.all([
      this.touch(digest, labelled, { baselines, asked }),
      this.askAll(calls, asked, readings),
      this.askBaselines(baselines, asked, { readings, waiting }),
    ]);
    if (known === undefined) return readings;
    // Rare: an account of which something is known already comes to further keys; asking again changes nothing else.
    const { label, standing } = known;
    if (label !== undefined) await this.askAll(labelled, { ...asked, label }, readings);
    if (standing !== undefined) await this.tellAgain({ request, baselines, standing, asked }, readings);
    if (waiting.length > 0 && standing?.wasOut !== true) await this.baselines.trust(waiting, asked, this.isDivided);
    return readings;
  }

  /** Undefined when it is not to be had. */
  private async touch(
    digest: string,
    labelled: readonly RedisKeyCall[],
    { baselines, asked: { event, at, write } }: { baselines: BaselineCalls; asked: Asked },
  ): Promise<KnownAccount | undefined> {
    const { counted, trusts } = baselines;
    if (labelled.length === 0 && counted.length === 0 && trusts.length === 0) return {};
    const lifetimeMs = Math.max(baselines.lifetimeMs, ...labelled.map((call) => call.lifetimeMs));
    const logs = labelled.map(({ tag }) => `;l${tag}`);
    const records = write ? [eventRecord(event, counted), ...trusts, ...logs] : [];
    try {
      const parameters = [event, lifetimeMs, lifetimeLetter(lifetimeMs), at, ...records];
      return knownOf(await this.redis.run(this.touchAccount, accountKeys(digest), parameters));
    } catch {
      return undefined;
    }
  }

  private async askBaselines(calls: BaselineCalls, asked: Asked, into: BaselineTargets): Promise<void> {
    const isDone = await this.baselines.read(calls, asked, { ...into, isDivided: this.isDivided });
    if (isDone) return;
    this.isDivided = true;
    await this.baselines.read(calls, asked, { ...into, isDivided: true });
  }

  /** What this event has counted for is taken out again, and nobody is trusted for having been out. */
  private async tellAgain({ request, baselines, standing, asked }: ToTell, readings: FeatureReading[]): Promise<void> {
    const { account, event, write } = asked;
    const counts = accountCounts(eventRecord(event, baselines.counted) + baselines.trusts.join(''));
    const { lifetimeMs } = baselines;
    if (write) await this.baselines.tell(counts, { account, standing, lifetimeMs }).catch(() => undefined);
    if (!standing.wasOut || baselines.trusts.length === 0) return;
    await this.askBaselines(distrustingCalls(request), { ...asked, write: false }, { readings, waiting: [] });
  }

  private async askAll(calls: readonly RedisKeyCall[], asked: Asked, readings: FeatureReading[]): Promise<void> {
    if (calls.length === 0) return;
    if (!this.isDivided) {
      const isDone = await this.ask(calls, asked, readings);
      if (isDone) return;
    }
    await Promise.all(calls.map((call) => this.ask([call], asked, readings)));
  }

  /** False when these keys have to be asked one by one. A reading that was not to be had stays unavailable. */
  private async ask(calls: readonly RedisKeyCall[], asked: Asked, readings: FeatureReading[]): Promise<boolean> {
    const { event, account, at, write, label } = asked;
    const { logLength, slack } = this.limits;
    const keys: string[] = [];
    const parameters = [write ? 1 : 0, event, account, at, logLength, slack, label?.label ?? '', label?.at ?? 0];
    for (const { tag, layout, plan, tail, small } of calls) {
      keys.push(logKey(tag));
      parameters.push(layout, plan, tail, small);
    }
    try {
      const values = String(await this.redis.run(this.observeKeys, keys, parameters)).split(' ');
      let next = 0;
      for (const { positions, twins } of calls) {
        for (const position of positions) readings[position] = readingOf(values[next++]);
        for (const { position, of } of twins) readings[position] = readings[of];
      }
    } catch (error) {
      if (calls.length === 1 || !isCrossSlot(error)) return true;
      this.isDivided = true;
      return false;
    }
    return true;
  }
}
