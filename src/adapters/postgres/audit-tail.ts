import type { Database } from './database.js';

interface TailRow {
  seq: number;
  kind: string;
  subject: string;
  case_id: string | null;
}

const afterSql = `select seq, kind, subject, detail->>'case_id' as case_id from audit where seq > $1 order by seq limit $2`;

/** The end of the audit trail, for whoever follows what happens. */
export class SqlAuditTail {
  constructor(private readonly database: Database) {}

  async newest(): Promise<number> {
    const [row] = await this.database.query<{ newest: number | null }>('select max(seq) as newest from audit');
    return Number(row?.newest ?? 0);
  }

  async after(seq: number, limit: number) {
    const rows = await this.database.query<TailRow>(afterSql, [seq, limit]);
    return rows.map(({ seq: number, kind, subject, case_id }) => ({
      seq: Number(number),
      kind,
      subject,
      caseId: case_id,
    }));
  }
}
