import { startVerificationConsumer, type VerificationConsumer } from '../adapters/bullmq/verification-consumer.js';
import type { VerificationJob } from '../cases/verification-work.js';
import { type VerificationMethod, verificationMethods } from '../model/rule.js';

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

/** Answers with what is known now: while a method has no outcome, the task comes again later; sooner when it rejects. */
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
  for (const outcome of outcomes) await postOutcome(accountId, outcome, options);
  return methods.every((method) => outcomes.some((one) => one.method === method)) ? 'done' : 'pending';
}

async function postOutcome(
  accountId: string,
  outcome: VerificationOutcome,
  options: VerificationWorkerOptions,
): Promise<void> {
  const path = `/v1/accounts/${encodeURIComponent(accountId)}/verifications`;
  const response = await call(path, options, { method: 'POST', body: JSON.stringify(outcome) });
  await response.body?.cancel();
  // An account that was erased meanwhile has nothing to verify.
  if (!response.ok && response.status !== 404) throw new Error(`POST verifications answered ${response.status}`);
}

interface FoundCase {
  readonly state: string;
  readonly accountId: string;
  readonly methods: readonly VerificationMethod[];
}

async function readCase(caseId: string, options: VerificationWorkerOptions): Promise<FoundCase | undefined> {
  const response = await call(`/v1/cases/${encodeURIComponent(caseId)}`, options, { method: 'GET' });
  if (!response.ok) {
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    throw new Error(`GET case answered ${response.status}`);
  }
  return foundCase(await response.json());
}

function foundCase(answer: unknown): FoundCase {
  if (typeof answer === 'object' && answer !== null && 'account_id' in answer && 'state' in answer) {
    const asked: unknown[] = 'asks_for' in answer && Array.isArray(answer.asks_for) ? answer.asks_for : [];
    const methods = verificationMethods.filter((method) => asked.includes(method));
    return { state: String(answer.state), accountId: String(answer.account_id), methods };
  }
  throw new Error('the answer is no case');
}

function call(path: string, options: VerificationWorkerOptions, init: RequestInit): Promise<Response> {
  const headers = { authorization: `Bearer ${options.apiKey}`, 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(options.timeoutMs ?? 10_000);
  return fetch(new URL(path, options.baseUrl), { ...init, headers, redirect: 'error', signal });
}
