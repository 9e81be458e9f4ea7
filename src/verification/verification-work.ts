import { methodsToCheck, wasAsked } from '../cases/asked-methods.js';
import type { CaseRecord, VerificationRecord } from '../cases/case-records.js';
import { requestIdOf } from '../cases/decide-case.js';
import type { VerificationMethod } from '../model/rule.js';
import { latestAnswer } from './verification-attempts.js';

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
  /** The same on every retry; another one for the next try of a person who failed. */
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
  /** Ids of requests that a provider had said `pending` of before it answered: a person has tried. */
  readonly tried: ReadonlySet<string>;
  /** Of a ring's case: what a member was asked in a case of its own that went into it, and has not answered. */
  readonly brought?: readonly BroughtQuestion[] | undefined;
}

export type BroughtQuestion = Pick<VerificationRequest, 'requestId' | 'accountId' | 'method'>;

/**
 * What a job still has to ask: nothing for a decided case, and nothing twice that was answered. Whoever tried and failed
 * is asked again under a new id; what a provider failed at once is not: it would fail at once again.
 */
export function outstandingRequests(
  found: CaseRecord,
  rows: readonly VerificationRecord[],
  { version, accountIds, tried, brought = [] }: Outstanding,
): readonly VerificationRequest[] {
  if (found.state === 'decided' || version < found.jobVersion) return [];
  return accountIds.flatMap((accountId) => {
    const own = rows.filter((row) => row.accountId === accountId && row.caseId === found.id);
    const ownBrought = brought.filter((one) => one.accountId === accountId);
    return methodsToCheck(found).flatMap((method) => {
      const ofMethod = own.filter((row) => row.method === method);
      const suffix = found.wholeRing ? `_${accountId}` : '';
      const idOf = (tries: number): string =>
        `${requestIdOf(found.id, version, method)}${tries === 0 ? '' : `.${tries + 1}`}${suffix}`;
      const before = ownBrought.find((one) => one.method === method);
      const isDone = !wasAsked(found) && hasPassedElsewhere(ofMethod, found);
      const next = isDone ? undefined : nextId(ofMethod, { idOf, tried });
      const requestId = ofMethod.find(isOpen)?.id ?? before?.requestId ?? next;
      return requestId === undefined ? [] : [{ requestId, accountId, caseId: found.id, method }];
    });
  });
}

/** By a question that was asked in another case, of which this one is the continuation. */
function hasPassedElsewhere(ofMethod: readonly VerificationRecord[], { id }: CaseRecord): boolean {
  const latest = latestAnswer(ofMethod);
  return latest?.state === 'passed' && latest.id.startsWith('case_') && !latest.id.startsWith(`${id}_`);
}

const isOpen = ({ state }: VerificationRecord): boolean => state === 'requested';

interface Tries extends Pick<Outstanding, 'tried'> {
  /** Of the request that follows so many tries. */
  readonly idOf: (tries: number) => string;
}

/** The first id that nobody has answered; undefined where no try is to follow. */
function nextId(ofMethod: readonly VerificationRecord[], { idOf, tried }: Tries): string | undefined {
  const ids = new Set(ofMethod.map(({ id }) => id));
  let tries = 0;
  while (ids.has(idOf(tries))) tries += 1;
  if (tries === 0) return idOf(0);
  const isFollowed = tried.has(idOf(tries - 1)) && latestAnswer(ofMethod)?.state === 'failed';
  return isFollowed ? idOf(tries) : undefined;
}
