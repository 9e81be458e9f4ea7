import { AccountSketch } from '../../evaluate/account-sketch.js';
import { type CountedException, countNames, hourMs, noCounts, type RuleCounts } from '../../evaluate/rule-counts.js';
import type {
  CountBatch,
  RecordedFuse,
  RuleLedger,
  RuleState,
  RuleStateSince,
  RuleTotal,
} from '../../evaluate/rule-ledger.js';
import { type Instant, toIso } from '../../model/time.js';
import type { Database } from './database.js';

const columnOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const columns = countNames.map(columnOf);

/** Hour 0 is the sum of all hours: it is written with each, so that nobody adds up months. */
const addSql = `with fresh as (
    insert into rule_count_writers (writer, batch) values ($1, $2)
    on conflict (writer) do update set batch = excluded.batch, written_at = now()
      where rule_count_writers.batch < excluded.batch
    returning 1
  ),
  counted as (
    select rule, definition, hour, last_fired_at, ${columns.join(', ')}
    from jsonb_to_recordset($3::jsonb) as r(rule text, definition text, hour timestamptz, last_fired_at timestamptz,
      ${columns.map((column) => `${column} bigint`).join(', ')})
    where exists (select 1 from fresh)
  ),
  both_hours as (
    select * from counted
    union all
    select rule, definition, 'epoch'::timestamptz, max(last_fired_at), ${columns.map((column) => `sum(${column})`).join(', ')}
    from counted group by rule, definition
  ),
  summed as (
    insert into rule_counts (rule, definition, hour, last_fired_at, ${columns.join(', ')})
    select rule, definition, hour, max(last_fired_at), ${columns.map((column) => `sum(${column})`).join(', ')}
    from both_hours group by rule, definition, hour order by rule, definition, hour
    on conflict (rule, definition, hour) do update set
      last_fired_at = greatest(rule_counts.last_fired_at, excluded.last_fired_at), written_at = now(),
      ${columns.map((column) => `${column} = rule_counts.${column} + excluded.${column}`).join(', ')}
  ),
  excepted as (
    insert into rule_exception_uses (rule, definition, exception, uses, last_used_at)
    select rule, definition, exception, sum(uses), max(last_used_at)
    from jsonb_to_recordset($4::jsonb) as e(rule text, definition text, exception integer, uses bigint, last_used_at timestamptz)
    where exists (select 1 from fresh)
    group by rule, definition, exception order by rule, definition, exception
    on conflict (rule, definition, exception) do update set uses = rule_exception_uses.uses + excluded.uses,
      last_used_at = greatest(rule_exception_uses.last_used_at, excluded.last_used_at)
  )
  insert into account_sketches (hour, writer, registers)
  select hour, $1, registers from jsonb_to_recordset($5::jsonb) as s(hour timestamptz, registers text)
  on conflict (hour, writer) do update set registers = excluded.registers`;

const totalsSql = (where: string, group: boolean): string =>
  `select rule, definition, ${columns.map((column) => (group ? `sum(${column})::float8 as ${column}` : `${column}::float8`)).join(', ')},
    ${group ? 'max(last_fired_at) as last_fired_at' : 'last_fired_at'}
  from rule_counts where ${where}${group ? ' group by rule, definition' : ''}`;

const announceSql = `insert into rule_states (rule, definition, mode, defined_at, mode_since)
  select rule, definition, mode, $2, $2 from jsonb_to_recordset($1::jsonb) as s(rule text, definition text, mode text)
  order by rule
  on conflict (rule) do update set definition = excluded.definition, mode = excluded.mode,
    defined_at = case when rule_states.definition = excluded.definition then rule_states.defined_at else excluded.defined_at end,
    mode_since = case when rule_states.definition = excluded.definition and rule_states.mode = excluded.mode
      then rule_states.mode_since else excluded.mode_since end
  where rule_states.definition <> excluded.definition or rule_states.mode <> excluded.mode`;

const blowSql = `with blown as (
    insert into rule_fuses (rule, definition, blown_at, hits, events, instance) values ($1, $2, $3, $4, $5, $6)
    on conflict (rule, definition) do update set blown_at = excluded.blown_at, hits = excluded.hits,
      events = excluded.events, instance = excluded.instance, reset_at = null, reset_by = null
      where rule_fuses.reset_at is not null and rule_fuses.reset_at < excluded.blown_at
    returning rule, definition, hits, events, instance, blown_at
  ),
  told as (
    insert into outbox (kind, subject, payload)
    select 'rule_fuse_blown', rule, jsonb_build_object('rule', rule, 'definition', definition, 'hits', hits,
      'events', events, 'instance', instance, 'blown_at', $7::text) from blown
  ),
  audited as (
    insert into audit (at, actor, kind, subject, detail)
    select blown_at, 'system', 'rule.fuse_blown', rule, jsonb_build_object('definition', definition, 'hits', hits,
      'events', events, 'instance', instance) from blown
  )
  select 1 from blown`;

const resetSql = `with whole as (
    update rule_fuses set reset_at = $3, reset_by = $2 where rule = $1 and reset_at is null returning rule, definition
  ),
  audited as (
    insert into audit (at, actor, kind, subject, detail)
    select $3, $2, 'rule.fuse_reset', rule, jsonb_build_object('definition', definition) from whole
  )
  select 1 from whole`;

type TotalRow = { rule: string; definition: string; last_fired_at: Date | null } & Record<string, unknown>;

interface ExceptionRow {
  rule: string;
  definition: string;
  exception: number;
  uses: number;
  last_used_at: Date;
}

interface StateRow {
  rule: string;
  definition: string;
  mode: string;
  defined_at: Date;
  mode_since: Date;
}

interface FuseRow {
  rule: string;
  definition: string;
  blown_at: Date;
  hits: number;
  events: number;
  instance: string;
}

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));
const hourOf = (at: Instant): string => toIso(Math.floor(at / hourMs) * hourMs);

function rowOf({ lastFiredAt, ...counts }: Readonly<RuleCounts>): Record<string, unknown> {
  const named = Object.entries(counts).map(([name, value]) => [columnOf(name), value]);
  return { ...Object.fromEntries(named), last_fired_at: isoOrNull(lastFiredAt) };
}

function totalOf(row: TotalRow): RuleTotal {
  const counts = noCounts();
  for (const name of countNames) counts[name] = Number(row[columnOf(name)]);
  counts.lastFiredAt = row.last_fired_at?.getTime() ?? null;
  return { rule: row.rule, definition: row.definition, counts };
}

/** On PostgreSQL and PGlite alike. */
export class SqlRuleLedger implements RuleLedger {
  constructor(private readonly database: Database) {}

  async add({ writer, batch, rules, exceptions, accounts }: CountBatch): Promise<void> {
    const counted = rules.map(({ counts, hour, ...of }) => ({ ...of, hour: toIso(hour), ...rowOf(counts) }));
    const used = exceptions.map(({ lastUsedAt, ...of }) => ({ ...of, last_used_at: toIso(lastUsedAt) }));
    const sketches = accounts.map(({ hour, sketch }) => ({ hour: toIso(hour), registers: sketch.text() }));
    await this.database.query(addSql, [
      writer,
      batch,
      ...[counted, used, sketches].map((rows) => JSON.stringify(rows)),
    ]);
  }

  async totals(since: Instant | null): Promise<readonly RuleTotal[]> {
    const rows =
      since === null
        ? await this.database.query<TotalRow>(totalsSql("hour = 'epoch'", false))
        : await this.database.query<TotalRow>(totalsSql("hour >= $1 and hour > 'epoch'", true), [hourOf(since)]);
    return rows.map(totalOf);
  }

  async exceptionUses(): Promise<readonly CountedException[]> {
    const rows = await this.database.query<ExceptionRow>(
      'select rule, definition, exception, uses, last_used_at from rule_exception_uses',
    );
    return rows.map(({ last_used_at, ...row }) => ({ ...row, lastUsedAt: last_used_at.getTime() }));
  }

  async evaluatedAccounts(since: Instant): Promise<number> {
    const rows = await this.database.query<{ registers: string }>(
      'select registers from account_sketches where hour >= $1',
      [hourOf(since)],
    );
    const all = AccountSketch.empty();
    for (const { registers } of rows) all.merge(AccountSketch.read(registers));
    return all.estimate();
  }

  async announce(states: readonly RuleState[], at: Instant): Promise<void> {
    await this.database.query(announceSql, [JSON.stringify(states), toIso(at)]);
  }

  async states(): Promise<readonly RuleStateSince[]> {
    const rows = await this.database.query<StateRow>('select * from rule_states');
    return rows.map(({ defined_at, mode_since, ...row }) => ({
      ...row,
      definedAt: defined_at.getTime(),
      modeSince: mode_since.getTime(),
    }));
  }

  async blow({ rule, definition, at, hits, events, instance }: RecordedFuse): Promise<boolean> {
    const iso = toIso(at);
    return (await this.database.query(blowSql, [rule, definition, iso, hits, events, instance, iso])).length > 0;
  }

  async blownFuses(): Promise<readonly RecordedFuse[]> {
    const rows = await this.database.query<FuseRow>(
      'select rule, definition, blown_at, hits, events, instance from rule_fuses where reset_at is null',
    );
    return rows.map(({ blown_at, ...row }) => ({ ...row, at: blown_at.getTime() }));
  }

  async resetFuse(rule: string, actor: string, at: Instant): Promise<boolean> {
    return (await this.database.query(resetSql, [rule, actor, toIso(at)])).length > 0;
  }

  async forget(before: Instant): Promise<void> {
    const at = toIso(before);
    await this.database.query("delete from rule_counts where hour < $1 and hour > 'epoch'", [at]);
    await this.database.query('delete from rule_counts where written_at < $1', [at]);
    await this.database.query('delete from rule_exception_uses where last_used_at < $1', [at]);
    await this.database.query('delete from rule_count_writers where written_at < $1', [at]);
    await this.database.query('delete from account_sketches where hour < $1', [at]);
  }
}
