import type { AccessBatch, BatchAccount, BatchState } from '../../cases/access-batch.js';
import type { Instant } from '../../model/time.js';
import {
  type AccessBatches,
  type BatchAudit,
  type BatchCounts,
  type FailedAccount,
  type FailedResult,
  failureReasons,
  isRingDecision,
  type RingDecision,
} from '../../ring-decisions/access-batches.js';
import type { RingMember } from '../../ring-decisions/ring-members.js';
import type { MemoryTruth } from './memory-truth.js';
import type { PlannedAccounts } from './planned-accounts.js';

const undoable: ReadonlySet<BatchState> = new Set(['awaiting_second', 'planned', 'done']);
const goesOn: ReadonlySet<BatchState> = new Set(['awaiting_second', 'planned', 'undoing']);
const isFailed = (result: string): result is FailedResult => Object.hasOwn(failureReasons, result);

/** Batches beside the truth in memory. */
export class MemoryAccessBatches implements AccessBatches {
  constructor(private readonly truth: MemoryTruth) {}

  async create(batch: RingDecision, audit: BatchAudit): Promise<boolean> {
    const isOpen = (one: AccessBatch): boolean => one.ringId === batch.ringId && isRingDecision(one);
    if (this.truth.rings.batches.has(batch.id) || this.open().some(isOpen)) return false;
    this.put(batch);
    this.truth.audit.push(audit);
    return true;
  }

  async ofRing(ringId: string, limit: number): Promise<readonly RingDecision[]> {
    const found = [...this.truth.rings.batches.values()].filter(isRingDecision);
    return found
      .filter((one) => one.ringId === ringId)
      .reverse()
      .slice(0, limit);
  }

  async ofCase(caseId: string): Promise<RingDecision | undefined> {
    const found = [...this.truth.rings.batches.values()].filter(isRingDecision);
    return found.findLast(({ order, state }) => order.caseId === caseId && (state === 'planned' || state === 'done'));
  }

  async get(batchId: string): Promise<AccessBatch | undefined> {
    return this.truth.rings.batches.get(batchId);
  }

  async countsOf(batchId: string): Promise<BatchCounts> {
    const counts: Record<string, number> = {};
    for (const { row } of this.plannedOf(batchId).values()) {
      const name = row?.result ?? 'pending';
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  /** When the next batch goes on: a replay looks there before each event. */
  nextAt(): Instant | undefined {
    let next: Instant | undefined;
    for (const batch of this.open()) next = Math.min(next ?? batch.notBefore, batch.notBefore);
    return next;
  }

  async takeDue(now: Instant, limit: number, leaseMs: number): Promise<readonly AccessBatch[]> {
    const due = [...this.open()]
      .filter(({ notBefore }) => notBefore <= now)
      .sort((a, b) => a.notBefore - b.notBefore || (a.id < b.id ? -1 : 1))
      .slice(0, limit);
    for (const batch of due) this.put({ ...batch, notBefore: now + leaseMs });
    return due;
  }

  async plan(batchId: string, members: readonly RingMember[]): Promise<void> {
    const planned = this.plannedOf(batchId);
    for (const member of members) planned.plan(member);
  }

  async pending(batchId: string, limit: number): Promise<readonly string[]> {
    return this.plannedOf(batchId).pending(limit);
  }

  async accountsWith(
    batchId: string,
    result: 'held' | 'changed' | 'joined',
    limit: number,
  ): Promise<readonly BatchAccount[]> {
    const found = [...this.plannedOf(batchId).values()].flatMap(({ row }) => (row?.result === result ? row : []));
    return found.sort((a, b) => (a.accountId < b.accountId ? -1 : 1)).slice(0, limit);
  }

  async failed(batchId: string, limit: number): Promise<readonly FailedAccount[]> {
    const found = [...this.plannedOf(batchId).values()].flatMap(({ row }) =>
      row !== undefined && isFailed(row.result) ? { accountId: row.accountId, result: row.result } : [],
    );
    return found.sort((a, b) => (a.accountId < b.accountId ? -1 : 1)).slice(0, limit);
  }

  async heldSince(at: Instant): Promise<number> {
    return this.truth.rings.heldSince(at);
  }

  async save(batch: AccessBatch, from: BatchState): Promise<boolean> {
    if (this.truth.rings.batches.get(batch.id)?.state !== from) return false;
    this.put(batch);
    return true;
  }

  async beginUndo(batchId: string, actor: string, now: Instant): Promise<AccessBatch> {
    const found = this.truth.rings.batches.get(batchId);
    if (found === undefined) throw new Error(`there is no batch ${batchId}`);
    if (!undoable.has(found.state)) return found;
    const undoing: AccessBatch = { ...found, state: 'undoing', notBefore: now, undoneBy: actor };
    this.put(undoing);
    return undoing;
  }

  private put(batch: AccessBatch): void {
    const { batches, openBatches } = this.truth.rings;
    batches.set(batch.id, batch);
    if (goesOn.has(batch.state)) openBatches.add(batch.id);
    else if (openBatches.delete(batch.id)) this.truth.freeCases.noteRing(batch.ringId);
  }

  private open(): readonly AccessBatch[] {
    const { batches, openBatches } = this.truth.rings;
    return [...openBatches].flatMap((id) => batches.get(id) ?? []);
  }

  private plannedOf(batchId: string): PlannedAccounts {
    return this.truth.rings.plannedOf(batchId);
  }
}
