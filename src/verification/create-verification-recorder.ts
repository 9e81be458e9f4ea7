import type { CaseRecords } from '../cases/case-records.js';
import { CaseSteps, type StepOptions } from '../cases/case-steps.js';
import { recordVerification } from './record-verification.js';
import type { RecordVerification } from './verification-result.js';

export interface VerificationRecorderOptions extends StepOptions {
  /** How many other accounts share the evidence, where that is too many; nobody looks where it is left out. */
  readonly sharedBy?:
    | ((accountId: string, evidence: Readonly<Record<string, string>>) => Promise<number | undefined>)
    | undefined;
}

export function createVerificationRecorder(
  records: CaseRecords,
  options: VerificationRecorderOptions,
): RecordVerification {
  const steps = new CaseSteps(records, options);
  return async (result) => {
    const sharedBy = await options.sharedBy?.(result.accountId, result.evidence);
    const subject = { accountId: result.accountId, verificationId: result.requestId };
    return steps.onAccount(subject, result, (draft, loaded) =>
      recordVerification(draft, loaded, { sharedBy, ...result, newId: () => steps.newId('ver', result.now) }),
    );
  };
}
