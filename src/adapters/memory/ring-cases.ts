import type { AccessBatch, BatchAccount, RingDetection } from '../../cases/access-batch.js';
import type { CaseMember } from '../../cases/case-records.js';
import type { Instant } from '../../model/time.js';
import { PlannedAccounts } from './planned-accounts.js';

export const newMember = (caseId: string, accountId: string, joinedAt: Instant): CaseMember => ({
  caseId,
  accountId,
  joinedAt,
  leftAt: null,
  deniedVersion: null,
});

/** Who is in the case of which ring, and the batches of rings. */
export class MemoryRingCases {
  readonly batches = new Map<string, AccessBatch>();
  /** Ids of those that go on. */
  readonly openBatches = new Set<string>();
  private readonly planned = new Map<string, PlannedAccounts>();
  /** When accounts were held by batches, oldest first. */
  private readonly heldAt: Instant[] = [];
  private readonly caseIds = new Map<string, string[]>();
  private readonly members = new Map<string, Map<string, CaseMember>>();
  private readonly currentCases = new Map<string, Set<string>>();
  private readonly batchIds = new Map<string, string>();
  private readonly gatheringIds = new Map<string, string>();

  /** Told of each account that comes into a case, or leaves it. */
  constructor(private readonly onMember: (accountId: string) => void = () => undefined) {}

  batchOfRing(ringId: string): AccessBatch | undefined {
    return this.batches.get(this.batchIds.get(ringId) ?? '');
  }

  addCase(ringId: string, caseId: string): void {
    this.caseIds.set(ringId, [...this.caseIdsOf(ringId), caseId]);
  }

  caseIdsOf(ringId: string): readonly string[] {
    return this.caseIds.get(ringId) ?? [];
  }

  /** Of cases of rings such as `isOfRing` says, that are such as `isWanted` says. */
  newestCase(isOfRing: (ringId: string) => boolean, isWanted: (caseId: string) => boolean): string | undefined {
    let newest: string | undefined;
    for (const [ringId, caseIds] of this.caseIds) {
      const found = caseIds.findLast(isWanted);
      if (found !== undefined && (newest === undefined || found > newest) && isOfRing(ringId)) newest = found;
    }
    return newest;
  }

  /** Its gathering was taken back, or people's decision about it is under way. */
  isLeftToPeople(isOfRing: (ringId: string) => boolean): boolean {
    return [...this.batches.values()].some(
      ({ id, kind, state, ringId }) =>
        (kind === 'gathering' ? state !== 'done' : kind === 'ring_decision' && this.openBatches.has(id)) &&
        isOfRing(ringId),
    );
  }

  /** Cases that the account is in now. */
  currentCaseIdsOf(accountId: string): readonly string[] {
    return [...(this.currentCases.get(accountId) ?? [])];
  }

  member(caseId: string, accountId: string): CaseMember | undefined {
    return this.members.get(caseId)?.get(accountId);
  }

  membersOf(caseId: string): IterableIterator<CaseMember> {
    return (this.members.get(caseId) ?? new Map<string, CaseMember>()).values();
  }

  put(member: CaseMember): void {
    const { caseId, accountId } = member;
    const all = this.members.get(caseId) ?? new Map<string, CaseMember>();
    this.members.set(caseId, all.set(accountId, member));
    this.onMember(accountId);
    const current = this.currentCases.get(accountId) ?? new Set();
    if (member.leftAt === null) current.add(caseId);
    else current.delete(caseId);
    if (current.size > 0) this.currentCases.set(accountId, current);
    else this.currentCases.delete(accountId);
  }

  putBatchAccount(row: BatchAccount): void {
    this.plannedOf(row.batchId).put(row);
    if (row.result === 'held') this.heldAt.push(row.at);
  }

  plannedOf(batchId: string): PlannedAccounts {
    const known = this.planned.get(batchId);
    if (known !== undefined) return known;
    const made = new PlannedAccounts();
    this.planned.set(batchId, made);
    return made;
  }

  /** How many accounts batches have held since then; whoever asks again asks for no earlier time. */
  heldSince(at: Instant): number {
    const first = this.heldAt.findIndex((one) => one > at);
    if (first > 0) this.heldAt.splice(0, first);
    return first < 0 ? 0 : this.heldAt.length;
  }

  /** The batch of the ring's gathering; made where there is none. */
  gatheringOf(ringId: string, { batchId, at }: Pick<RingDetection, 'batchId' | 'at'>): string {
    const known = this.gatheringIds.get(ringId);
    if (known !== undefined) return known;
    this.gatheringIds.set(ringId, batchId);
    const made = {
      createdAt: at,
      notBefore: at,
      finishedAt: at,
      looks: 0,
      undoneAt: null,
      undoneBy: null,
      order: null,
    };
    this.batches.set(batchId, { id: batchId, kind: 'gathering', ringId, decisionId: null, state: 'done', ...made });
    return batchId;
  }

  /** False: the ring had its batch. */
  addBatch({ batchId, ringId, decisionId, at }: RingDetection): boolean {
    if (this.batchIds.has(ringId)) return false;
    this.batchIds.set(ringId, batchId);
    const open = {
      createdAt: at,
      notBefore: at,
      looks: 0,
      finishedAt: null,
      undoneAt: null,
      undoneBy: null,
      order: null,
    };
    this.batches.set(batchId, { id: batchId, kind: 'retro_hold', ringId, decisionId, state: 'planned', ...open });
    this.openBatches.add(batchId);
    return true;
  }
}
