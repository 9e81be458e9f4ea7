const caseColumns = [
  'state',
  'priority',
  'claimed_by',
  'claim_number',
  'lease_until',
  'snoozed_until',
  'decision',
  'decided_by',
  'decided_at',
  'effective_at',
  'applied_at',
  'version',
  'job_version',
];

const assign = (columns: readonly string[]): string => columns.map((name) => `${name} = excluded.${name}`).join(', ');

/** $1: what `changesJson` makes. One statement, so one round trip inside the transaction that holds the locks. */
export const writeChanges = `
with given as (select $1::jsonb as j),
saved_account as (
  update accounts a set state = r.state, version = r.version, cause = r.cause, requests_per_day = r.requests_per_day,
    verified = r.verified, cleared_rules = r.cleared_rules, label = r.label, changed_at = r.changed_at
  from given, jsonb_populate_recordset(null::accounts, j->'accounts') r where a.account_id = r.account_id
),
saved_cases as (
  insert into cases select r.* from given, jsonb_populate_recordset(null::cases, j->'cases') r
  on conflict (id) do update set ${assign(caseColumns)}
),
saved_verifications as (
  insert into verifications select r.* from given, jsonb_populate_recordset(null::verifications, j->'verifications') r
  on conflict (id) do update set ${assign(['state', 'evidence', 'finished_at', 'actor'])}
),
new_entries as (
  insert into case_entries (case_id, at, actor, kind, detail)
  select r.case_id, r.at, r.actor, r.kind, r.detail
  from given, jsonb_populate_recordset(null::case_entries, j->'entries') r
),
new_labels as (
  insert into labels (account_id, label, source, observed_at, recorded_at, actor)
  select r.account_id, r.label, r.source, r.observed_at, r.recorded_at, r.actor
  from given, jsonb_populate_recordset(null::labels, j->'labels') r
),
new_messages as (
  insert into outbox (kind, subject, payload, not_before)
  select r.kind, r.subject, r.payload, coalesce(r.not_before, now())
  from given, jsonb_populate_recordset(null::outbox, j->'outbox') r
)
insert into audit (at, actor, kind, subject, detail)
select r.at, r.actor, r.kind, r.subject, r.detail from given, jsonb_populate_recordset(null::audit, j->'audit') r`;

/** $1: account, $2: the source whose labels an undo takes back. */
export const withdrawLabels = `
with gone as (delete from labels where account_id = $1 and source = $2)
update outbox set done_at = now()
where done_at is null and kind = 'label_recorded' and subject = $1 and payload->>'source' = $2`;

export const lockAccount = 'select * from accounts where account_id = $1 for update';
export const lockCase = 'select * from cases where id = $1 for update';
/** The undecided case, else the latest whose approval waits for the end of its undo window. */
export const lockCaseOfAccount = `select * from cases where account_id = $1 and (state <> 'decided' or applied_at is null)
  order by (state = 'decided'), id desc limit 1 for update`;
export const lockNextCase = `select * from cases
  where state <> 'decided'
    and (state = 'open' or (state = 'claimed' and lease_until <= $1) or (state = 'snoozed' and snoozed_until <= $1))
  order by priority desc, id limit 1 for update skip locked`;
export const otherUndecided = "select 1 from cases where account_id = $1 and id <> $2 and state <> 'decided' limit 1";
export const dueApprovals = `select id from cases
  where state = 'decided' and applied_at is null and effective_at <= $1 order by effective_at limit $2`;

/** $1: account, $2 and $3: from when to when. The latest decisions are enough: older ones say the same or are past. */
export const hitRules = `select distinct r->>'rule' as rule from (
    select answer from decisions where account_id = $1 and decided_at between $2 and $3 order by id desc limit 200
  ) d, jsonb_array_elements(d.answer->'reasons') r`;
