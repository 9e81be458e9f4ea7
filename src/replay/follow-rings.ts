import type { DecisionLog } from '../decisions/decision-log.js';
import type { EvidenceRecord } from '../evaluate/evidence-history.js';
import type { RescoreSchedule } from '../evaluate/rescore-schedule.js';
import type { RingTrace } from '../model/ring.js';
import type { Instant } from '../model/time.js';
import type { RingChanges } from '../rings/ring-changes.js';
import type { RingEntry } from '../rings/ring-entry.js';

/** The rings of this process. */
interface ReplayedRings {
  apply(entry: RingEntry): RingChanges;
  /** Lets go of links that ran out, where it is time for that. */
  expireWhenDue(): RingChanges | undefined;
  sizeOf(ringId: string, at: Instant): number;
  membersOf(ringId: string): readonly { readonly accountId: string; readonly joinedAt: Instant }[];
}

/**
 * The ring worker of a replay: what is committed is in the rings before the next event. Rings that took in another or whose
 * size passed a power of two have their members judged again, as in the service.
 */
export class RingFollowing {
  /** Size of each ring when its members were judged last, as a power of two. */
  private readonly powers = new Map<string, number>();
  private grown = new Set<string>();

  constructor(
    private readonly rings: ReplayedRings,
    private readonly schedule: Pick<RescoreSchedule, 'soon'>,
    /** Is told of accounts that came into a ring, and of rings that took in others. */
    private readonly onChanges: (changes: Pick<RingChanges, 'members' | 'merged'>) => void = () => undefined,
  ) {}

  apply(entry: RingEntry): void {
    this.follow(this.rings.apply(entry), entry.at);
  }

  /** What a verification brings, as its worker would read it. */
  async keep({ accountId, at }: EvidenceRecord, trace: RingTrace): Promise<void> {
    this.apply({ kind: 'event', accountId, at, trace });
  }

  expireWhenDue(now: Instant): void {
    const changes = this.rings.expireWhenDue();
    if (changes !== undefined) this.follow(changes, now);
  }

  private follow(changes: RingChanges, at: Instant): void {
    const { members, merged, ended } = changes;
    this.onChanges(changes);
    for (const { from, into } of merged) {
      this.powers.delete(from);
      this.grown.delete(from);
      this.grown.add(into);
    }
    for (const { ringId } of members) if (ringId !== undefined) this.look(ringId, at);
    for (const ringId of ended) this.powers.delete(ringId);
  }

  async tellGrown(at: Instant): Promise<void> {
    if (this.grown.size === 0) return;
    const grown = [...this.grown];
    this.grown = new Set();
    for (const ringId of grown) {
      const members = this.rings.membersOf(ringId);
      await this.schedule.soon(
        members.map(({ accountId }) => accountId),
        at,
      );
    }
  }

  private look(ringId: string, at: Instant): void {
    const power = Math.floor(Math.log2(Math.max(1, this.rings.sizeOf(ringId, at))));
    const known = this.powers.get(ringId);
    if (known === power) return;
    this.powers.set(ringId, power);
    // A ring begins with two accounts: both have just been judged.
    if (power > (known ?? 1)) this.grown.add(ringId);
  }
}

/** A log that hands what is committed on to the rings. */
export const ringTelling = (log: DecisionLog, following: RingFollowing): DecisionLog => ({
  byId: (decisionId) => log.byId(decisionId),
  byEventId: (eventId) => log.byEventId(eventId),
  byAccount: (accountId, page) => log.byAccount(accountId, page),
  eventsOf: (accountId) => log.eventsOf(accountId),
  status: (accountId) => log.status(accountId),
  async commit(record) {
    const outcome = await log.commit(record);
    const { trace, occurredAt, draft } = record;
    if (outcome.kind === 'committed' && trace !== undefined)
      following.apply({ kind: 'event', accountId: draft.account_id, at: occurredAt, trace });
    return outcome;
  },
});
