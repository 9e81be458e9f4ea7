import type { VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import type { CaseStore } from './case-store.js';
import type { CaseUpkeep } from './case-upkeep.js';
import { failuresOf } from './verification-attempts.js';
import type { VerificationHistory } from './verification-desk.js';
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

/** Records what a provider says later. False: nobody asked (any more), or it was answered before. */
export async function recordAnswer(
  {
    upkeep,
    cases,
  }: { readonly upkeep: Pick<CaseUpkeep, 'outstanding'>; readonly cases: Pick<CaseStore, 'recordVerification'> },
  { requestId, ...answer }: ProviderAnswer,
): Promise<boolean> {
  const [, caseId, version] = requestForm.exec(requestId) ?? [];
  if (caseId === undefined) return false;
  const asked = await upkeep.outstanding({ caseId, version: Number(version) });
  const request = asked.find((one) => one.requestId === requestId);
  if (request === undefined) return false;
  const { accountId, method } = request;
  const recorded = await cases.recordVerification({
    ...answer,
    accountId,
    method,
    requestId,
    actor: 'verification provider',
  });
  return recorded.ok;
}

export type MethodProviders = Partial<Readonly<Record<VerificationMethod, VerificationProvider>>>;

/** The registry of who checks what; a method without an entry is asked of nobody. */
export const providerOf = (providers: MethodProviders): VerificationProvider => ({
  verify: async (request) => (await providers[request.method]?.verify(request)) ?? 'pending',
});

interface AskedPorts {
  readonly upkeep: Pick<CaseUpkeep, 'outstanding'>;
  readonly history: Pick<VerificationHistory, 'of'>;
  readonly providers: MethodProviders;
  readonly attempts: () => number;
  readonly now: () => Instant;
}

/** What providers are asked: methods that have one, and that the account has not failed too often. */
export const askedOfProviders =
  ({ upkeep, history, providers, attempts, now }: AskedPorts) =>
  async (job: VerificationJob): Promise<readonly VerificationRequest[]> => {
    const requests = (await upkeep.outstanding(job)).filter(({ method }) => providers[method] !== undefined);
    const fit = await Promise.all(
      requests.map(async ({ accountId, method }) => {
        return failuresOf(await history.of(accountId), method, now()) < attempts();
      }),
    );
    return requests.filter((_request, i) => fit[i]);
  };
