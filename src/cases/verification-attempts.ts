import type { VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import type { VerificationRecord } from './case-records.js';

/** Failures older than this are forgotten. */
export const failuresCountMs = 30 * 86_400_000;

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
