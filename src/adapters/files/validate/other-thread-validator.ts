import { Worker } from 'node:worker_threads';
import { type Problem, problem } from '../../../model/problem.js';
import { err, ok, type Result } from '../../../model/result.js';
import type { Instant } from '../../../model/time.js';
import type { RuleProblem } from '../../../ruleset/rule-problem.js';

/** To the validating thread. */
export interface ValidateRequest {
  /** Texts by path relative to the rules folder. */
  readonly files: ReadonlyMap<string, string>;
  readonly now: Instant;
}

/** From it. */
export interface ValidateReply {
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

interface ValidatorOptions {
  /** One file set may take so long; 20 s. */
  readonly withinMs?: number;
  /** How many may wait for their turn; 8. */
  readonly mostWaiting?: number;
  /** What the thread runs; by default what is built beside this file. */
  readonly threadFile?: URL;
}

const builtFile = new URL('./validating-thread.js', import.meta.url);

/** A thread that asks for more, megabytes, is ended alone. */
const heapMb = 512;

/**
 * Checks rule files that somebody has sent in a thread of its own, one set after another: whatever is in them, requests go
 * on being answered. A thread that takes too long is ended, and the next set has another.
 */
export class OtherThreadValidator {
  private readonly withinMs: number;
  private readonly mostWaiting: number;
  private readonly threadFile: URL;
  private worker: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor({ withinMs = 20_000, mostWaiting = 8, threadFile = builtFile }: ValidatorOptions = {}) {
    this.withinMs = withinMs;
    this.mostWaiting = mostWaiting;
    this.threadFile = threadFile;
  }

  /** What is wrong with the files; a problem where there is no telling: too many wait, or it takes too much. */
  async validate(request: ValidateRequest): Promise<Result<ValidateReply, Problem>> {
    if (this.waiting >= this.mostWaiting)
      return err(problem('too_many_requests', { detail: 'other rule files are being checked', retryAfterSeconds: 5 }));
    this.waiting += 1;
    const turn = this.last.then(() => this.ask(request));
    this.last = turn.catch(() => undefined);
    return turn.finally(() => {
      this.waiting -= 1;
    });
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private async ask(request: ValidateRequest): Promise<Result<ValidateReply, Problem>> {
    const worker = this.running();
    let timer: NodeJS.Timeout | undefined;
    const inTime = new Promise<Result<ValidateReply, Problem>>((resolve) => {
      timer = setTimeout(() => resolve(tooMuch(`${this.withinMs / 1000} seconds`)), this.withinMs);
    });
    const answered = replyOf(worker);
    worker.postMessage(request);
    try {
      const reply = await Promise.race([answered, inTime]);
      if (!reply.ok) this.drop(worker);
      return reply;
    } catch (error) {
      this.drop(worker);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private running(): Worker {
    this.worker ??= this.started();
    return this.worker;
  }

  private started(): Worker {
    const worker = new Worker(this.threadFile, { resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    // Files that are being checked keep nobody from stopping.
    worker.unref();
    // Whoever waits is told of it besides; the next set of files has another thread.
    worker.on('error', () => this.forget(worker)).on('exit', () => this.forget(worker));
    return worker;
  }

  private forget(worker: Worker): void {
    if (this.worker === worker) this.worker = undefined;
  }

  private drop(worker: Worker): void {
    this.forget(worker);
    void worker.terminate();
  }
}

const tooMuch = (what: string): Result<never, Problem> =>
  err(problem('invalid', { detail: `checking these files takes more than ${what}: send fewer, or use "rules check"` }));

/** The thread's next message. Rejects when it ends first. */
function replyOf(worker: Worker): Promise<Result<ValidateReply, Problem>> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      worker.off('message', told).off('error', failed).off('exit', ended);
      finish();
    };
    const told = (reply: ValidateReply): void => settle(() => resolve(ok(reply)));
    const failed = (error: unknown): void =>
      settle(() => (isOutOfMemory(error) ? resolve(tooMuch(`${heapMb} MB of memory`)) : reject(error)));
    const ended = (): void => settle(() => reject(new Error('the thread that checks rule files has ended')));
    worker.on('message', told).on('error', failed).on('exit', ended);
  });
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
