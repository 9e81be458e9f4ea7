import type { RescoreResult } from '../evaluate/rescore-event.js';
import type { ProvisionalAccess, RescoreQueue } from '../evaluate/rescore-queue.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { type Loop, startLoop } from './loop.js';

interface RescorerOptions {
  readonly queue: Pick<RescoreQueue, 'pending' | 'putBehind' | 'release'>;
  readonly judge: (pending: ProvisionalAccess) => Promise<RescoreResult>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly metrics: Pick<Metrics, 'rescored'>;
  /** Counts what could not be counted when it was decided; false while it cannot be. */
  readonly countMissed: () => Promise<boolean>;
  /** Between two looks; recovery shows within this and the time to work the backlog. */
  readonly everyMs: number;
}

const atOnce = 100;
/** Accounts worked on at the same time: the backlog of a long outage has to go, and evaluations have to go on. */
const together = 4;
/**
 * So many that are still blind, one after the other, and the store is not back. Fewer say nothing: a trip was slow, or what
 * these accounts need is on a server that is away.
 */
const blindInARow = 12;

/** Decisions that were made without an input are made again once it is back. Ends after the accounts it is working on. */
export function startRescorer(options: RescorerOptions): Loop {
  let isStopping = false;
  const onError = (error: unknown): void =>
    options.log.warn({ error: String(error) }, 'rescoring failed, it goes on at the next look');
  const work = async (): Promise<boolean> => {
    await rescoreWaiting(options, () => isStopping);
    return false;
  };
  const loop = startLoop({ everyMs: options.everyMs, work, onError });
  return {
    wake: () => loop.wake(),
    stop() {
      isStopping = true;
      return loop.stop();
    },
  };
}

/** Goes through what is pending, until nobody of a page can be judged: those are tried again at the next look. */
async function rescoreWaiting(options: RescorerOptions, isStopping: () => boolean): Promise<void> {
  const { queue, countMissed, log } = options;
  let settled = 0;
  try {
    for (let isBack = true; isBack && !isStopping(); ) {
      const found = await queue.pending(atOnce);
      // First: whoever is judged before an earlier event has been counted is judged by too low counts again.
      if (found.length === 0 || !(await countMissed())) break;
      const page = new Page(found, options, isStopping);
      isBack = await page.judgeAll();
      settled += page.settled;
    }
  } finally {
    // Whatever happened: another instance need not wait for the lease to run out.
    await queue.release();
    if (settled > 0) log.info({ settled }, 'degraded decisions were made again');
  }
}

class Page {
  settled = 0;
  private readonly blind: string[] = [];
  private inARow = 0;
  private failure: unknown;

  constructor(
    private readonly found: readonly ProvisionalAccess[],
    private readonly options: RescorerOptions,
    private readonly isStopping: () => boolean,
  ) {}

  /** False when the store is not back, or for none of these. */
  async judgeAll(): Promise<boolean> {
    const waiting = this.found.values();
    await Promise.all(Array.from({ length: together }, () => this.judgeSome(waiting)));
    if (this.blind.length > 0) await this.options.queue.putBehind(this.blind);
    if (this.failure !== undefined) throw this.failure;
    return this.settled > 0 && this.inARow < blindInARow;
  }

  /** One after the other; a slow one keeps the others from nothing. */
  private async judgeSome(waiting: Iterator<ProvisionalAccess>): Promise<void> {
    while (this.mayGoOn()) {
      const next = waiting.next();
      if (next.done === true) return;
      await this.judge(next.value).catch((error: unknown) => {
        this.failure ??= error;
      });
    }
  }

  private mayGoOn(): boolean {
    return this.failure === undefined && this.inARow < blindInARow && !this.isStopping();
  }

  private async judge(pending: ProvisionalAccess): Promise<void> {
    const result = await this.options.judge(pending);
    if (result === 'still_blind') {
      this.blind.push(pending.accountId);
      this.inARow += 1;
      return;
    }
    this.inARow = 0;
    this.settled += 1;
    this.options.metrics.rescored.inc({ changed: String(result === 'changed') });
  }
}
