import type { CaseRecord } from '../../cases/case-records.js';
import type { Instant } from '../../model/time.js';
import { type Gatherings, leastToGather } from '../../ring-decisions/gatherings.js';
import type { MemoryTruth } from './memory-truth.js';

/** Rings as they are now. */
interface RingsNow {
  ringOf(accountId: string): string | undefined;
  /** Under which name it goes now; undefined when there is no such ring. */
  resolve(ringId: string): string | undefined;
}

/** Beside the truth in memory. Only what is new since the last look is looked at: nothing else can have become due. */
export class MemoryGatherings implements Gatherings {
  constructor(
    private readonly truth: MemoryTruth,
    private readonly rings: RingsNow,
  ) {}

  async due(limit: number): Promise<readonly string[]> {
    const { freeCases } = this.truth;
    const news = freeCases.takeNews();
    const ofAccounts = [...news.accounts].map((accountId) => this.rings.ringOf(accountId));
    const named = [...news.rings].map((ringId) => this.rings.resolve(ringId));
    const changed = new Set([...ofAccounts, ...named].flatMap((ringId) => ringId ?? []));
    const due = [...changed]
      .map((ringId) => ({ ringId, waiting: this.casesOf(ringId) }))
      .filter(({ ringId, waiting }) => this.isDue(ringId, waiting.length))
      .sort((a, b) => (a.waiting[0]?.openedAt ?? 0) - (b.waiting[0]?.openedAt ?? 0) || (a.ringId < b.ringId ? -1 : 1))
      .map(({ ringId }) => ringId);
    for (const ringId of due.slice(limit)) freeCases.noteRing(ringId);
    return due.slice(0, limit);
  }

  async waiting(ringId: string, limit: number): Promise<readonly string[]> {
    const root = this.rings.resolve(ringId);
    if (root === undefined) return [];
    return this.casesOf(root)
      .slice(0, limit)
      .map(({ accountId }) => accountId);
  }

  async caseOf(ringId: string): Promise<string | undefined> {
    const root = this.rings.resolve(ringId);
    return root === undefined ? undefined : this.ringCaseOf(root, ringId);
  }

  async begin(ringId: string, { batchId, now }: { readonly batchId: string; readonly now: Instant }): Promise<string> {
    return this.truth.rings.gatheringOf(ringId, { batchId, at: now });
  }

  private isDue(root: string, waiting: number): boolean {
    if (waiting === 0 || (waiting < leastToGather && this.ringCaseOf(root, root) === undefined)) return false;
    return !this.truth.rings.isLeftToPeople((ringId) => this.rings.resolve(ringId) === root);
  }

  private casesOf(root: string): readonly CaseRecord[] {
    const found: CaseRecord[] = [];
    for (const accountId of this.truth.freeCases.all()) {
      if (this.rings.ringOf(accountId) !== root) continue;
      const account = this.truth.accounts.get(accountId);
      const own = this.truth.undecidedCaseOf(accountId);
      if (own !== undefined && account?.state === 'held' && !account.verified) found.push(own);
    }
    return found.sort((a, b) => a.openedAt - b.openedAt || (a.accountId < b.accountId ? -1 : 1));
  }

  private ringCaseOf(root: string, ringId: string): string | undefined {
    const own = this.truth.undecidedCaseOfRing(ringId);
    if (own !== undefined) return own.id;
    return this.truth.rings.newestCase(
      (one) => this.rings.resolve(one) === root,
      (caseId) => this.truth.cases.get(caseId)?.state !== 'decided',
    );
  }
}
