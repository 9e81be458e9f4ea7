import { applyRescore } from '../../accounts/apply-rescore.js';
import type { CaseRecords } from '../../cases/case-records.js';
import type { JudgedAgain } from '../../decisions/judged-again.js';
import type { DoubtPace, DueRescore, RescoreSchedule } from '../../evaluate/rescore-schedule.js';
import type { IdPrefix } from '../../model/ids.js';
import type { Instant } from '../../model/time.js';
import { MemoryAccessBatches } from './access-batches.js';
import { memoryCaseRecords } from './case-records.js';
import type { MemoryTruth } from './memory-truth.js';

/** What is taken comes again after this time, if nobody says that it is done. */
const leaseMs = 60_000;

/** Due times beside the truth in memory: for replay and tests. */
export class MemoryRescoreSchedule implements RescoreSchedule {
  private readonly records: CaseRecords;
  private readonly batches: MemoryAccessBatches;
  private readonly doubted = new Set<string>();
  /** When what has been taken was due. */
  private readonly taken = new Map<string, { readonly dueAt: Instant; readonly until: Instant }>();

  constructor(
    private readonly truth: MemoryTruth,
    private readonly newId: (prefix: IdPrefix) => string,
  ) {
    this.records = memoryCaseRecords(truth);
    this.batches = new MemoryAccessBatches(truth);
  }

  /** When the next account is due: a replay looks there before each event. */
  nextAt(): Instant | undefined {
    return this.truth.rescores.next()?.at;
  }

  async take(now: Instant, limit: number): Promise<readonly DueRescore[]> {
    const found: DueRescore[] = [];
    for (let next = this.truth.rescores.next(); next !== undefined; next = this.truth.rescores.next()) {
      if (next.at > now || found.length >= limit) break;
      const due = this.dueOf(next.id, next.at);
      if (due === undefined) {
        this.truth.rescores.delete(next.id);
        continue;
      }
      this.truth.rescores.set(next.id, now + leaseMs);
      this.taken.set(next.id, { dueAt: due.dueAt, until: now + leaseMs });
      found.push(due);
    }
    return found;
  }

  apply(judged: JudgedAgain): Promise<boolean> {
    return applyRescore({ records: this.records, batches: this.batches, newId: this.newId }, judged);
  }

  async done({ accountId }: Pick<DueRescore, 'accountId'>, nextAt: Instant | undefined): Promise<void> {
    const lease = this.taken.get(accountId);
    this.taken.delete(accountId);
    // Somebody asked for it meanwhile.
    if (lease === undefined || this.truth.rescores.get(accountId) !== lease.until) return;
    this.doubted.delete(accountId);
    if (nextAt === undefined) this.truth.rescores.delete(accountId);
    else this.truth.rescores.set(accountId, nextAt);
  }

  async soon(accountIds: readonly string[], at: Instant): Promise<void> {
    for (const accountId of accountIds) {
      const known = this.truth.rescores.get(accountId);
      if (known === undefined || at < known) this.truth.rescores.set(accountId, at);
    }
  }

  async doubt(accountIds: readonly string[], { at, everyMs }: DoubtPace): Promise<void> {
    for (const [place, accountId] of accountIds.entries()) {
      const state = this.truth.accounts.get(accountId)?.state;
      if (state !== 'admitted' && state !== 'limited') continue;
      this.doubted.add(accountId);
      await this.soon([accountId], at + place * everyMs);
    }
  }

  /** Undefined for an account that needs no judging any more. */
  private dueOf(accountId: string, at: Instant): DueRescore | undefined {
    const account = this.truth.accounts.get(accountId);
    const judgedAgain = this.truth.histories.get(accountId)?.judgedAgain;
    if (account === undefined || judgedAgain === undefined) return undefined;
    const { state, version, probation, firstSeenAt, firstPaymentAt, verified, clearedRules } = account;
    const isLetIn = verified || clearedRules.length > 0;
    if (state === 'held' || state === 'denied' || (isLetIn && !probation && !this.doubted.has(accountId)))
      return undefined;
    const lease = this.taken.get(accountId);
    const dueAt = lease?.until === at ? lease.dueAt : at;
    const { event, decisionId } = judgedAgain;
    const doubted = isLetIn && !probation && this.doubted.has(accountId);
    return { accountId, dueAt, firstSeenAt, firstPaymentAt, state, version, probation, doubted, event, decisionId };
  }
}
