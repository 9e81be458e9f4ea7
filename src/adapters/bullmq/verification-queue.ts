import type { JobsOptions, Queue } from 'bullmq';
import { jobIdOf, type VerificationJob, type VerificationJobs } from '../../cases/verification-work.js';
import { createRedisClient, type RedisAddressing } from '../redis/connection.js';

export const verificationQueueName = 'verification';
/** The braces keep all keys of a queue in one slot of a cluster. */
export const queuePrefix = '{portcullis}';

/** What BullMQ stores of a job. */
export interface VerificationJobData {
  readonly case_id: string;
  readonly version: number;
}

const daySeconds = 86_400;

/**
 * A finished job is kept, because its record is what makes the same id a repeat: for a week, or until ten thousand
 * newer ones have finished. If it is asked for after that, the job finds in the truth that there is nothing to do.
 */
const jobOptions: JobsOptions = {
  attempts: 10,
  // 1, 2, 4 … 512 s between attempts, half of each by chance: a provider that comes back is not stormed.
  backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
  removeOnComplete: { age: 7 * daySeconds, count: 10_000 },
  removeOnFail: { age: 7 * daySeconds, count: 10_000 },
};

export interface VerificationQueue extends VerificationJobs {
  close(): Promise<void>;
}

export interface VerificationQueueOptions {
  readonly onError?: (error: Error) => void;
  /** First pause after a failed attempt, in milliseconds. */
  readonly backoffMs?: number;
}

/** Jobs go in through a client of their own that gives up quickly: the outbox brings them again. */
export async function openVerificationQueue(
  addressing: RedisAddressing,
  { onError = () => undefined, backoffMs = 1000 }: VerificationQueueOptions = {},
): Promise<VerificationQueue> {
  const { Queue } = await import('bullmq');
  const connection = await createRedisClient(addressing, 'producer', onError);
  const queue = new Queue<VerificationJobData>(verificationQueueName, {
    connection,
    prefix: queuePrefix,
    skipWaitingForReady: true,
    defaultJobOptions: { ...jobOptions, backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 } },
  });
  queue.on('error', onError);
  return {
    async add(jobs) {
      if (jobs.length > 0) await queue.addBulk(jobs.map(bulkOf));
    },
    missing: (jobs) => missingIn(queue, jobs),
    async close() {
      await queue.close();
      connection.disconnect();
    },
  };
}

const bulkOf = (job: VerificationJob) => ({
  name: 'verify',
  data: { case_id: job.caseId, version: job.version },
  opts: { jobId: jobIdOf(job) },
});

async function missingIn(
  queue: Queue<VerificationJobData>,
  jobs: readonly VerificationJob[],
): Promise<readonly VerificationJob[]> {
  const states = await Promise.all(jobs.map((job) => queue.getJobState(jobIdOf(job))));
  return jobs.filter((_job, i) => states[i] === 'unknown');
}
