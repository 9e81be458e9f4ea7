import type { Job, Worker } from 'bullmq';
import type { VerificationJob } from '../../verification/verification-work.js';
import { createRedisClient, type RedisAddressing } from '../redis/connection.js';
import { queuePrefix, redisTimeMs, type VerificationJobData, verificationQueueName } from './verification-queue.js';

/** `pending`: the answer is still to come; the job is tried again later and uses up no attempt. */
type JobResult = 'done' | 'pending';

export interface VerificationConsumerOptions {
  readonly addressing: RedisAddressing;
  /** Rejects to be tried again, after a pause that doubles. It may be called twice for one job. */
  readonly process: (job: VerificationJob) => Promise<JobResult>;
  readonly concurrency?: number | undefined;
  /** Pause before a pending job is tried again, in milliseconds. */
  readonly pendingMs?: number | undefined;
  readonly onError?: ((error: Error) => void) | undefined;
  readonly onFinished?: ((result: 'done' | 'failed') => void) | undefined;
}

export interface VerificationConsumer {
  /** Waits for the jobs under way. */
  close(): Promise<void>;
}

const defaults = { concurrency: 16, pendingMs: 30_000 };

/** Takes jobs from the queue until it is closed; the blocking connection never gives up on Redis. */
export async function startVerificationConsumer(options: VerificationConsumerOptions): Promise<VerificationConsumer> {
  const { DelayedError, Worker } = await import('bullmq');
  const { addressing, onError = () => undefined, onFinished = () => undefined } = options;
  const { concurrency = defaults.concurrency, pendingMs = defaults.pendingMs } = options;
  const connection = await createRedisClient(addressing, 'worker', onError);
  const putOff = async (job: Job<VerificationJobData>, ms: number, token?: string): Promise<never> => {
    // Here it is this process's own clock that BullMQ counts by.
    await job.moveToDelayed(Date.now() + ms, token);
    throw new DelayedError();
  };
  const run = async (job: Job<VerificationJobData>, token?: string): Promise<void> => {
    const { case_id: caseId, version, not_before } = job.data;
    const earlyMs = not_before === undefined ? 0 : not_before - (await redisTimeMs(connection));
    // A process whose clock is ahead has taken it for due.
    if (earlyMs > 0) return putOff(job, earlyMs, token);
    if ((await options.process({ caseId, version })) === 'done') return;
    await job.updateData({ case_id: caseId, version, not_before: (await redisTimeMs(connection)) + pendingMs });
    return putOff(job, pendingMs, token);
  };
  const worker: Worker<VerificationJobData> = new Worker(verificationQueueName, run, {
    connection,
    prefix: queuePrefix,
    // As for the queue.
    skipVersionCheck: true,
    concurrency,
  });
  worker.on('error', onError);
  worker.on('completed', () => onFinished('done'));
  worker.on('failed', (_job, error) => {
    onFinished('failed');
    onError(error);
  });
  return {
    async close() {
      await worker.close();
      connection.disconnect();
    },
  };
}
