import type { AuditMessage } from '../../audit/audit-trail.js';
import type {
  AccountRecord,
  CaseRecord,
  LabelRecord,
  LimitingDecision,
  VerificationRecord,
} from '../../cases/case-records.js';
import type { CaseEntry } from '../../cases/review-queue.js';
import type { SealedEvent, StoredDecision } from '../../decisions/decision-log.js';
import type { Instant } from '../../model/time.js';
import type { OutboxMessage } from '../../outbox/outbox.js';
import { MemoryDueTimes } from './due-times.js';
import { MemoryFreeCases } from './free-cases.js';
import { MemoryRingCases } from './ring-cases.js';

type Entry = CaseEntry & { readonly caseId: string };

/** What only the decision log writes about an account. */
export interface AccountHistory {
  firstSeenAt: Instant;
  lastSeenAt: Instant;
  /** The provisional decision that access rests on. */
  rescoreEventId: string | undefined;
  /** The event that is judged again: the signup, else the latest. */
  judgedAgain: { readonly event: SealedEvent; readonly decisionId: string } | undefined;
  /** The latest decisions that said `limit`. */
  readonly limits: (LimitingDecision & { readonly at: Instant })[];
  /** Empty where the truth keeps state only. */
  readonly decisionIds: string[];
  readonly events: SealedEvent[];
}

/** The tables of the database in maps: for tests, replay and simulation in one process. Gone with the process. */
export class MemoryTruth {
  /**
   * `state`: of decisions and events is kept what later decisions rest on, not what people would look up: memory follows
   * the number of accounts then, not that of events.
   */
  constructor(readonly keeps: 'everything' | 'state' = 'everything') {}

  readonly accounts = new Map<string, AccountRecord>();
  readonly histories = new Map<string, AccountHistory>();
  readonly decisions = new Map<string, StoredDecision>();
  readonly decisionIdOfEvent = new Map<string, string>();
  /** API key id to the account that announced it first. */
  readonly keyOwners = new Map<string, string>();
  readonly cases = new Map<string, CaseRecord>();
  readonly entries = new Map<string, Entry[]>();
  readonly verifications = new Map<string, VerificationRecord[]>();
  private readonly accountOfVerification = new Map<string, string>();
  readonly labels = new Map<string, LabelRecord[]>();
  /** How often somebody was given the next case. */
  picks = 0;
  outbox: OutboxMessage[] = [];
  readonly audit: AuditMessage[] = [];
  /** Accounts whose case became another since somebody asked; noted where the truth keeps state only, for a replay. */
  private moved = new Set<string>();
  readonly rings = new MemoryRingCases((accountId) => this.noteMove(accountId));
  readonly rescores = new MemoryDueTimes();
  readonly freeCases = new MemoryFreeCases();
  private readonly caseIdsOfAccount = new Map<string, string[]>();

  /** Its own, oldest first, then those of rings that it is in now. */
  casesOf(accountId: string): CaseRecord[] {
    const ids = this.caseIdsOfAccount.get(accountId) ?? [];
    const ofRings = this.rings.currentCaseIdsOf(accountId);
    return [...ids, ...ofRings].flatMap((id) => this.cases.get(id) ?? []);
  }

  undecidedCaseOf(accountId: string): CaseRecord | undefined {
    return this.casesOf(accountId).find(({ state }) => state !== 'decided');
  }

  undecidedCaseOfRing(ringId: string): CaseRecord | undefined {
    return this.rings
      .caseIdsOf(ringId)
      .flatMap((id) => this.cases.get(id) ?? [])
      .find(({ state }) => state !== 'decided');
  }

  putCase(record: CaseRecord): void {
    if (!this.cases.has(record.id)) this.index(record);
    this.cases.set(record.id, record);
    this.freeCases.put(record);
    if (!record.wholeRing) this.noteMove(record.accountId);
    else if (record.state === 'decided')
      for (const { accountId } of this.rings.membersOf(record.id)) this.noteMove(accountId);
  }

  /** Each account whose undecided case became another since this was called last, with that case. */
  takeMoved(): readonly { readonly accountId: string; readonly undecided: CaseRecord | undefined }[] {
    if (this.moved.size === 0) return [];
    const { moved } = this;
    this.moved = new Set();
    return [...moved].map((accountId) => ({ accountId, undecided: this.undecidedCaseOf(accountId) }));
  }

  private noteMove(accountId: string): void {
    if (this.keeps === 'state') this.moved.add(accountId);
  }

  private index({ id, accountId, ringId, wholeRing }: CaseRecord): void {
    if (wholeRing && ringId !== null) this.rings.addCase(ringId, id);
    else listIn(this.caseIdsOfAccount, accountId).push(id);
  }

  addEntry(entry: Entry): void {
    if (this.keeps === 'state') return;
    listIn(this.entries, entry.caseId).push(entry);
  }

  putVerification(record: VerificationRecord): void {
    const rows = listIn(this.verifications, record.accountId);
    this.accountOfVerification.set(record.id, record.accountId);
    const at = rows.findIndex(({ id }) => id === record.id);
    if (at < 0) rows.push(record);
    else rows[at] = record;
  }

  isVerificationOfAnother(id: string, accountId: string): boolean {
    const owner = this.accountOfVerification.get(id);
    return owner !== undefined && owner !== accountId;
  }

  addLabel(label: LabelRecord): void {
    listIn(this.labels, label.accountId).push(label);
  }

  /** Lets go of accounts that have been quiet since then and that nothing speaks against. */
  forgetBefore(at: Instant): void {
    for (const [accountId, { lastSeenAt }] of this.histories) {
      const state = this.accounts.get(accountId)?.state;
      if (lastSeenAt >= at || state === 'held' || state === 'denied') continue;
      for (const { id } of this.verifications.get(accountId) ?? []) this.accountOfVerification.delete(id);
      for (const table of [this.accounts, this.histories, this.verifications, this.labels, this.rescores])
        table.delete(accountId);
      for (const caseId of this.caseIdsOfAccount.get(accountId) ?? []) this.cases.delete(caseId);
      this.caseIdsOfAccount.delete(accountId);
      this.freeCases.forget(accountId);
    }
  }

  addMessage(message: OutboxMessage): void {
    this.outbox.push(message);
  }
}

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  const found = lists.get(key);
  if (found !== undefined) return found;
  const made: T[] = [];
  lists.set(key, made);
  return made;
}
