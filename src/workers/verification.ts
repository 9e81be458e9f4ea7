import type { Clock } from '../model/time.js';
import type { VerificationNeeds } from '../verification/verification-needs.js';
import type { RecordVerification } from '../verification/verification-result.js';
import type { VerificationJob, VerificationProvider, VerificationRequest } from '../verification/verification-work.js';

interface VerificationPorts {
  readonly needs: Pick<VerificationNeeds, 'outstanding'>;
  readonly provider: VerificationProvider;
  readonly recordVerification: RecordVerification;
  readonly clock: Clock;
  /** An answer was recorded: the relay has something to deliver. */
  readonly onCommitted: () => void;
}

/**
 * Asks the provider for everything that is outstanding and records the answers. Run again (a retry, a second delivery),
 * it asks only for what was not answered, under the same request ids, and for the next try of who failed.
 */
export function createVerificationProcessor(
  ports: VerificationPorts,
): (job: VerificationJob) => Promise<'done' | 'pending'> {
  return async (job) => {
    const requests = await ports.needs.outstanding(job);
    const settled = await Promise.allSettled(requests.map((request) => verifyOne(request, ports)));
    for (const result of settled) if (result.status === 'rejected') throw result.reason;
    return settled.some((result) => result.status === 'fulfilled' && result.value === 'pending') ? 'pending' : 'done';
  };
}

async function verifyOne(request: VerificationRequest, ports: VerificationPorts): Promise<'done' | 'pending'> {
  const result = await ports.provider.verify(request);
  if (result === 'pending') return 'pending';
  const { accountId, method, requestId } = request;
  const now = ports.clock.now();
  await ports.recordVerification({
    accountId,
    method,
    requestId,
    result,
    evidence: {},
    actor: 'verification provider',
    now,
  });
  ports.onCommitted();
  // Another try may follow: the job looks once more what there is to ask.
  return result === 'failed' ? 'pending' : 'done';
}
