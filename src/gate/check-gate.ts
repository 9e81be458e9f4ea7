import type { Policy } from '../model/policy.js';
import type { Clock } from '../model/time.js';
import type {
  AccessTruth,
  GateAnswer,
  GateEntry,
  GateProjection,
  GateQuestion,
  GateRecord,
  RingRequests,
} from './gate-store.js';
import type { ProjectionState } from './projection-trust.js';

export interface GatePorts {
  readonly projection: GateProjection;
  /** Doubted: what is committed may not arrive in the projection, and the truth is asked. */
  readonly projectionState?: () => ProjectionState;
  readonly truth: AccessTruth;
  readonly clock: Clock;
  readonly policy: () => Pick<Policy, 'fail' | 'limit'>;
  readonly ringRequests: RingRequests;
  /** Rejects when `work` has not settled in time; the process supplies the timer. */
  readonly within: <T>(work: Promise<T>, timeoutMs: number) => Promise<T>;
  /** Counts what must alert: an account passed although nobody knew. */
  readonly onFailOpen: () => void;
  readonly truthTimeoutMs?: number;
  /** Reads of the truth at the same time; more are refused at once, so that a cold start cannot drown the database. */
  readonly truthReadsAtOnce?: number;
}

const defaultTruthTimeoutMs = 50;
const defaultTruthReads = 64;

export type CheckGate = (question: GateQuestion) => Promise<GateAnswer>;

/** The truth answered, or could not be asked in time. */
type Asked = { readonly kind: 'answered'; readonly entry: GateEntry | undefined } | { readonly kind: 'unavailable' };

/** The allow-list: only a committed admitted or limited record passes; whatever is not known does not. */
export function createGate(ports: GatePorts): CheckGate {
  const askTruth = boundedTruth(ports);
  return async (question) => {
    const record = await read(question, ports);
    if (record.kind !== 'missing') return answerOf(record, ports);
    const asked = await askTruth(question);
    if (asked.kind === 'unavailable') return blind(ports);
    return answerOf(await project(question, asked.entry, ports), ports);
  };
}

/** A record that the truth has not confirmed for too long counts as missing. */
async function read(question: GateQuestion, ports: GatePorts): Promise<GateRecord> {
  const { projection, clock, policy } = ports;
  const state = ports.projectionState?.() ?? 'believed';
  if (state === 'doubted') return { kind: 'missing' };
  const now = clock.now();
  // It may answer again before it was asked again: what it was not told meanwhile is missing in it, and nothing is believed.
  const confirmedSince = state === 'silent' ? Number.MAX_SAFE_INTEGER : now - policy().fail.gateMaxStalenessMs;
  return projection.check(question, now, confirmedSince);
}

/** What the truth said, written back for the next time; a limited account is read again, because that counts it. */
async function project(
  question: GateQuestion,
  entry: GateEntry | undefined,
  { projection, clock }: GatePorts,
): Promise<GateRecord> {
  if (entry === undefined) return { kind: 'missing' };
  const { accountId, apiKeyId } = question;
  if (accountId !== undefined && entry.access.accountId !== accountId) return { kind: 'key_of_another_account' };
  // The truth names only so many keys of an account; the one that was asked for belongs to it, or there were no entry.
  const apiKeyIds = [...new Set([...entry.apiKeyIds, ...(apiKeyId === undefined ? [] : [apiKeyId])])];
  // A projection that cannot be written costs speed, not the answer.
  const published = projection.publish([{ ...entry, apiKeyIds }]).catch(() => undefined);
  if (entry.access.state !== 'limited') return { kind: 'known', access: entry.access, usedToday: 0 };
  await published;
  const counted = await projection.check(question, clock.now());
  return isOutdated(counted, entry) ? { kind: 'unavailable', reason: 'quota_not_counted' } : counted;
}

/** It could not be written: what is there says nothing of a quota. */
const isOutdated = (record: GateRecord, { access }: GateEntry): boolean =>
  record.kind === 'missing' || (record.kind === 'known' && record.access.version < access.version);

async function answerOf(record: GateRecord, ports: GatePorts): Promise<GateAnswer> {
  if (record.kind === 'unavailable') return blind(ports);
  if (record.kind !== 'known') return { ...refused, state: 'unknown' };
  const { access, usedToday } = record;
  if (access.state === 'admitted') return { allowed: true, state: 'admitted', degraded: false };
  if (access.state !== 'limited') return { ...refused, state: access.state };
  // A limited account without a quota has none to spend.
  const requestsPerDay = access.requestsPerDay ?? 0;
  const remainingToday = Math.max(0, requestsPerDay - usedToday);
  const answer = { state: access.state, requestsPerDay, remainingToday, degraded: false };
  if (usedToday > requestsPerDay) return { ...answer, allowed: false, refusal: 'quota_spent' };
  return withinRing({ ...answer, allowed: true }, access.accountId, ports);
}

/**
 * Limited members of one ring share its quota as well: twenty thousand accounts that draw a little each stay within their own.
 * Where the ring cannot be found out the account's own quota stands, and the answer says so.
 */
async function withinRing(
  answer: GateAnswer & { readonly remainingToday: number },
  accountId: string,
  { policy, ringRequests, clock }: GatePorts,
): Promise<GateAnswer> {
  const perDay = policy().limit.ringRequestsPerDay;
  if (perDay === undefined) return answer;
  try {
    const used = await ringRequests.count(accountId, clock.now());
    if (used === undefined) return answer;
    const remainingToday = Math.min(answer.remainingToday, Math.max(0, perDay - used));
    return used <= perDay
      ? { ...answer, remainingToday }
      : { ...answer, remainingToday, allowed: false, refusal: 'quota_spent' };
  } catch {
    return { ...answer, degraded: true };
  }
}

const refused = { allowed: false, refusal: 'not_admitted', degraded: false } as const;

/** Nobody could be asked: the policy decides, and an opening counts. */
function blind({ policy, onFailOpen }: GatePorts): GateAnswer {
  if (policy().fail.gateUnknown === 'deny') return { ...refused, state: 'unknown', degraded: true };
  onFailOpen();
  return { allowed: true, state: 'unknown', degraded: true };
}

function boundedTruth({ truth, within, ...ports }: GatePorts): (question: GateQuestion) => Promise<Asked> {
  const { truthTimeoutMs = defaultTruthTimeoutMs, truthReadsAtOnce = defaultTruthReads } = ports;
  let reading = 0;
  return async (question) => {
    if (reading >= truthReadsAtOnce) return { kind: 'unavailable' };
    reading += 1;
    // The slot is free when the read ends, not when the wait does: a stalled database must not pile up reads.
    const work = truth.entryOf(question).finally(() => {
      reading -= 1;
    });
    try {
      return { kind: 'answered', entry: await within(work, truthTimeoutMs) };
    } catch {
      work.catch(() => undefined);
      return { kind: 'unavailable' };
    }
  };
}
