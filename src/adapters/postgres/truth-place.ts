import type { TruthReading } from '../../gate/truth-mark.js';
import type { Database } from './database.js';

interface ReadingRow {
  is_standby: boolean;
  epoch: string | null;
  renewed_for: string | null;
  name: string;
  oid: string;
  seq: number;
  print: string;
  print_of_told: string | null;
}

const renewedForKey = 'epoch_renewed_for';

/** Nothing that an erasure changes. */
const printOf = `md5(extract(epoch from at)::text || ' ' || kind || ' ' || subject)`;

const readingSql = `select pg_is_in_recovery() as is_standby, d.datname as name, d.oid::text as oid,
    (select value from meta where key = 'epoch') as epoch,
    (select value from meta where key = '${renewedForKey}') as renewed_for,
    coalesce(n.seq, 0) as seq, coalesce(n.print, '') as print,
    (select ${printOf} from audit where seq = $1) as print_of_told
  from pg_database d
  left join (select seq, ${printOf} as print from audit order by seq desc limit 1) n on true
  where d.datname = current_database()`;

const clusterSql = `select system_identifier::text || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) as cluster
  from pg_control_system()`;

const renewSql = `with renewed as (
    update meta set value = $2 where key = 'epoch' and value = $1 returning 1
  ), noted as (
    insert into meta (key, value) select '${renewedForKey}', $3 from renewed
    on conflict (key) do update set value = excluded.value
  )
  select count(*) as renewed from renewed`;

/** Which database this is, and how far it has come. */
export class SqlTruthPlace {
  private isRefused = false;

  constructor(private readonly database: Database) {}

  /** Undefined from a server that only follows another: it is behind at any time, and nothing can be written there. */
  async read(toldSeq: number): Promise<TruthReading | undefined> {
    const [row] = await this.database.query<ReadingRow>(readingSql, [toldSeq]);
    if (row === undefined || row.is_standby || row.epoch === null) return undefined;
    return {
      epoch: row.epoch,
      renewedFor: row.renewed_for ?? undefined,
      place: `${await this.cluster()}/${row.oid}`,
      name: row.name,
      newest: { seq: row.seq, print: row.print },
      printOfTold: row.print_of_told ?? undefined,
    };
  }

  /** False where another instance was first. */
  async renewEpoch(from: string, to: string, because: string): Promise<boolean> {
    const [row] = await this.database.query<{ renewed: number }>(renewSql, [from, to, because]);
    return row?.renewed === 1;
  }

  /** Hosted servers may keep it to themselves: then the rows alone tell, and it is not asked again. */
  private async cluster(): Promise<string> {
    if (this.isRefused) return '';
    try {
      const [row] = await this.database.query<{ cluster: string }>(clusterSql);
      return row?.cluster ?? '';
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.isRefused = true;
      return '';
    }
  }
}

/** No right to call it, no such function, not supported. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['42501', '42883', '0A000'].includes(String(error.code));
