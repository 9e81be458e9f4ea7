import type { AuditEntry, AuditMessage, AuditQuery, AuditTrail } from '../../audit/audit-trail.js';

/** Gone with the process. */
export class MemoryAuditTrail implements AuditTrail {
  private readonly entries: AuditEntry[] = [];

  add(message: AuditMessage): void {
    this.entries.unshift({ ...message, seq: this.entries.length + 1 });
  }

  async page({ subject, actor, kind, since, until, before, limit }: AuditQuery): Promise<readonly AuditEntry[]> {
    return this.entries
      .filter((entry) => subject === undefined || entry.subject === subject)
      .filter((entry) => actor === undefined || entry.actor === actor)
      .filter((entry) => kind === undefined || (kind.endsWith('.') ? entry.kind.startsWith(kind) : entry.kind === kind))
      .filter((entry) => since === undefined || entry.at >= since)
      .filter((entry) => until === undefined || entry.at < until)
      .filter((entry) => before === undefined || entry.seq < before)
      .slice(0, limit);
  }
}
