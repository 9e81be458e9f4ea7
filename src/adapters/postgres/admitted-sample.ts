import type { AdmittedInputs, AdmittedQuery, AdmittedSample } from '../../decisions/usual-inputs.js';
import { toIso } from '../../model/time.js';
import type { Value } from '../../model/value.js';
import type { Queryable } from './database.js';

interface SampleRow {
  decided_at: Date;
  values: (Value | null)[] | null;
}

/** Adding nothing unpacks what a decision saw once, not once for each name. */
const sampleSql = `select d.decided_at,
    (select jsonb_agg(seen.inputs -> asked.name order by asked.place)
      from (select d.inputs || '{}'::jsonb as inputs offset 0) seen, unnest($4::text[]) with ordinality asked (name, place)) as values
  from (
    select account_id, inputs, decided_at from decisions
    where decided_at < $1 and type = $2 and outcome = 'allow' order by decided_at desc limit $3
  ) d
  join accounts a on a.account_id = d.account_id and a.state = 'admitted'
  order by d.decided_at desc`;

/** Read when a reviewer asks: give it the patient connection. */
export class SqlAdmittedSample implements AdmittedSample {
  constructor(private readonly database: Queryable) {}

  async latest({ type, before, names, limit }: AdmittedQuery): Promise<readonly AdmittedInputs[]> {
    const rows = await this.database.query<SampleRow>(sampleSql, [toIso(before), type, limit, names]);
    return rows.map(({ decided_at, values }) => ({ decidedAt: decided_at.getTime(), values: values ?? [] }));
  }
}
