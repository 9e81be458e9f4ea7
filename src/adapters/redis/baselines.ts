import { BurstFigures } from '../../features/burst.js';
import { type FeatureReading, unreached } from '../../features/feature-store.js';
import type { KeyLimits } from '../../features/key-log.js';
import type { Instant } from '../../model/time.js';
import { Unavailable } from '../../model/value.js';
import type { AccountCounts, BaselineCalls, BaselineKey, BaselineReading } from './baseline-calls.js';
import type { RedisConnection } from './connection.js';
import { outKey } from './entry-name.js';
import { loadKeysScript, loadScript } from './script.js';

export const unavailable = new Unavailable(unreached);
/** It answered: something that we cannot read is in the key's place, and stays there. */
export const unreadable = new Unavailable('velocity_unreadable');

export interface AskedEvent {
  /** Eight characters. */
  readonly event: string;
  /** Eight characters. */
  readonly account: string;
  readonly at: Instant;
  readonly accountSince: Instant;
  readonly write: boolean;
}

/** What is known of an account beside its labels. */
export interface AccountStanding {
  readonly standing: 'good' | 'out';
  readonly since: Instant;
  readonly wasOut: boolean;
}

interface Told {
  readonly account: string;
  readonly standing: AccountStanding;
  /** Of what is not there yet. */
  readonly lifetimeMs: number;
}

export interface BaselineAnswers {
  /** Parallel to the request's lookups. */
  readonly readings: FeatureReading[];
  /** Each key has to be asked by itself. */
  readonly isDivided: boolean;
  /** Keys on which the account has not got the place of a younger one yet: see `trust`. */
  readonly waiting: BaselineKey[];
}

/** What the script answered, by key. */
type Figures = Map<string, readonly number[]>;

/** Where one call puts what it is answered. */
interface Asking {
  readonly figures: Figures;
  readonly waiting: BaselineKey[];
}

export const isCrossSlot = (error: unknown): boolean => error instanceof Error && error.message.includes('CROSSSLOT');

/** Bursts and trusted accounts in Redis: each key is one atomic step. */
export class RedisBaselines {
  private readonly observeBaselines = loadKeysScript(
    'small-entries',
    'bucket-sums',
    'burst-record',
    'observe-bursts',
    'observe-totals',
    'observe-baselines',
  );
  private readonly tellBaselines = loadScript('small-entries', 'bucket-sums', 'burst-record', 'tell-baselines');
  private readonly distrustAccount = loadScript('small-entries', 'distrust-account');

  constructor(
    private readonly redis: RedisConnection,
    private readonly limits: KeyLimits,
  ) {}

  /** Fills in the readings; what could not be had is unavailable. False when the keys have to be asked one by one. */
  async read(calls: BaselineCalls, asked: AskedEvent, answers: BaselineAnswers): Promise<boolean> {
    const { readings, isDivided, waiting } = answers;
    const { keys, totals } = calls;
    if (keys.length === 0) return true;
    const groups = isDivided ? [...keys.map((key) => [key]), totals] : [[...keys, ...totals]];
    const figures: Figures = new Map();
    waiting.length = 0;
    const errors = await Promise.all(groups.map((group) => this.ask(group, asked, { figures, waiting })));
    if (!isDivided && errors.some(isCrossSlot)) return false;
    for (const reading of calls.readings) readings[reading.position] = readingOf(reading, figures);
    return true;
  }

  /** Gives the account the places that waited until it was known that it was never out. */
  async trust(waiting: readonly BaselineKey[], asked: AskedEvent, isDivided: boolean): Promise<void> {
    const keys = waiting.map(({ of, ...key }) => ({ ...key, of: `w2${of.slice(2)}` }));
    const groups = isDivided ? keys.map((key) => [key]) : [keys];
    await Promise.all(groups.map((group) => this.ask(group, asked, { figures: new Map(), waiting: [] })));
  }

  /** An account's events leave what is usual, or come back; may be repeated. Rejects when Redis is away. */
  async tell({ bursts, trusts }: AccountCounts, { account, standing, lifetimeMs }: Told): Promise<void> {
    const state = standing.standing === 'out' ? 'o' : 'g';
    const telling = [...bursts].map(([tag, entries]) =>
      this.redis.run(this.tellBaselines, [outKey(tag)], [account, state, standing.since, lifetimeMs, ...entries]),
    );
    const distrusting = standing.wasOut
      ? trusts.map((key) => this.redis.run(this.distrustAccount, [key], [account, lifetimeMs, standing.since]))
      : [];
    await Promise.all([...telling, ...distrusting]);
  }

  /** The error, if any. */
  private async ask(keys: readonly BaselineKey[], asked: AskedEvent, { figures, waiting }: Asking): Promise<unknown> {
    if (keys.length === 0) return undefined;
    const { write, event, account, at, accountSince } = asked;
    const { logLength, slack } = this.limits;
    const parameters: (string | number)[] = [write ? 1 : 0, event, account, at, accountSince, logLength, slack];
    const names = keys.map(({ key }) => key);
    for (const { of, reach, most } of keys) parameters.push(of, reach, most);
    try {
      const values = String(await this.redis.run(this.observeBaselines, names, parameters)).split(' ');
      let next = 0;
      for (const key of keys) {
        const answers = numbersOf(key.of);
        if (values[next]?.endsWith('!')) waiting.push(key);
        figures.set(key.key, values.slice(next, next + answers).map(Number.parseFloat));
        next += answers;
      }
    } catch (error) {
      return error;
    }
    return undefined;
  }
}

/** How many numbers a key answers. */
const numbersOf = (of: string): number => (of[0] === 'w' ? 1 : of[0] === 'k' ? 4 : ((of.length - 1) / 7) * 2);

function readingOf({ key, totals }: BaselineReading, figures: Figures): FeatureReading {
  const own = figures.get(key);
  const all = totals === undefined ? [] : figures.get(totals.key);
  if (own === undefined || all === undefined) return unavailable;
  const [first = Number.NaN, baseline = Number.NaN, recent = Number.NaN, held = Number.NaN] = own;
  // '?' stands for what was not to be had.
  if (totals === undefined) return Number.isNaN(first) ? unreadable : first;
  const [total = Number.NaN, baselineTotal = Number.NaN] = [all[totals.from], all[totals.from + 1]];
  if ([first, baseline, total, baselineTotal, recent, held].some(Number.isNaN)) return unreadable;
  return new BurstFigures(first, total, baseline, baselineTotal, recent, held);
}
