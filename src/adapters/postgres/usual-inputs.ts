import type { Usual, UsualInput, UsualInputs, UsualQuery } from '../../decisions/usual-inputs.js';
import { toIso } from '../../model/time.js';
import type { Value } from '../../model/value.js';
import type { Queryable } from './database.js';

interface UsualRow {
  name: string;
  value: Value;
  admitted: string | number;
  since: Date | null;
  known: string | number;
  same: string | number;
  at_least: string | number;
  range: number[] | null;
}

/** Adding nothing unpacks what a decision saw once, not once for each name. */
const usualSql = `with seen as materialized (
    select d.inputs || '{}'::jsonb as inputs, d.decided_at
    from (
      select account_id, inputs, decided_at from decisions
      where decided_at < $1 and type = $2 and outcome = 'allow' order by decided_at desc limit $3
    ) d
    join accounts a on a.account_id = d.account_id and a.state = 'admitted'
  ), asked as (
    select name, value, case when jsonb_typeof(value) = 'number' then value::float8 end as number, place
    from rows from (jsonb_to_recordset($4::jsonb) as (name text, value jsonb)) with ordinality as asked (name, value, place)
  ), known as (
    select asked.*, seen.decided_at, seen.inputs -> asked.name as found,
      case when number is not null and jsonb_typeof(seen.inputs -> asked.name) = 'number'
        then (seen.inputs -> asked.name)::float8 end as found_number
    from asked left join seen on true
  )
  select name, value, count(decided_at) as admitted, min(decided_at) as since, count(found) as known,
    count(*) filter (where found = value) as same,
    count(*) filter (where found_number >= number) as at_least,
    percentile_disc(array[0.05, 0.5, 0.95]) within group (order by found_number) as range
  from known group by name, value, place order by place`;

/** Read when a reviewer asks: give it the patient connection. */
export class SqlUsualInputs implements UsualInputs {
  constructor(private readonly database: Queryable) {}

  async among({ type, before, values, limit }: UsualQuery): Promise<Usual> {
    const asked = Object.entries(values).map(([name, value]) => ({ name, value }));
    const rows = await this.database.query<UsualRow>(usualSql, [toIso(before), type, limit, JSON.stringify(asked)]);
    const [first] = rows;
    return {
      admitted: Number(first?.admitted ?? 0),
      since: first?.since?.getTime(),
      inputs: rows.map(inputOf),
    };
  }
}

function inputOf({ name, value, known, same, at_least, range }: UsualRow): UsualInput {
  const [low, median, high] = range ?? [];
  const isKnown = low !== undefined && median !== undefined && high !== undefined && low !== null;
  return {
    name,
    value,
    known: Number(known),
    same: Number(same),
    range: isKnown ? { low, median, high, atLeast: Number(at_least) } : null,
  };
}
