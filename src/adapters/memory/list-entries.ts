import type { KeptListEntry, ListActor, ListEntries, ListEntryPage } from '../../lists/list-entries.js';
import type { Instant } from '../../model/time.js';

const isAlive = ({ expiresAt }: KeptListEntry, now: Instant): boolean => expiresAt === null || expiresAt > now;

/** Gone with the process. */
export class MemoryListEntries implements ListEntries {
  private entries: readonly KeptListEntry[] = [];
  private changes = 0;
  /** Kinds of audit entries, with the list and the entry's id. */
  readonly audit: (readonly [kind: string, list: string, id: string, actor: string])[] = [];

  async revision(): Promise<number> {
    return this.changes;
  }

  async active(now: Instant): Promise<readonly KeptListEntry[]> {
    return this.entries.filter((entry) => entry.state === 'active' && isAlive(entry, now));
  }

  async page({ list, limit, before, now }: ListEntryPage): Promise<readonly KeptListEntry[]> {
    return this.entries
      .filter((entry) => entry.list === list && isAlive(entry, now) && (before === undefined || entry.id < before))
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, limit);
  }

  async counts(now: Instant) {
    const counts = new Map<string, { active: number; pending: number }>();
    for (const entry of this.entries.filter((one) => isAlive(one, now))) {
      const count = counts.get(entry.list) ?? { active: 0, pending: 0 };
      count[entry.state] += 1;
      counts.set(entry.list, count);
    }
    return counts;
  }

  async find(list: string, key: string, now: Instant): Promise<KeptListEntry | undefined> {
    return this.entries.find((entry) => entry.list === list && entry.key === key && isAlive(entry, now));
  }

  async add(entry: KeptListEntry): Promise<boolean> {
    if ((await this.find(entry.list, entry.key, entry.addedAt)) !== undefined) return false;
    await this.forgetExpired(entry.addedAt);
    this.entries = [...this.entries, entry];
    this.tell('list.entry_added', entry, entry.addedBy);
    return true;
  }

  async confirm(list: string, key: string, { actor, now }: ListActor): Promise<KeptListEntry | undefined> {
    const found = await this.find(list, key, now);
    if (found?.state !== 'pending' || found.addedBy === actor) return undefined;
    const confirmed = { ...found, state: 'active' as const, confirmedBy: actor, confirmedAt: now };
    this.entries = this.entries.map((entry) => (entry === found ? confirmed : entry));
    this.tell('list.entry_confirmed', confirmed, actor);
    return confirmed;
  }

  async remove(list: string, key: string, { actor, now }: ListActor): Promise<boolean> {
    const found = await this.find(list, key, now);
    if (found === undefined) return false;
    this.entries = this.entries.filter((entry) => entry !== found);
    this.tell('list.entry_removed', found, actor);
    return true;
  }

  async forgetExpired(now: Instant): Promise<number> {
    const expired = this.entries.filter((entry) => !isAlive(entry, now));
    this.entries = this.entries.filter((entry) => isAlive(entry, now));
    for (const entry of expired) this.tell('list.entry_expired', entry, 'system');
    return expired.length;
  }

  private tell(kind: string, { list, id }: KeptListEntry, actor: string): void {
    this.changes += 1;
    this.audit.push([kind, list, id, actor]);
  }
}
