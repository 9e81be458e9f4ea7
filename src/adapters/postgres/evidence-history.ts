import type { EvidenceHistory, EvidenceRecord, EvidenceTraces } from '../../evaluate/evidence-history.js';
import { type Evidence, identifyingKinds } from '../../model/evidence.js';
import type { RingTrace } from '../../model/ring.js';
import { toIso } from '../../model/time.js';
import type { Queryable } from './database.js';

interface EvidenceRow {
  id: string;
  account_id: string;
  finished_at: Date;
  evidence: Evidence;
}

/** SQL: whoever checked this verification said `passed`. */
export const isProof = (row: string): string => `(${row}.state = 'passed' or ${row}.shared_by is not null)`;

const columns = 'v.id, v.account_id, v.finished_at, v.evidence';
const getSql = `select ${columns} from verifications v
  where v.id = $1 and ${isProof('v')} and v.evidence <> '{}'::jsonb`;
const pageSql = `select ${columns} from verifications v
  where ${isProof('v')} and v.evidence <> '{}'::jsonb and (v.finished_at, v.id) > ($1::timestamptz, $2)
  order by v.finished_at, v.id limit $3`;
const sharingSql = `select v.account_id from verifications v
  where v.evidence @> any($2::jsonb[]) and v.account_id <> $1 and ${isProof('v')}
  group by v.account_id order by max(v.finished_at) desc, v.account_id limit $3`;
const keepSql = `insert into evidence_traces (id, account_id, at, trace) values ($1, $2, $3, $4::jsonb)
  on conflict (id) do nothing`;

const recordOf = ({ id, account_id, finished_at, evidence }: EvidenceRow): EvidenceRecord => ({
  id,
  accountId: account_id,
  at: finished_at.getTime(),
  evidence,
});

/** What verifications showed, in the truth. */
export class SqlEvidenceHistory implements EvidenceHistory, EvidenceTraces {
  constructor(private readonly database: Queryable) {}

  async get(id: string): Promise<EvidenceRecord | undefined> {
    const [row] = await this.database.query<EvidenceRow>(getSql, [id]);
    return row && recordOf(row);
  }

  async page(after: Pick<EvidenceRecord, 'at' | 'id'>, limit: number): Promise<readonly EvidenceRecord[]> {
    return (await this.database.query<EvidenceRow>(pageSql, [toIso(after.at), after.id, limit])).map(recordOf);
  }

  async sharing({ accountId, evidence }: EvidenceRecord, limit: number): Promise<readonly string[]> {
    const wanted = identifyingKinds(evidence).map((kind) => JSON.stringify({ [kind]: evidence[kind] }));
    if (wanted.length === 0) return [];
    const rows = await this.database.query<{ account_id: string }>(sharingSql, [accountId, wanted, limit]);
    return rows.map(({ account_id }) => account_id);
  }

  async keep({ id, accountId, at }: EvidenceRecord, trace: RingTrace): Promise<void> {
    await this.database.query(keepSql, [id, accountId, toIso(at), JSON.stringify(trace)]);
  }
}
