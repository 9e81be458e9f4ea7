import type { BatchAccount } from '../../cases/access-batch.js';
import type { RingMember } from '../../ring-decisions/ring-members.js';

export interface PlannedAccount {
  readonly member: RingMember;
  /** Undefined until the batch has looked at it. */
  readonly row: BatchAccount | undefined;
}

/** The accounts of a batch. Those that wait are put in order once, however many pages they are taken in. */
export class PlannedAccounts {
  private readonly accounts = new Map<string, PlannedAccount>();
  /** Who joined last is at the end. Those that were looked at are taken off when they come there. */
  private readonly waiting: RingMember[] = [];
  private isInOrder = true;

  get(accountId: string): PlannedAccount | undefined {
    return this.accounts.get(accountId);
  }

  values(): IterableIterator<PlannedAccount> {
    return this.accounts.values();
  }

  plan(member: RingMember): void {
    if (this.accounts.has(member.accountId)) return;
    this.accounts.set(member.accountId, { member, row: undefined });
    this.waiting.push(member);
    this.isInOrder = false;
  }

  put(row: BatchAccount): void {
    const { accountId, at } = row;
    const member = this.accounts.get(accountId)?.member ?? { accountId, joinedAt: at };
    this.accounts.set(accountId, { member, row });
  }

  /** Not looked at yet, those who joined last first. */
  pending(limit: number): readonly string[] {
    const { waiting } = this;
    if (!this.isInOrder) waiting.sort(byJoining);
    this.isInOrder = true;
    const isSettled = (member: RingMember | undefined): boolean =>
      member !== undefined && this.accounts.get(member.accountId)?.row !== undefined;
    while (isSettled(waiting.at(-1))) waiting.pop();
    const found: string[] = [];
    for (let place = waiting.length - 1; place >= 0 && found.length < limit; place--) {
      const member = waiting[place];
      if (member !== undefined && !isSettled(member)) found.push(member.accountId);
    }
    return found;
  }
}

const byJoining = (a: RingMember, b: RingMember): number =>
  a.joinedAt - b.joinedAt || (a.accountId < b.accountId ? 1 : -1);
