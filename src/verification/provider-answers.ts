import type { Problem } from '../model/problem.js';
import { err, ok, type Result } from '../model/result.js';
import type { VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import { mismatchOf } from './verification-answer.js';
import { failuresOf } from './verification-attempts.js';
import type { VerificationHistory } from './verification-desk.js';
import type { VerificationNeeds } from './verification-needs.js';
import type { RecordVerification } from './verification-result.js';
import type { VerificationJob, VerificationProvider, VerificationRequest } from './verification-work.js';

export interface ProviderAnswer {
  readonly requestId: string;
  readonly result: 'passed' | 'failed';
  /** Hashed, by kind. */
  readonly evidence: Readonly<Record<string, string>>;
  readonly now: Instant;
}

/** The job is in the request's id, and what the request is about follows from the job: nothing else is believed. */
const requestForm = /^(case_[0-9A-Z]{26})_(\d{1,9})_/;

interface AnswerPorts {
  readonly needs: Pick<VerificationNeeds, 'outstanding' | 'askedInRing'>;
  readonly history: Pick<VerificationHistory, 'byId'>;
  readonly recordVerification: RecordVerification;
}

/** Records what a provider says later. False: nobody asked (any more), or it was answered just so before. */
export async function recordAnswer(
  { needs, history, recordVerification }: AnswerPorts,
  { requestId, ...answer }: ProviderAnswer,
): Promise<Result<boolean, Problem>> {
  const [, caseId, version] = requestForm.exec(requestId) ?? [];
  if (caseId === undefined) return ok(false);
  const isThis = (one: VerificationRequest): boolean => one.requestId === requestId;
  const asked = await needs.outstanding({ caseId, version: Number(version) });
  const request = asked.find(isThis) ?? (await needs.askedInRing(caseId)).find(isThis);
  if (request === undefined) {
    const recorded = await history.byId(requestId);
    const mismatch = recorded && mismatchOf(recorded, { ...answer, method: recorded.method });
    return mismatch === undefined ? ok(false) : err(mismatch);
  }
  const { accountId, method } = request;
  const recorded = await recordVerification({
    ...answer,
    accountId,
    method,
    requestId,
    actor: 'verification provider',
  });
  // Between the two looks somebody else may have answered, or the account may have gone.
  return recorded.ok || recorded.error.code !== 'idempotency_mismatch' ? ok(recorded.ok) : recorded;
}

export type MethodProviders = Partial<Readonly<Record<VerificationMethod, VerificationProvider>>>;

/** The registry of who checks what; a method without an entry is asked of nobody. */
export const providerOf = (providers: MethodProviders): VerificationProvider => ({
  verify: async (request) => (await providers[request.method]?.verify(request)) ?? 'pending',
});

interface AskedPorts {
  readonly needs: Pick<VerificationNeeds, 'outstanding'>;
  readonly history: Pick<VerificationHistory, 'of'>;
  readonly providers: MethodProviders;
  readonly attempts: () => number;
  readonly now: () => Instant;
}

/** What providers are asked: methods that have one, and that the account has not failed too often. */
export const askedOfProviders =
  ({ needs, history, providers, attempts, now }: AskedPorts) =>
  async (job: VerificationJob): Promise<readonly VerificationRequest[]> => {
    const requests = (await needs.outstanding(job)).filter(({ method }) => providers[method] !== undefined);
    const fit = await Promise.all(
      requests.map(async ({ accountId, method }) => {
        return failuresOf(await history.of(accountId), method, now()) < attempts();
      }),
    );
    return requests.filter((_request, i) => fit[i]);
  };
