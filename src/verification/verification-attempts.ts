import type { VerificationRecord } from '../cases/case-records.js';
import type { VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';

/** Failures older than this are forgotten. */
const failuresCountMs = 30 * 86_400_000;

/** Expired questions are no answers; of several at the same time the one that comes later in the list. */
export const latestAnswer = (
  rows: readonly VerificationRecord[],
  since: Instant = Number.NEGATIVE_INFINITY,
): VerificationRecord | undefined =>
  rows
    .filter(({ state, finishedAt }) => state !== 'expired' && finishedAt !== null && finishedAt >= since)
    .reduce<VerificationRecord | undefined>(
      (best, row) => ((best?.finishedAt ?? 0) <= (row.finishedAt ?? 0) ? row : best),
      undefined,
    );

/** How often an account has failed a method lately. */
export const failuresOf = (
  rows: readonly Pick<VerificationRecord, 'method' | 'state' | 'finishedAt'>[],
  method: VerificationMethod,
  now: Instant,
): number =>
  rows.filter(
    (row) =>
      row.method === method &&
      row.state === 'failed' &&
      row.finishedAt !== null &&
      row.finishedAt > now - failuresCountMs,
  ).length;
