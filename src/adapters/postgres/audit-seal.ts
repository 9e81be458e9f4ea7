import {
  type AuditHead,
  type AuditKey,
  type AuditLine,
  headText,
  isSameHead,
  sealLines,
} from '../../audit/audit-chain.js';
import type { AuditSeal, Sealing } from '../../audit/audit-seal.js';
import { auditHeadKey, readAuditHead } from './audit-chain.js';
import { auditText } from './audit-line.js';
import type { Database, Queryable } from './database.js';

/** Any constant: whoever holds it is sealing. */
const lockNumber = 7_062_022;

/** Of turns without anything new, so many pass until the chain's end is looked at all the same. */
const looksEvery = 10;

const newestSql = 'select last_value as newest from audit_seq_seq';
/** A statement that adds rows holds this lock from before it takes a row's number until its transaction ends. */
const writersSql = `select distinct virtualtransaction as writer from pg_locks
  where relation = 'audit'::regclass and mode = 'RowExclusiveLock'
    and database = (select oid from pg_database where datname = current_database())`;
const linesSql = `select a.seq, ${auditText('a')} as text from audit a
  where a.seq > $1 and a.seq <= $2 order by a.seq limit $3`;
const lastSql = 'select count, seq, link from audit_links order by count desc limit 1';
const addSql = `insert into audit_links (count, seq, digest, link)
  select count, seq, digest, link from jsonb_to_recordset($1::jsonb) as l(count bigint, seq bigint, digest text, link text)`;
const keepHeadSql = `insert into meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value`;

interface LastRow {
  count: number;
  seq: number;
  link: string;
}

export class SqlAuditSeal implements AuditSeal {
  /** Everything up to here is there, or never will be. */
  private floor = 0;
  /** All was sealed up to the number that was the newest then: until there is a newer one there is nothing to do. */
  private settled: { readonly newest: number; readonly head: AuditHead | undefined } | undefined;
  private idleTurns = 0;
  private pending: { readonly upTo: number; readonly writers: ReadonlySet<string> } | undefined;

  constructor(
    private readonly database: Database,
    private readonly key: AuditKey,
    /** Rows in one transaction: on the embedded database everything else waits for it, some 0.3 ms a row. */
    private readonly most: number,
  ) {}

  async seal(noted: AuditHead | undefined): Promise<Sealing> {
    const newest = await this.raiseFloor();
    if (this.settled?.newest === newest && ++this.idleTurns % looksEvery !== 0)
      return { kind: 'sealed', head: this.settled.head, more: false, unsealed: 0 };
    const done = await this.sealUpToFloor(noted, newest);
    const isSettled = done.kind === 'sealed' && !done.more && done.unsealed === 0;
    this.settled = isSettled ? { newest, head: done.head } : undefined;
    return done;
  }

  private sealUpToFloor(noted: AuditHead | undefined, newest: number): Promise<Sealing> {
    return this.database.transaction(async (tx) => {
      const [lock] = await tx.query<{ got: boolean }>(`select pg_try_advisory_xact_lock(${lockNumber}) as got`);
      if (lock?.got !== true) return { kind: 'elsewhere' };
      const last = await lastOf(tx);
      const broken = await brokenBy(tx, last, noted);
      if (broken !== undefined) return { kind: 'broken', detail: broken };
      const lines = await tx.query<AuditLine>(linesSql, [last?.seq ?? 0, this.floor, this.most]);
      const links = sealLines(
        lines.map(({ seq, text }) => ({ seq: Number(seq), text })),
        last,
        this.key,
      );
      const head = links.at(-1) ?? last;
      if (links.length > 0 && head !== undefined) {
        await tx.query(addSql, [JSON.stringify(links)]);
        await tx.query(keepHeadSql, [auditHeadKey, headText(head)]);
      }
      const more = lines.length === this.most;
      return { kind: 'sealed', head, more, unsealed: newest - (more ? (head?.seq ?? 0) : this.floor) };
    });
  }

  /**
   * A number is given out before its transaction commits, and transactions commit in any order: those that may hold one of
   * the numbers up to the newest are noted, and when all of them have ended nothing can come below it any more. No row is
   * sealed out of order, and none is skipped.
   */
  private async raiseFloor(): Promise<number> {
    const newest = await this.newest();
    if (newest === this.floor) return newest;
    // Another server, which had not heard of everything: what is known of this one's numbers holds no more.
    if (newest < this.floor) [this.floor, this.pending] = [0, undefined];
    const rows = await this.database.query<{ writer: string }>(writersSql);
    const writers = new Set(rows.map(({ writer }) => writer));
    this.pending ??= { upTo: newest, writers };
    if ([...this.pending.writers].every((one) => !writers.has(one))) {
      this.floor = this.pending.upTo;
      this.pending = undefined;
    }
    return newest;
  }

  private async newest(): Promise<number> {
    const [row] = await this.database.query<{ newest: number }>(newestSql);
    return Number(row?.newest ?? 0);
  }
}

async function lastOf(tx: Queryable): Promise<LastRow | undefined> {
  const [row] = await tx.query<LastRow>(lastSql);
  return row && { count: Number(row.count), seq: Number(row.seq), link: row.link };
}

/** A chain that does not end where it was seen to end must not be carried on as if nothing had happened. */
async function brokenBy(
  tx: Queryable,
  last: AuditHead | undefined,
  noted: AuditHead | undefined,
): Promise<string | undefined> {
  const kept = await readAuditHead(tx);
  if (!isSameHead(kept, last)) return 'the links do not end where the head that is kept beside them says';
  if (noted === undefined) return undefined;
  const [row] = await tx.query<{ link: string }>('select link from audit_links where count = $1', [noted.count]);
  return row?.link === noted.link ? undefined : `link ${noted.count}, which was noted, is gone or another one`;
}
