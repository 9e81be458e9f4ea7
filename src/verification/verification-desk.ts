import { type Appeals, appealEveryMs } from '../cases/appeal.js';
import type { VerificationRecord } from '../cases/case-records.js';
import type { ReviewQueue } from '../cases/review-queue.js';
import type { DecisionLog } from '../decisions/decision-log.js';
import type { VerificationMethod } from '../model/rule.js';
import type { Instant } from '../model/time.js';
import type { EmailCodeCheck, EnteredCode, SentCode } from './email-code.js';
import { failuresOf, latestAnswer } from './verification-attempts.js';
import type { VerificationNeeds } from './verification-needs.js';
import type { RecordVerification } from './verification-result.js';
import type { VerificationRequest } from './verification-work.js';

/** Port: what an account was asked, and what it answered. */
export interface VerificationHistory {
  /** Oldest first. */
  of(accountId: string): Promise<readonly VerificationRecord[]>;
  byId(id: string): Promise<VerificationRecord | undefined>;
  /** Requests that a provider said `pending` of, by their ids, and where the person goes on, where it said so. */
  pendingOf(accountId: string): Promise<ReadonlyMap<string, string | undefined>>;
}

interface DeskPorts {
  readonly log: Pick<DecisionLog, 'status'>;
  readonly cases: Pick<ReviewQueue, 'get'>;
  readonly recordVerification: RecordVerification;
  readonly history: Pick<VerificationHistory, 'of' | 'pendingOf'>;
  readonly needs: Pick<VerificationNeeds, 'askedOf'>;
  readonly appeals: Pick<Appeals, 'latest'>;
  /** Undefined where no mail server is configured. */
  readonly email: EmailCodeCheck | undefined;
  /** The latest address that the account gave; undefined when there is none or it was erased. */
  readonly emailOf: (accountId: string) => Promise<string | undefined>;
  /** Undefined for an address that names nobody. */
  readonly hashEmail: (address: string) => string | undefined;
  /** Failures of one method after which it is not offered again. */
  readonly attempts: () => number;
}

/**
 * `here`: on this page; `there`: at the provider's link; `waiting`: whoever checks it comes by themselves; `again`: a try
 * failed, and the provider is about to be asked for the next; `spent`: nothing is left to do but for our people.
 */
export type DeskMethodState = 'here' | 'there' | 'waiting' | 'again' | 'passed' | 'spent';

export interface DeskMethod {
  readonly method: VerificationMethod;
  readonly state: DeskMethodState;
  readonly url?: string | undefined;
}

/** What a held person is shown: what is asked for and how far it is. Never why. */
export interface DeskView {
  readonly state: 'open' | 'held' | 'denied';
  readonly methods: readonly DeskMethod[];
  /** `l•••@m•••.example` */
  readonly email: string | undefined;
  readonly appeal: 'possible' | 'received';
}

export interface VerificationDesk {
  /** Undefined for an account that nobody knows (any more). */
  view(accountId: string, now: Instant): Promise<DeskView | undefined>;
  sendCode(accountId: string, now: Instant): Promise<SentCode | 'not_asked'>;
  enterCode(accountId: string, code: string, now: Instant): Promise<EnteredCode | 'not_asked'>;
}

/** Where held people get through by themselves. */
export function createVerificationDesk(ports: DeskPorts): VerificationDesk {
  const isAskedHere = async (accountId: string, now: Instant): Promise<boolean> => {
    const view = await viewOf(ports, accountId, now);
    return view?.methods.some(({ method, state }) => method === 'email' && state === 'here') === true;
  };
  return {
    view: (accountId, now) => viewOf(ports, accountId, now),
    async sendCode(accountId, now) {
      const address = await ports.emailOf(accountId);
      if (address === undefined || ports.email === undefined || !(await isAskedHere(accountId, now)))
        return 'not_asked';
      return ports.email.send(accountId, address, now);
    },
    async enterCode(accountId, code, now) {
      if (ports.email === undefined) return 'not_asked';
      // Whoever sends the right code twice is told so twice, and it counts once.
      const isRepeat = () => ports.email?.wasRight(accountId, code, now);
      if (!(await isAskedHere(accountId, now))) return (await isRepeat()) ? 'right' : 'not_asked';
      const entered = await ports.email.enter(accountId, code, now);
      if (entered === 'none' && (await isRepeat())) return 'right';
      if (entered === 'right') await record(ports, accountId, 'passed', now);
      // Whoever tries five times is not sure of the mailbox: that counts like any failed verification.
      if (entered === 'used_up') await record(ports, accountId, 'failed', now);
      return entered;
    },
  };
}

async function record(ports: DeskPorts, accountId: string, result: 'passed' | 'failed', now: Instant): Promise<void> {
  const address = await ports.emailOf(accountId);
  const email = address === undefined ? undefined : ports.hashEmail(address);
  const evidence: Record<string, string> = email === undefined ? {} : { email };
  await ports.recordVerification({ accountId, method: 'email', result, evidence, actor: 'email code', now });
}

async function viewOf(ports: DeskPorts, accountId: string, now: Instant): Promise<DeskView | undefined> {
  const status = await ports.log.status(accountId);
  if (status === undefined) return undefined;
  const { state } = status.access;
  const appealedAt = await ports.appeals.latest(accountId);
  const appeal = appealedAt !== undefined && now < appealedAt + appealEveryMs ? 'received' : 'possible';
  if (state !== 'held') return { state: state === 'denied' ? 'denied' : 'open', methods: [], email: undefined, appeal };
  const address = await ports.emailOf(accountId);
  const methods = await methodsAsked(ports, {
    accountId,
    caseId: status.openCaseId,
    hasAddress: address !== undefined,
    now,
  });
  return { state, methods, email: address === undefined ? undefined : maskedAddress(address), appeal };
}

interface Asked {
  readonly accountId: string;
  readonly caseId: string | null;
  readonly hasAddress: boolean;
  readonly now: Instant;
}

async function methodsAsked(ports: DeskPorts, { accountId, caseId, hasAddress, now }: Asked): Promise<DeskMethod[]> {
  const found = caseId === null ? undefined : (await ports.cases.get(caseId))?.case;
  // What a person held or denied, no verification lifts: a person looks at it.
  if (found === undefined || found.asksFor.length === 0) return [];
  const [rows, pending, requests] = await Promise.all([
    ports.history.of(accountId),
    ports.history.pendingOf(accountId),
    ports.needs.askedOf(found.id, accountId),
  ]);
  return found.asksFor.map((method): DeskMethod => {
    const own = rows.filter((row) => row.method === method);
    const latest = latestAnswer(own, found.openedAt);
    if (latest?.state === 'passed') return { method, state: 'passed' };
    if (failuresOf(own, method, now) >= ports.attempts()) return { method, state: 'spent' };
    if (method === 'email' && hasAddress && ports.email !== undefined) return { method, state: 'here' };
    const request = requests.find((one) => one.method === method);
    return { method, ...elsewhere(request, { rows: own, latest, pending }) };
  });
}

interface SoFar {
  readonly rows: readonly VerificationRecord[];
  readonly latest: VerificationRecord | undefined;
  readonly pending: ReadonlyMap<string, string | undefined>;
}

/** How far it is with whoever else checks it: only an open question has a link, and a failure is followed by another or by none. */
function elsewhere(
  request: VerificationRequest | undefined,
  { rows, latest, pending }: SoFar,
): Pick<DeskMethod, 'state' | 'url'> {
  if (request === undefined) return { state: 'spent' };
  const { requestId } = request;
  const url = pending.get(requestId);
  if (url !== undefined) return { state: 'there', url };
  const isAsked = pending.has(requestId) || rows.some(({ id }) => id === requestId);
  if (isAsked || latest?.state !== 'failed') return { state: 'waiting' };
  return { state: pending.has(latest.id) ? 'again' : 'spent' };
}

/** Enough to know one's own address by, too little to learn somebody else's. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const dot = domain.lastIndexOf('.');
  const ending = dot < 0 ? '' : domain.slice(dot);
  const first = (text: string): string => [...text][0] ?? '';
  return `${first(address)}•••@${first(domain)}•••${ending}`;
}
