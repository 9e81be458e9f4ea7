import type { AuditEntry, AuditQuery, AuditTrail } from '../../audit/audit-trail.js';
import type { Database } from './database.js';

interface AuditRow {
  seq: number;
  at: Date;
  actor: string;
  kind: string;
  subject: string;
  detail: Record<string, unknown>;
}

/** Conditions as they are needed, so that each index can serve its own question. */
function conditionsOf({ subject, actor, kind, since, until, before }: AuditQuery) {
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  const add = (condition: (place: string) => string, value: unknown): void => {
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  if (subject !== undefined) add((at) => `subject = ${at}`, subject);
  if (actor !== undefined) add((at) => `actor = ${at}`, actor);
  if (actor !== undefined && actor !== 'system') conditions.push("actor <> 'system'");
  if (kind?.endsWith('.') === true) add((at) => `starts_with(kind, ${at})`, kind);
  else if (kind !== undefined) add((at) => `kind = ${at}`, kind);
  if (kind !== undefined && !'decision.recorded'.startsWith(kind)) conditions.push("kind <> 'decision.recorded'");
  if (since !== undefined) add((at) => `at >= ${at}`, new Date(since));
  if (until !== undefined) add((at) => `at < ${at}`, new Date(until));
  if (before !== undefined) add((at) => `seq < ${at}`, before);
  return { parameters, where: conditions.length === 0 ? '' : `where ${conditions.join(' and ')}` };
}

export class SqlAuditTrail implements AuditTrail {
  constructor(private readonly database: Database) {}

  async page(query: AuditQuery): Promise<readonly AuditEntry[]> {
    const { parameters, where } = conditionsOf(query);
    const sql = `select seq, at, actor, kind, subject, detail from audit ${where}
      order by seq desc limit $${parameters.length + 1}`;
    const rows = await this.database.query<AuditRow>(sql, [...parameters, query.limit]);
    return rows.map((row) => ({ ...row, seq: Number(row.seq), at: row.at.getTime() }));
  }
}
