import type { AuditHead } from '../../audit/audit-chain.js';
import { parseHead } from '../../audit/audit-chain.js';
import type { AuditChain, ErasedLine, SealedLine } from '../../audit/verify-audit.js';
import { auditText } from './audit-line.js';
import type { Queryable } from './database.js';

export const auditHeadKey = 'audit_head';

export async function readAuditHead(database: Queryable): Promise<AuditHead | undefined> {
  const [row] = await database.query<{ value: string }>('select value from meta where key = $1', [auditHeadKey]);
  return row === undefined ? undefined : parseHead(row.value);
}

/** Small enough that on the embedded database requests come in between. */
const pageRows = 500;

/** So that no statement takes long, however long the trail is. */
const windowSeqs = 20_000;

const pageSql = `select l.count, l.seq, l.digest, l.link, case when a.seq is not null then ${auditText('a')} end as text
  from audit_links l left join audit a on a.seq = l.seq
  where l.count > $1 and l.count <= $2 order by l.count limit ${pageRows}`;

const erasedSql = `select a.seq as by, e.key::bigint as seq, e.value as mark
  from audit a cross join lateral jsonb_each_text(a.detail->'audit_rows') e
  where a.kind = 'subject.erased' and jsonb_typeof(a.detail->'audit_rows') = 'object' and e.key = any($1::text[])`;

const unlinkedSql = `select a.seq from audit a
  where a.seq > $3 and a.seq <= $1 and not exists (select 1 from audit_links l where l.seq = a.seq) order by a.seq limit $2`;

/** The chain in PostgreSQL and PGlite; only reads. */
export class SqlAuditChain implements AuditChain {
  constructor(private readonly database: Queryable) {}

  async ends() {
    const [row] = await this.database.query<{ links: number | null }>('select max(count) as links from audit_links');
    return { links: Number(row?.links ?? 0), head: await readAuditHead(this.database) };
  }

  async page(afterCount: number, upToCount: number): Promise<readonly SealedLine[]> {
    const rows = await this.database.query<SealedLine & { text: string | null }>(pageSql, [afterCount, upToCount]);
    return rows.map((row) => ({ ...row, count: Number(row.count), seq: Number(row.seq), text: row.text ?? undefined }));
  }

  async erasedLines(seqs: readonly number[]): Promise<readonly ErasedLine[]> {
    const rows = await this.database.query<ErasedLine>(erasedSql, [seqs.map(String)]);
    return rows.map(({ by, seq, mark }) => ({ by: Number(by), seq: Number(seq), mark }));
  }

  async unlinked(upToSeq: number, most: number): Promise<readonly number[]> {
    const found: number[] = [];
    for (let from = 0; from < upToSeq && found.length < most; from += windowSeqs) {
      const range = [Math.min(from + windowSeqs, upToSeq), most - found.length, from];
      const rows = await this.database.query<{ seq: number }>(unlinkedSql, range);
      found.push(...rows.map(({ seq }) => Number(seq)));
    }
    return found;
  }

  async countAfter(seq: number): Promise<number> {
    const [row] = await this.database.query<{ count: number }>('select count(*) as count from audit where seq > $1', [
      seq,
    ]);
    return Number(row?.count ?? 0);
  }
}
