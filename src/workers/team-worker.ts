import { createHash } from 'node:crypto';
import { startVerificationConsumer, type VerificationConsumer } from '../adapters/bullmq/verification-consumer.js';
import { requestIdOf } from '../cases/decide-case.js';
import { type VerificationMethod, verificationMethods } from '../model/rule.js';
import type { VerificationJob } from '../verification/verification-work.js';
import { callService, memberOf, type ServiceReply } from './service-call.js';

/** What a team's own worker is asked to do. */
export interface VerificationTask {
  readonly caseId: string;
  readonly accountId: string;
  readonly methods: readonly VerificationMethod[];
  /** The same whenever this task is delivered again; pass it on to whoever is paid for each check. */
  readonly requestId: string;
}

export interface VerificationOutcome {
  readonly method: VerificationMethod;
  readonly result: 'passed' | 'failed';
  /** Identifiers that the check brought to light, such as a phone number; hashed by the service. */
  readonly evidence?: Readonly<Record<string, string>> | undefined;
}

/**
 * Answers with what is known now: while a method has no outcome, the task comes again later; sooner when it rejects. The
 * first outcome of a method stands: told again it changes nothing, and another one goes to `onError`.
 */
export type VerificationHandler = (task: VerificationTask) => Promise<readonly VerificationOutcome[]>;

export interface VerificationWorkerOptions {
  /** The Redis of the service, redis:// or rediss://. */
  readonly redisUrl: string;
  /** Where the service's HTTP API answers, such as http://127.0.0.1:8080. */
  readonly baseUrl: string;
  /** A key of the role `worker`. */
  readonly apiKey: string;
  /** Tasks at the same time; 16 by default. */
  readonly concurrency?: number | undefined;
  /** Milliseconds to wait for one answer of the API; 10 seconds by default. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds until a task with a method left out is handed out again; 30 seconds by default. */
  readonly pendingMs?: number | undefined;
  /** Hears of tasks that failed and will come again, and of outcomes that were not recorded; by default nobody does. */
  readonly onError?: ((error: Error) => void) | undefined;
}

export type VerificationWorker = VerificationConsumer;

/**
 * Runs a team's own verification on the queue of the service. Jobs carry ids only: the case is read over HTTP, and the
 * outcomes are posted there. A task may be delivered twice; a case that is decided meanwhile is not handed out.
 */
export function createVerificationWorker(
  handler: VerificationHandler,
  options: VerificationWorkerOptions,
): Promise<VerificationWorker> {
  return startVerificationConsumer({
    addressing: { url: options.redisUrl },
    concurrency: options.concurrency,
    pendingMs: options.pendingMs,
    onError: options.onError,
    process: (job) => handle(job, handler, options),
  });
}

async function handle(
  { caseId, version }: VerificationJob,
  handler: VerificationHandler,
  options: VerificationWorkerOptions,
): Promise<'done' | 'pending'> {
  const found = await readCase(caseId, options);
  // A case that asks for nothing is a person's.
  if (found === undefined || found.state === 'decided' || found.methods.length === 0) return 'done';
  const { accountId, methods } = found;
  const outcomes = await handler({ caseId, accountId, methods, requestId: `${caseId}_${version}` });
  for (const outcome of outcomes) await postOutcome({ found, version, outcome }, options);
  return methods.every((method) => outcomes.some((one) => one.method === method)) ? 'done' : 'pending';
}

interface Posting {
  readonly found: FoundCase;
  readonly version: number;
  readonly outcome: VerificationOutcome;
}

async function postOutcome(posting: Posting, options: VerificationWorkerOptions): Promise<void> {
  const { caseId, accountId } = posting.found;
  const path = `/v1/accounts/${encodeURIComponent(accountId)}/verifications`;
  const body = { ...posting.outcome, request_id: requestIdFor(posting) };
  const reply = await callService({ method: 'POST', path, body }, options);
  // An account that was erased meanwhile has nothing to verify.
  if (isGood(reply) || reply.status === 404) return;
  const refusal = new Error(`${caseId}: ${reply.says}`);
  // The first outcome stands, however often the task comes again.
  if (memberOf(reply.json, 'code') !== 'idempotency_mismatch') throw refusal;
  options.onError?.(refusal);
}

/**
 * The service's own id for this question, so that an outcome that comes again is known as such. A ring's case is about its
 * members, one after the other; ids of accounts may be too long to be part of it.
 */
function requestIdFor({ found: { caseId, accountId, isOfRing }, version, outcome }: Posting): string {
  const id = requestIdOf(caseId, version, outcome.method);
  return isOfRing ? `${id}_${createHash('sha256').update(accountId).digest('hex').slice(0, 16)}` : id;
}

interface FoundCase {
  readonly caseId: string;
  readonly state: string;
  readonly accountId: string;
  readonly isOfRing: boolean;
  readonly methods: readonly VerificationMethod[];
}

async function readCase(caseId: string, options: VerificationWorkerOptions): Promise<FoundCase | undefined> {
  const reply = await callService({ method: 'GET', path: `/v1/cases/${encodeURIComponent(caseId)}` }, options);
  if (reply.status === 404) return undefined;
  if (!isGood(reply)) throw new Error(reply.says);
  const found = foundCase(caseId, reply.json);
  if (found === undefined)
    throw new Error(`baseUrl ${options.baseUrl} is no Portcullis: ${reply.says}, which is no case`);
  return found;
}

const isGood = ({ status }: ServiceReply): boolean => status >= 200 && status < 300;

function foundCase(caseId: string, answer: unknown): FoundCase | undefined {
  const [state, accountId] = [memberOf(answer, 'state'), memberOf(answer, 'account_id')];
  if (typeof answer !== 'object' || answer === null || state === undefined || accountId === undefined) return undefined;
  const asked: unknown[] = 'asks_for' in answer && Array.isArray(answer.asks_for) ? answer.asks_for : [];
  const methods = verificationMethods.filter((method) => asked.includes(method));
  return { caseId, state, accountId, isOfRing: 'whole_ring' in answer && answer.whole_ring === true, methods };
}
