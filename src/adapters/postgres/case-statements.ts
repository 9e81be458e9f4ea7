import { laneScoreBelow } from '../../cases/fair-lane.js';
import { stateAsOf } from './case-state.js';

/** Set when the case is opened, and never again. */
const lastingCaseColumns = [
  'id',
  'account_id',
  'ring_id',
  'whole_ring',
  'decision_id',
  'score',
  'reason',
  'rules',
  'verify',
  'opened_at',
];
const caseColumns = [
  'state',
  'due_at',
  'priority',
  'claimed_by',
  'assigned_to',
  'escalated_at',
  'breached_at',
  'barred_actor',
  'appealed_at',
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
  'settling',
  'member_label',
  'fraud_labelled',
];

const lastingVerificationColumns = ['id', 'account_id', 'case_id', 'method', 'requested_at'];
const verificationColumns = ['state', 'evidence', 'finished_at', 'actor', 'shared_by'];
const memberColumns = ['joined_at', 'left_at', 'denied_version'];
const batchColumns = ['result', 'at', 'from_state', 'from_quota', 'from_probation', 'version', 'case_id'];

const assign = (columns: readonly string[]): string => columns.map((name) => `${name} = excluded.${name}`).join(', ');

/**
 * Inserts what is given, with its columns by name: one that only a later version knows gets its default, where `select r.*`
 * would write a null into it.
 */
const insertGiven = (table: string, key: string, columns: readonly string[]): string =>
  `insert into ${table} (${columns.join(', ')})
  select ${columns.map((name) => `r.${name}`).join(', ')} from given, jsonb_populate_recordset(null::${table}, j->'${key}') r`;

/** $1: what `changesJson` makes. One statement, so one round trip inside the transaction that holds the locks. */
export const writeChanges = `
with given as (select $1::jsonb as j),
saved_account as (
  update accounts a set state = r.state, version = r.version, cause = r.cause, requests_per_day = r.requests_per_day,
    verified = r.verified, probation = r.probation, cleared_rules = r.cleared_rules, label = r.label, changed_at = r.changed_at
  from given, jsonb_populate_recordset(null::accounts, j->'accounts') r where a.account_id = r.account_id
),
saved_cases as (
  ${insertGiven('cases', 'cases', [...lastingCaseColumns, ...caseColumns])}
  on conflict (id) do update set ${assign(caseColumns)}
),
saved_verifications as (
  ${insertGiven('verifications', 'verifications', [...lastingVerificationColumns, ...verificationColumns])}
  on conflict (id) do update set ${assign(verificationColumns)}
  where verifications.account_id = excluded.account_id
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
saved_members as (
  ${insertGiven('case_accounts', 'members', ['case_id', 'account_id', ...memberColumns])}
  on conflict (case_id, account_id) do update set ${assign(memberColumns)}
),
saved_batch_accounts as (
  insert into access_batch_accounts (batch_id, account_id, joined_at, result, at, from_state, from_quota, from_probation, version,
    case_id)
  select r.batch_id, r.account_id, r.at, r.result, r.at, r.from_state, r.from_quota, r.from_probation, r.version, r.case_id
  from given, jsonb_populate_recordset(null::access_batch_accounts, j->'batch_accounts') r
  on conflict (batch_id, account_id) do update set ${assign(batchColumns)}
),
-- Free again, they are judged again as before, from their first events on.
rescheduled as (
  insert into rescores (account_id, due_at, not_before)
  select a.account_id, a.first_seen_at, a.first_seen_at
  from given, jsonb_populate_recordset(null::access_batch_accounts, j->'batch_accounts') r
  join accounts a on a.account_id = r.account_id
  where r.result = 'restored'
  on conflict (account_id) do nothing
),
new_batches as (
  insert into access_batches (id, kind, ring_id, decision_id, state, created_at, not_before)
  select r.id, 'retro_hold', r.ring_id, r.decision_id, 'planned', r.created_at, now()
  from given, jsonb_populate_recordset(null::access_batches, j->'batches') r
  on conflict (ring_id) where kind = 'retro_hold' do nothing
  returning id, ring_id, decision_id
),
new_detections as (
  insert into outbox (kind, subject, payload)
  select 'ring_detected', b.ring_id,
    jsonb_build_object('ring_id', b.ring_id, 'decision_id', b.decision_id, 'batch_id', b.id)
  from new_batches b
),
new_messages as (
  insert into outbox (kind, subject, payload, not_before)
  select r.kind, r.subject, r.payload, coalesce(r.not_before, now())
  from given, jsonb_populate_recordset(null::outbox, j->'outbox') r
)
insert into audit (at, actor, kind, subject, detail)
select r.at, r.actor, r.kind, r.subject, r.detail from given, jsonb_populate_recordset(null::audit, j->'audit') r`;

/** $1: accounts, $2: the source whose labels an undo takes back. */
export const withdrawLabels = `
with gone as (delete from labels where account_id = any($1::text[]) and source = $2)
update outbox set done_at = now()
where done_at is null and kind = 'label_recorded' and subject = any($1::text[]) and payload->>'source' = $2`;

/** $1: an id that may not be in the table yet, so that there is no row to lock. */
export const lockVerificationId = `select pg_advisory_xact_lock(hashtextextended('verification:' || $1, 0))`;
export const verificationOfAnother = 'select 1 from verifications where id = $1 and account_id <> $2';
export const lockAccount = 'select * from accounts where account_id = $1 for update';
export const lockCase = 'select * from cases where id = $1 for update';
/**
 * The undecided case, its own or its ring's, else the latest whose approval waits for the end of its undo window. A ring's
 * case is its first account's only while that one is a member.
 */
export const lockCaseOfAccount = `select * from cases where id = (
    select id from (
      select id, state from cases
      where account_id = $1 and not whole_ring and (state <> 'decided' or applied_at is null)
      union all
      select c.id, c.state from case_accounts m join cases c on c.id = m.case_id
      where m.account_id = $1 and m.left_at is null and (c.state <> 'decided' or c.applied_at is null)
    ) found order by (state = 'decided'), id desc limit 1
  ) for update`;
/** Its place in a ring's case, and whether another account is in it. */
export const memberOfCase = `select m.*, not exists (
    select 1 from case_accounts o where o.case_id = m.case_id and o.left_at is null and o.account_id <> m.account_id
  ) as is_last
  from case_accounts m where m.case_id = $2 and m.account_id = $1 and m.left_at is null`;
/** $1: now, $2: who picks, $3: whether that is a senior. */
const pickable = `state <> 'decided'
    and ${stateAsOf('$1').open}
    and (assigned_to is null or assigned_to = $2) and (escalated_at is null or $3)
    and barred_actor is distinct from $2`;
export const lockNextCase = `select * from cases where ${pickable}
  order by waits_from, id limit 1 for update skip locked`;
/** One that awaits the answer of a verification has nothing for a person to do yet. */
export const lockNextOfLane = `select * from cases c where ${pickable}
    and ring_id is null and score < ${laneScoreBelow} and not exists (
      select 1 from verifications v where v.case_id = c.id and v.state = 'requested'
    )
  order by opened_at, id limit 1 for update of c skip locked`;
export const unbreached = `select id from cases
  where state <> 'decided' and breached_at is null and due_at <= $1 order by due_at limit $2`;
/** $1: account, $2: case, $3: the ring when the case is a ring's. */
export const otherUndecided = `select 1 from cases
  where id <> $2 and state <> 'decided'
    and case when $3::text is null then account_id = $1 and not whole_ring else whole_ring and ring_id = $3 end
  union all
  select 1 from case_accounts m join cases c on c.id = m.case_id
  where $3::text is null and m.account_id = $1 and m.left_at is null and c.id <> $2 and c.state <> 'decided'
  limit 1`;
export const dueApprovals = `select id from cases
  where (state = 'decided' and applied_at is null and effective_at <= $1)
    or (settling and (effective_at is null or effective_at <= $1))
  order by effective_at nulls first limit $2`;

/** $1: account, $2 and $3: from when to when. The latest decisions are enough: older ones say the same or are past. */
export const hitRules = `select distinct r->>'rule' as rule from (
    select answer from decisions where account_id = $1 and decided_at between $2 and $3 order by id desc limit 200
  ) d, jsonb_array_elements(d.answer->'reasons') r`;

export const lastDecision = `select id, answer->'ring'->>'id' as ring_id from decisions
  where account_id = $1 order by id desc limit 1`;

/** $1: account. Beyond that many, the latest say enough. */
export const limits = `select d.answer->'verify' as verify,
    array(select r->>'rule' from jsonb_array_elements(d.answer->'reasons') r) as rules
  from accounts a join decisions d on d.account_id = a.account_id
  where a.account_id = $1 and a.state = 'limited' and a.cause = 'decision' and not a.probation
    and a.rescore_event_id is null and d.outcome = 'limit' and d.decided_at >= a.changed_at
  order by d.id desc limit 200`;

/** $3: after this id. Accounts whose row is gone (erased) have nothing to be told. */
export const membersLeft = {
  current: membersWhere('true'),
  not_denied: membersWhere('m.denied_version is null'),
  denied: membersWhere('m.denied_version is not null'),
} as const;

function membersWhere(condition: string): string {
  return `select m.account_id from case_accounts m join accounts a on a.account_id = m.account_id
    where m.case_id = $1 and m.left_at is null and m.account_id > $3 and ${condition} order by m.account_id limit $2`;
}

export const lockAccounts = 'select * from accounts where account_id = any($1::text[]) order by account_id for update';
export const accountsOfCases = 'select distinct account_id from cases where id = any($1::text[])';
export const lockCases = 'select * from cases where id = any($1::text[]) order by id for update';
export const verificationsAmong = `select * from verifications where account_id = any($1::text[])
  order by requested_at, id`;
export const lockRingCase = `select * from cases
  where ring_id = $1 and whole_ring and state <> 'decided' for update`;
/** $1: accounts, $2: a ring's case. */
export const membersAmong = `select * from case_accounts
  where case_id = $2 and account_id = any($1::text[]) and left_at is null`;
export const otherMembers = `select 1 from case_accounts
  where case_id = $2 and left_at is null and account_id <> all($1::text[]) limit 1`;
export const batchResults =
  'select account_id, result from access_batch_accounts where batch_id = $2 and account_id = any($1::text[])';
export const heldSince = "select count(*) as count from access_batch_accounts where result = 'held' and at > $1";
/** $1: accounts, $2: a batch. */
export const closedByBatch = `select c.* from access_batch_accounts r join cases c on c.id = r.case_id
  where r.batch_id = $2 and r.account_id = any($1::text[])`;
export const unappliedAmong = `select c.*, c.account_id as of_account from cases c
  where c.account_id = any($1::text[]) and not c.whole_ring and (c.state <> 'decided' or c.applied_at is null)
  union all
  select c.*, m.account_id from case_accounts m join cases c on c.id = m.case_id
  where m.account_id = any($1::text[]) and m.left_at is null and c.state <> 'decided'`;
export const labelsAmong = 'select * from labels where account_id = any($1::text[]) order by id';
export const hitRulesAmong = `select a.id as account_id, h.rule from unnest($1::text[]) a (id)
  cross join lateral (
    select distinct r->>'rule' as rule from (
      select answer from decisions where account_id = a.id order by id desc limit 200
    ) d, jsonb_array_elements(d.answer->'reasons') r
  ) h`;
