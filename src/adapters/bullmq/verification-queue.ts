import type { JobsOptions, Queue } from 'bullmq';
import { jobIdOf, type VerificationJob, type VerificationJobs } from '../../verification/verification-work.js';
import { createRedisClient, type RedisAddressing, type RedisClient } from '../redis/connection.js';

export const verificationQueueName = 'verification';
/** The braces keep all keys of a queue in one slot of a cluster. */
export const queuePrefix = '{portcullis}';

/** What BullMQ stores of a job. */
export interface VerificationJobData {
  readonly case_id: string;
  readonly version: number;
  /**
   * Not to be tried again before, by Redis's clock, in milliseconds. BullMQ counts by the clock of each process that takes
   * jobs: where one is wrong, all of them see another time at which a job is due.
   */
  readonly not_before?: number;
}

/** What all who use a queue have in common. */
export async function redisTimeMs(client: RedisClient): Promise<number> {
  const [seconds, micros] = await client.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}

const daySeconds = 86_400;
const hourMs = 3_600_000;
/** Longer than the longest pause between attempts. */
const lateMs = 300_000;

/**
 * A finished job is kept, because its record is what makes the same id a repeat: for a week, or until ten thousand
 * newer ones have finished. If it is asked for after that, the job finds in the truth that there is nothing to do.
 */
const jobOptions: JobsOptions = {
  attempts: 10,
  removeOnComplete: { age: 7 * daySeconds, count: 10_000 },
  removeOnFail: { age: 7 * daySeconds, count: 10_000 },
};

export interface VerificationQueue extends VerificationJobs {
  close(): Promise<void>;
}

interface VerificationQueueOptions {
  readonly onError?: (error: Error) => void;
  /**
   * First pause after a failed attempt, in milliseconds; it doubles (1, 2, 4 … 256 s), half of it by chance, so that a
   * provider that comes back is not stormed.
   */
  readonly backoffMs?: number;
  /** How long a job that used up its attempts rests before it begins anew, in milliseconds; an hour by default. */
  readonly failedRestMs?: number;
}

/**
 * Jobs go in through a client of their own that gives up quickly: the outbox brings them again. Does not wait for
 * Redis; while it is away every call rejects.
 */
export async function openVerificationQueue(
  addressing: RedisAddressing,
  options: VerificationQueueOptions = {},
): Promise<VerificationQueue> {
  const connection = await createRedisClient(addressing, 'producer', options.onError);
  let opening: Promise<OpenQueue> | undefined;
  const queue = (): Promise<OpenQueue> => {
    opening ??= openQueue(connection, options).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    async add(jobs) {
      if (jobs.length > 0) await (await queue()).addBulk(jobs.map(bulkOf));
    },
    missing: async (jobs) => (await byState(await queue(), jobs)).unknown,
    async repair(jobs) {
      const opened = await queue();
      const now = await redisTimeMs(connection);
      const failedBefore = now - (options.failedRestMs ?? hourMs);
      return repairIn(opened, jobs, { failedBefore, dueBefore: now - lateMs });
    },
    async close() {
      await (await opening?.catch(() => undefined))?.close();
      connection.disconnect();
    },
  };
}

type OpenQueue = Queue<VerificationJobData>;

/** BullMQ gives a queue up for good when Redis is away at its birth, so it is born once Redis is there. */
async function openQueue(
  connection: RedisClient,
  { onError = () => undefined, backoffMs = 1000 }: VerificationQueueOptions,
): Promise<OpenQueue> {
  const { Queue } = await import('bullmq');
  await untilReady(connection);
  const backoff = { type: 'exponential', delay: backoffMs, jitter: 0.5 };
  const queue: OpenQueue = new Queue(verificationQueueName, {
    connection,
    prefix: queuePrefix,
    // It would print what it thinks of the server; the doctor looks, and the service watches.
    skipVersionCheck: true,
    defaultJobOptions: { ...jobOptions, backoff },
  });
  queue.on('error', onError);
  await queue.waitUntilReady();
  return queue;
}

const readyWithinMs = 2000;

async function untilReady(client: RedisClient): Promise<void> {
  const deadline = performance.now() + readyWithinMs;
  while (client.status !== 'ready') {
    if (performance.now() > deadline) throw new Error('Redis is not there for the queue');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const bulkOf = (job: VerificationJob) => ({
  name: 'verify',
  data: { case_id: job.caseId, version: job.version },
  opts: { jobId: jobIdOf(job) },
});

interface Found {
  readonly unknown: readonly VerificationJob[];
  readonly failed: readonly VerificationJob[];
  readonly delayed: readonly VerificationJob[];
}

async function byState(queue: OpenQueue, jobs: readonly VerificationJob[]): Promise<Found> {
  const states = await Promise.all(jobs.map((job) => queue.getJobState(jobIdOf(job))));
  const which = (state: string): readonly VerificationJob[] => jobs.filter((_job, i) => states[i] === state);
  return { unknown: which('unknown'), failed: which('failed'), delayed: which('delayed') };
}

interface Overdue {
  readonly failedBefore: number;
  readonly dueBefore: number;
}

/**
 * A record of a failed job keeps the same id from being added for a week: it is that record that begins anew. One that is
 * long due was put off by a process whose clock was ahead, or is waited for by one whose clock is behind.
 */
async function repairIn(queue: OpenQueue, jobs: readonly VerificationJob[], overdue: Overdue): Promise<number> {
  const { unknown, failed, delayed } = await byState(queue, jobs);
  if (unknown.length > 0) await queue.addBulk(unknown.map(bulkOf));
  const begun = await Promise.all([
    ...failed.map((job) => retryRested(queue, jobIdOf(job), overdue.failedBefore)),
    ...delayed.map((job) => promoteLate(queue, jobIdOf(job), overdue.dueBefore)),
  ]);
  return unknown.length + begun.filter(Boolean).length;
}

async function promoteLate(queue: OpenQueue, jobId: string, dueBefore: number): Promise<boolean> {
  const job = await queue.getJob(jobId);
  if (job?.data.not_before === undefined || job.data.not_before > dueBefore) return false;
  // Somebody may have taken it meanwhile, which is as good.
  return job.promote().then(
    () => true,
    async () => (await job.getState()) !== 'delayed',
  );
}

async function retryRested(queue: OpenQueue, jobId: string, failedBefore: number): Promise<boolean> {
  const job = await queue.getJob(jobId);
  if (job?.finishedOn === undefined || job.finishedOn > failedBefore) return false;
  // Another instance may have begun with it meanwhile, which is refused here and is as good.
  return job.retry('failed', { resetAttemptsMade: true }).then(
    () => true,
    async () => (await job.getState()) !== 'failed',
  );
}
