import { StoreUnavailable } from '../../model/store-unavailable.js';

/** A disk that is full stays so for a while, and commits are tried again and again: each failure renews it. */
const rememberedMs = 10_000;
/** disk_full, io_error. */
const refusals: ReadonlySet<unknown> = new Set(['53100', '58030']);

/**
 * What commits that failed tell of the server: one whose disk is full answers, and locks rows, and only a commit finds out.
 * The times are milliseconds of a clock that never goes back.
 */
export class CommitWatch {
  private refusedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly elapsed: () => number) {}

  /** False for ten seconds after a commit for which the server's disk had no place, or was out of order. */
  get takesCommits(): boolean {
    return this.elapsed() - this.refusedAt >= rememberedMs;
  }

  failed(error: unknown): void {
    const cause = error instanceof StoreUnavailable ? error.cause : error;
    if (cause instanceof Error && 'code' in cause && refusals.has(cause.code)) this.refusedAt = this.elapsed();
  }
}
