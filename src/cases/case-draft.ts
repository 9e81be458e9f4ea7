import type { AuditMessage } from '../audit/audit-trail.js';
import type { AccessCause, AccessState } from '../model/access.js';
import type { IdPrefix } from '../model/ids.js';
import { type AccountLabel, type Label, newestLabel } from '../model/label.js';
import type { Policy } from '../model/policy.js';
import type { Instant } from '../model/time.js';
import type { OutboxMessage } from '../outbox/outbox.js';
import type { BatchAccount, RingDetection } from './access-batch.js';
import { asOf } from './as-of.js';
import { caseDueAt, casePriority, type Urgency } from './case-priority.js';
import type {
  AccountRecord,
  CaseChanges,
  CaseMember,
  CaseRecord,
  LabelRecord,
  Loaded,
  VerificationRecord,
} from './case-records.js';
import { newCase } from './new-case.js';
import type { CaseChange, CaseEntry } from './review-queue.js';
import { accessOfAccount, caseOf } from './shown-case.js';

/** What beside the state an access change leaves behind. */
interface AccessTerms {
  readonly requestsPerDay?: number | null | undefined;
  readonly probation?: boolean | undefined;
  /** The ring that it is about, also where the account's case is not the ring's. */
  readonly ringId?: string | undefined;
}

/** What a draft begins from; the rest of what was loaded is for the rules. */
export type DraftStart = Pick<Loaded, 'account' | 'case' | 'lastDecision'>;

export interface DraftContext {
  readonly actor: string;
  readonly now: Instant;
  readonly newId: (prefix: IdPrefix) => string;
  /** How long cases may wait, where the policy is at hand. */
  readonly sla?: Policy['sla'] | undefined;
}

type Detail = Readonly<Record<string, unknown>>;

/** Collects what one step writes, so that account, case, timeline, outbox and audit can never tell different stories. */
export class CaseDraft {
  account: AccountRecord | undefined;
  case: CaseRecord | undefined;
  private accountTouched = false;
  private caseTouched = false;
  private readonly entries: (CaseEntry & { caseId: string })[] = [];
  private readonly verifications: VerificationRecord[] = [];
  private readonly labels: LabelRecord[] = [];
  private readonly outbox: OutboxMessage[] = [];
  private readonly audit: AuditMessage[] = [];
  private readonly members: CaseMember[] = [];
  private readonly batchAccounts: BatchAccount[] = [];
  private readonly batches: RingDetection[] = [];
  private readonly withdrawnLabels: { accountId: string; source: string }[] = [];

  readonly actor: string;
  readonly now: Instant;

  constructor(
    private readonly loaded: DraftStart,
    private readonly context: DraftContext,
  ) {
    this.actor = context.actor;
    this.now = context.now;
    this.account = loaded.account;
    this.case = loaded.case;
  }

  /** The version rises, so that the change wins wherever it arrives; the same state again is no change. */
  changeAccess(to: AccessState, cause: AccessCause, detail: Detail = {}, terms: AccessTerms = {}): void {
    const from = this.account;
    const { requestsPerDay = null, probation = false, ringId } = terms;
    if (from === undefined || (from.state === to && from.probation === probation)) return;
    const version = from.version + 1;
    const changedAt = this.context.now;
    this.account = { ...from, state: to, version, cause, requestsPerDay, probation, changedAt };
    this.accountTouched = true;
    const payload = {
      account_id: from.accountId,
      from: from.state,
      to,
      version,
      cause,
      case_id: this.case?.id ?? null,
      ring_id: ringId ?? this.case?.ringId ?? null,
    };
    this.outbox.push({ kind: 'access_changed', subject: from.accountId, payload });
    this.record('access.changed', from.accountId, { from: from.state, to, version, cause, ...detail });
  }

  /** Rules that no longer count against the account, and whether it has proven itself. */
  clear(rules: readonly string[], verified: boolean): void {
    const from = this.account;
    if (from === undefined) return;
    const clearedRules = [...new Set([...from.clearedRules, ...rules])];
    const isVerified = from.verified || verified;
    if (clearedRules.length === from.clearedRules.length && isVerified === from.verified) return;
    this.account = { ...from, clearedRules, verified: isVerified };
    this.accountTouched = true;
    const payload = { account_id: from.accountId, cleared_rules: clearedRules, verified: isVerified };
    this.outbox.push({ kind: 'account_cleared', subject: from.accountId, payload });
  }

  /** What it was verified with, others have shown too: it has to prove itself again. */
  doubt(): void {
    const from = this.account;
    if (from === undefined || !from.verified) return;
    this.account = { ...from, verified: false };
    this.accountTouched = true;
    const payload = { account_id: from.accountId, cleared_rules: from.clearedRules, verified: false };
    this.outbox.push({ kind: 'account_cleared', subject: from.accountId, payload });
    this.record('account.doubted', from.accountId, {});
  }

  /** A passed verification showed something that other accounts may have shown, too. */
  tellEvidence({ id, accountId }: VerificationRecord): void {
    this.outbox.push({ kind: 'evidence_recorded', subject: id, payload: { account_id: accountId } });
  }

  saveCase(next: CaseRecord, kind: string, detail: Detail = {}): void {
    this.case = next;
    this.caseTouched = true;
    this.addEntry(next.id, kind, detail);
    this.record(`case.${kind}`, next.id, { account_id: next.accountId, ...detail });
  }

  /** For an account that is held for another reason than a decision. */
  openCase(reason: string, urgency: Urgency, detail: Detail = {}): void {
    if (this.account === undefined) return;
    const opened = this.newCaseOf(this.account.accountId);
    const { score, confirmedFraud: fraudLabelled = false } = urgency;
    this.openPrepared({ ...opened, reason, score, priority: casePriority(urgency), fraudLabelled }, detail);
  }

  /** Of the account alone. Whoever looks at it sees what the account's newest decision saw. */
  newCaseOf(accountId: string): CaseRecord {
    const { id: decisionId = null, ringId = null } = this.loaded.lastDecision ?? {};
    return { ...newCase(this.newCaseId(), accountId, this.now), decisionId, ringId };
  }

  /** The account is in the case of its ring. */
  saveMember(member: CaseMember): void {
    this.members.push(member);
  }

  /** The account is settled for itself; the case of its ring goes on without it. */
  leaveRing(member: CaseMember): void {
    this.members.push({ ...member, leftAt: this.context.now });
  }

  /** What follows concerns the account, not the case it was loaded with. */
  forgetCase(): void {
    if (!this.caseTouched) this.case = undefined;
  }

  newCaseId(): string {
    return this.context.newId('case');
  }

  saveBatchAccount(row: BatchAccount): void {
    this.batchAccounts.push(row);
  }

  detectRing(detection: RingDetection): void {
    this.batches.push(detection);
  }

  /** A case that is ready but for its due time and its place in the queue's story; returned as it is opened. */
  openPrepared(prepared: Omit<CaseRecord, 'dueAt'>, detail: Detail = {}): CaseRecord {
    const { id, accountId, version, reason } = prepared;
    const opened = { ...prepared, dueAt: caseDueAt({ ...prepared, sla: this.context.sla }) };
    this.saveCase(opened, 'opened', { reason, ...detail });
    this.outbox.push({
      kind: 'case_opened',
      subject: id,
      payload: { case_id: id, account_id: accountId, version, reason },
    });
    return opened;
  }

  addEntry(caseId: string, kind: string, detail: Detail): CaseEntry {
    const entry = { caseId, at: this.context.now, actor: this.context.actor, kind, detail };
    this.entries.push(entry);
    return entry;
  }

  saveVerification(record: VerificationRecord): void {
    this.verifications.push(record);
  }

  send(message: OutboxMessage): void {
    this.outbox.push(message);
  }

  /**
   * `known`: the account's labels until now. False when one of them is newer: this one is kept, and changes nothing.
   * `notBefore`: a label that comes with a decision counts once the decision cannot be undone any more.
   */
  addLabel(label: AccountLabel, known: readonly AccountLabel[], notBefore?: Instant): boolean {
    const { now, actor } = this.context;
    this.labels.push({ ...label, recordedAt: now, actor });
    const newest = newestLabel([...known, label]);
    this.setLabel(newest?.label ?? null);
    const payload = {
      account_id: label.accountId,
      label: label.label,
      source: label.source,
      observed_at: new Date(label.observedAt).toISOString(),
    };
    this.outbox.push({ kind: 'label_recorded', subject: label.accountId, payload, notBefore });
    this.record('label.recorded', label.accountId, { label: label.label, source: label.source });
    return newest === label;
  }

  /** Takes back what `source` said, where it said anything; `known`: the account's labels until now. */
  withdrawLabels(source: string, known: readonly AccountLabel[]): void {
    const withdrawn = newestLabel(known.filter((label) => label.source === source));
    if (withdrawn === undefined) return;
    const { accountId } = withdrawn;
    this.withdrawnLabels.push({ accountId, source });
    const rest = known.filter((label) => label.source !== source);
    const before = newestLabel(rest);
    this.setLabel(before?.label ?? null);
    if (before === undefined || before.label === withdrawn.label) return;
    // Features may have counted what is taken back: they go by the newest, so the label before is said again.
    const observedAt = Math.max(this.now, withdrawn.observedAt);
    this.addLabel({ ...before, observedAt }, rest);
  }

  record(kind: string, subject: string, detail: Detail): void {
    this.audit.push({ at: this.context.now, actor: this.context.actor, kind, subject, detail });
  }

  private setLabel(label: Label | null): void {
    if (this.account === undefined || this.account.label === label) return;
    this.account = { ...this.account, label };
    this.accountTouched = true;
  }

  changes(): CaseChanges {
    return {
      accounts: this.accountTouched && this.account !== undefined ? [this.account] : [],
      cases: this.caseTouched && this.case !== undefined ? [this.case] : [],
      members: this.members,
      batchAccounts: this.batchAccounts,
      batches: this.batches,
      entries: this.entries,
      verifications: this.verifications,
      labels: this.labels,
      withdrawnLabels: this.withdrawnLabels,
      outbox: this.outbox,
      audit: this.audit,
    };
  }

  answer(): CaseChange {
    return {
      case: this.case === undefined ? null : caseOf(asOf(this.case, this.now)),
      access: this.account === undefined ? null : accessOfAccount(this.account),
    };
  }
}
