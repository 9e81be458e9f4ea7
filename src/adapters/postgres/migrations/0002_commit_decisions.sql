-- One call writes a batch of decisions with all that follows from them. A function, because under READ COMMITTED each of
-- its statements sees what was committed before it: locks are taken first, and what the locks protect is read after.
create type decision_commit as (
  decision_id text, event_id text, body_hash text, account_id text, type text,
  occurred_at timestamptz, decided_at timestamptz,
  outcome text, state text, score real,
  draft jsonb, inputs jsonb, sealed text, salt text,
  api_key_id text, requests_per_day integer,
  case_id text, case_due_at timestamptz, priority real, reason text, rules text[], verify text[], ring_id text,
  rescore boolean
);

create function access_rank(state text) returns integer language sql immutable
  return array_position(array['admitted', 'limited', 'held', 'denied'], state);

-- A batch names each account and each event id at most once. Locks are taken in one order (event ids, then accounts,
-- then API keys, each sorted), so that two batches wait for one another and never deadlock.
-- committed = false: the event id was decided before; body_hash and answer are the stored ones, nothing was written.
-- Plans are made once per connection, maybe while the tables were empty: they must use the indexes from then on.
create function commit_decisions(batch jsonb)
returns table (
  event_id text, committed boolean, body_hash text, answer jsonb,
  state text, version bigint, requests_per_day integer, changed boolean, case_id text
)
language plpgsql
set enable_seqscan to off
set enable_hashjoin to off
set enable_mergejoin to off
-- Planning anew takes longer than running, for a batch of a few.
set plan_cache_mode to force_generic_plan
set jit to off
as $$
#variable_conflict use_column
declare
  records decision_commit[];
  fresh decision_commit[];
  claimed text[];
  created text[];
  written integer;
begin
  select array_agg(r) into records from jsonb_populate_recordset(null::decision_commit, batch) r;

  -- The salt's key is the arbiter of the event id: a concurrent twin waits here until the first is committed or gone.
  with claims as (
    insert into envelope_salts (event_id, account_id, salt)
    select r.event_id, r.account_id, r.salt from unnest(records) r
    where not exists (select 1 from decisions d where d.event_id = r.event_id)
    order by r.event_id
    on conflict (event_id) do nothing
    returning envelope_salts.event_id
  )
  select coalesce(array_agg(c.event_id), '{}') into claimed from claims c;

  return query
    select d.event_id, false, d.body_hash, d.answer, null::text, null::bigint, null::integer, false, null::text
    from unnest(records) r join decisions d on d.event_id = r.event_id
    where r.event_id <> all (claimed);

  select array_agg(r) into fresh from unnest(records) r where r.event_id = any (claimed);
  if fresh is null then return; end if;

  with made as (
    insert into accounts (account_id, state, version, cause, requests_per_day, rescore_event_id, first_seen_at, changed_at)
    select r.account_id, r.state, 1, 'decision', case when r.state = 'limited' then r.requests_per_day end,
      case when r.rescore then r.event_id end, r.occurred_at, r.decided_at
    from unnest(fresh) r
    where not exists (select 1 from accounts a where a.account_id = r.account_id)
    order by r.account_id
    on conflict (account_id) do nothing
    returning accounts.account_id
  )
  select coalesce(array_agg(m.account_id), '{}') into created from made m;

  perform 1 from accounts a
  where a.account_id = any (array(select r.account_id from unnest(fresh) r))
  order by a.account_id for update;

  return query
  with stored as materialized (
    select r.*, a.state as old_state, a.version as old_version, a.requests_per_day as old_quota,
      r.account_id = any (created) as is_new,
      access_rank(r.state) > access_rank(a.state) as tightens,
      access_rank(r.state) >= access_rank(a.state) as carries,
      (select c.id from cases c where c.account_id = r.account_id and c.state <> 'decided') as undecided_case,
      exists (
        select 1 from cases c
        where c.account_id = r.account_id and c.state = 'decided' and c.decision = 'approve' and c.applied_at is null
      ) as approval_pending
    from unnest(fresh) r join accounts a on a.account_id = r.account_id
  ),
  judged as materialized (
    -- A held account has a case; one whose approval waits for its undo window is about to be free.
    select s.*, s.undecided_case is null and s.state = 'held' and s.carries
      and (s.is_new or s.tightens or not s.approval_pending) as opens
    from stored s
  ),
  settled as materialized (
    select s.*,
      case when s.tightens then s.state else s.old_state end as new_state,
      s.old_version + s.tightens::integer as new_version,
      case when not s.tightens then s.old_quota when s.state = 'limited' then s.requests_per_day end as new_quota,
      s.is_new or s.tightens as is_changed,
      case when s.opens then s.case_id else s.undecided_case end as final_case
    from judged s
  ),
  -- Access rests on the latest decision at least as strict as it: when that one missed inputs it is to be rescored.
  tightened as (
    update accounts a set
      state = s.new_state,
      version = s.new_version,
      cause = case when s.tightens then 'decision' else a.cause end,
      requests_per_day = s.new_quota,
      rescore_event_id = case when not s.carries then a.rescore_event_id when s.rescore then s.event_id end,
      first_seen_at = least(a.first_seen_at, s.occurred_at),
      changed_at = case when s.tightens then s.decided_at else a.changed_at end
    from settled s
    where a.account_id = s.account_id and not s.is_new and (
      s.tightens or s.occurred_at < a.first_seen_at
      or (s.carries and (s.rescore or a.rescore_event_id is not null))
    )
  ),
  announced as (
    insert into account_keys (api_key_id, account_id, announced_at)
    select s.api_key_id, s.account_id, s.decided_at from settled s
    where s.api_key_id is not null
    order by s.api_key_id, s.occurred_at
    on conflict (api_key_id) do nothing
  ),
  opened as (
    insert into cases (id, account_id, ring_id, decision_id, state, priority, score, reason, rules, verify, opened_at, due_at)
    select s.case_id, s.account_id, s.ring_id, s.decision_id, 'open', s.priority, s.score, s.reason, s.rules, s.verify,
      s.decided_at, s.case_due_at
    from settled s where s.opens
  ),
  entered as (
    insert into case_entries (case_id, at, actor, kind, detail)
    select s.case_id, s.decided_at, 'system', 'opened',
      jsonb_build_object('decision_id', s.decision_id, 'reason', s.reason)
    from settled s where s.opens
  ),
  recorded as (
    insert into decisions (id, event_id, body_hash, account_id, type, occurred_at, decided_at, outcome, score, answer, inputs, sealed)
    select s.decision_id, s.event_id, s.body_hash, s.account_id, s.type, s.occurred_at, s.decided_at, s.outcome, s.score,
      s.draft || jsonb_build_object(
        'access', jsonb_build_object('state', s.new_state, 'version', s.new_version)
          || case when s.new_state = 'limited' and s.new_quota is not null
            then jsonb_build_object('limits', jsonb_build_object('requests_per_day', s.new_quota)) else '{}' end,
        'case_id', s.final_case),
      s.inputs, s.sealed
    from settled s
  ),
  told as (
    insert into outbox (kind, subject, payload)
    select 'access_changed', s.account_id, jsonb_build_object(
      'account_id', s.account_id, 'from', case when not s.is_new then s.old_state end, 'to', s.new_state,
      'version', s.new_version, 'requests_per_day', s.new_quota, 'cause', 'decision', 'case_id', s.final_case,
      'decision_id', s.decision_id)
    from settled s where s.is_changed
    union all
    select 'case_opened', s.case_id, jsonb_build_object(
      'case_id', s.case_id, 'account_id', s.account_id, 'version', 1, 'reason', s.reason)
    from settled s where s.opens
  ),
  audited as (
    insert into audit (at, actor, kind, subject, detail)
    select s.decided_at, 'system', 'decision.recorded', s.account_id, jsonb_build_object(
      'decision_id', s.decision_id, 'event_id', s.event_id, 'outcome', s.outcome, 'state', s.new_state,
      'version', s.new_version, 'case_id', s.final_case)
    from settled s
  )
  select s.event_id, true, null::text, null::jsonb, s.new_state, s.new_version, s.new_quota, s.is_changed,
    s.final_case
  from settled s;

  get diagnostics written = row_count;
  -- An account was erased between its lock and its reading: nothing of this batch may stay.
  if written <> array_length(fresh, 1) then
    raise exception 'an account vanished while its decision was written' using errcode = 'serialization_failure';
  end if;
end
$$;
