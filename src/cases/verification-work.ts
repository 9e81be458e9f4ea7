import type { VerificationMethod } from '../model/rule.js';
import { methodsOf } from './asked-methods.js';
import type { CaseRecord, VerificationRecord } from './case-records.js';
import { requestIdOf } from './decide-case.js';

/** All that a job may carry: ids, never data. */
export interface VerificationJob {
  readonly caseId: string;
  /** The case's version when the job was asked for. */
  readonly version: number;
}

/** Unique for what is to be done, so that the same work is queued once; no `:` and no integer, as BullMQ wants. */
export const jobIdOf = ({ caseId, version }: VerificationJob): string => `${caseId}_${version}`;

/** One question to the outside. */
export interface VerificationRequest {
  /** The same on every retry. */
  readonly requestId: string;
  readonly accountId: string;
  readonly caseId: string;
  readonly method: VerificationMethod;
}

/** Port: the queue of verification jobs. */
export interface VerificationJobs {
  /** Adding a job that is there, or was finished not long ago, changes nothing. */
  add(jobs: readonly VerificationJob[]): Promise<void>;
  /** Those of which the queue knows nothing: neither waiting, running nor finished. */
  missing(jobs: readonly VerificationJob[]): Promise<readonly VerificationJob[]>;
  /**
   * Adds those that are missing, and begins anew with those that used up their attempts an hour ago or longer: whoever
   * checks was away, and is asked again. Returns how many there were.
   */
  repair(jobs: readonly VerificationJob[]): Promise<number>;
}

/** Port: whoever checks an e-mail address, a document, a business. Rejects when there is no answer. */
export interface VerificationProvider {
  verify(request: VerificationRequest): Promise<'passed' | 'failed' | 'pending'>;
}

interface Outstanding {
  readonly version: number;
  /** Whom the case is about: its account, or those who are in the case of their ring when the job runs. */
  readonly accountIds: readonly string[];
}

/** What a job still has to ask: nothing for a decided case, and nothing twice that was answered. */
export function outstandingRequests(
  found: CaseRecord,
  rows: readonly VerificationRecord[],
  { version, accountIds }: Outstanding,
): readonly VerificationRequest[] {
  if (found.state === 'decided' || version < found.jobVersion) return [];
  return accountIds.flatMap((accountId) => {
    const own = rows.filter((row) => row.accountId === accountId);
    return methodsOf(found).flatMap((method) => {
      const asked = own.find((row) => row.caseId === found.id && row.method === method && row.state === 'requested');
      const suffix = found.wholeRing ? `_${accountId}` : '';
      const requestId = asked?.id ?? `${requestIdOf(found.id, version, method)}${suffix}`;
      const answered = own.some((row) => row.id === requestId && row.state !== 'requested');
      return answered ? [] : [{ requestId, accountId, caseId: found.id, method }];
    });
  });
}
