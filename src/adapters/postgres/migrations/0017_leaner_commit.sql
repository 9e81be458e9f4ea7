-- The commit by itself says what rows of the queue show, and tells who listens: as triggers, the one wrote each new case and
-- all of its indexes a second time, the other kept a copy of every decision of a batch.

create or replace function commit_decisions(batch jsonb)
returns table (
  event_id text, committed boolean, body_hash text, answer jsonb,
  state text, version bigint, requests_per_day integer, changed boolean, case_id text, probation boolean
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
  is_told boolean;
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
    select d.event_id, false, d.body_hash, d.answer, null::text, null::bigint, null::integer, false, null::text, false
    from unnest(records) r join decisions d on d.event_id = r.event_id
    where r.event_id <> all (claimed);

  select array_agg(r) into fresh from unnest(records) r where r.event_id = any (claimed);
  if fresh is null then return; end if;

  with made as (
    insert into accounts (account_id, state, version, cause, requests_per_day, rescore_event_id, first_seen_at, changed_at,
      probation, first_payment_at)
    select r.account_id, case when p.applies then 'limited' else r.state end, 1, 'decision',
      case when p.applies then r.probation_quota when r.state = 'limited' then r.requests_per_day end,
      case when r.rescore then r.event_id end, r.occurred_at, r.decided_at, p.applies, r.paid_at
    from unnest(fresh) r
    cross join lateral (select r.state = 'admitted' and r.probation_quota is not null as applies) p
    where not exists (select 1 from accounts a where a.account_id = r.account_id)
    order by r.account_id
    on conflict (account_id) do nothing
    returning accounts.account_id
  )
  select coalesce(array_agg(m.account_id), '{}') into created from made m;

  perform 1 from accounts a
  where a.account_id = any (array(select r.account_id from unnest(fresh) r))
  order by a.account_id for update;

  -- Only a hold in a ring pays for this. A concurrent opening of the same ring's case is waited for, then joined.
  if exists (select 1 from unnest(fresh) r where r.state = 'held' and r.ring_id is not null) then
    insert into cases (id, account_id, ring_id, decision_id, state, priority, score, reason, rules, verify, opened_at,
      due_at, whole_ring, title, country, network, email_domain)
    select distinct on (r.ring_id) r.case_id, r.account_id, r.ring_id, r.decision_id, 'open', r.priority, r.score, r.reason,
      r.rules, r.verify, r.decided_at, r.case_due_at, true, left(r.draft->'reasons'->0->>'title', 300),
      left(r.inputs->>'ip.country', 2), 'AS' || (r.inputs->>'ip.asn'), left(r.inputs->>'email.domain', 253)
    from unnest(fresh) r join accounts a on a.account_id = r.account_id
    where r.state = 'held' and r.ring_id is not null and r.detects_ring and a.state <> 'denied'
      and not exists (select 1 from cases c where c.ring_id = r.ring_id and c.whole_ring and c.state <> 'decided')
      and not exists (
        select 1 from cases c where c.account_id = r.account_id and not c.whole_ring and (c.state <> 'decided'
          or (c.decision = 'approve' and c.applied_at is null and a.state = 'held' and r.account_id <> all (created)))
      )
      and not exists (
        select 1 from case_accounts m join cases c on c.id = m.case_id
        where m.account_id = r.account_id and m.left_at is null and (c.state <> 'decided'
          or (c.decision = 'approve' and c.applied_at is null and a.state = 'held'))
      )
    order by r.ring_id, r.decision_id
    on conflict (ring_id) where state <> 'decided' and whole_ring do nothing;

    perform 1 from cases c
    where c.whole_ring and c.state <> 'decided'
      and c.ring_id = any (array(select r.ring_id from unnest(fresh) r where r.state = 'held' and r.ring_id is not null))
    order by c.id for share;
  end if;

  -- A message for each decision, only while somebody listens.
  is_told := exists (
    select 1 from webhook_endpoints w where w.disabled_because is null and 'decision.created' = any(w.events)
  );

  return query
  with stored as materialized (
    select r.*, a.state as old_state, a.version as old_version, a.requests_per_day as old_quota,
      a.probation as old_probation, n.is_new,
      access_rank(r.state) > access_rank(a.state) or (a.probation and r.state = 'limited') as tightens,
      access_rank(r.state) >= access_rank(a.state) as carries,
      case when not n.is_new then coalesce(
        (select c.id from cases c where c.account_id = r.account_id and c.state <> 'decided' and not c.whole_ring),
        (select c.id from case_accounts m join cases c on c.id = m.case_id
          where m.account_id = r.account_id and m.left_at is null and c.state <> 'decided' limit 1)
      ) end as undecided_case,
      case when n.is_new or r.state <> 'held' then false else exists (
        select 1 from cases c
        where c.account_id = r.account_id and not c.whole_ring
          and c.state = 'decided' and c.decision = 'approve' and c.applied_at is null
      ) or exists (
        select 1 from case_accounts m join cases c on c.id = m.case_id
        where m.account_id = r.account_id and m.left_at is null
          and c.state = 'decided' and c.decision = 'approve' and c.applied_at is null
      ) end as approval_pending,
      case when r.state = 'held' and r.ring_id is not null then (
        select c.id from cases c where c.ring_id = r.ring_id and c.whole_ring and c.state <> 'decided'
      ) end as ring_case
    from unnest(fresh) r join accounts a on a.account_id = r.account_id
    cross join lateral (select r.account_id = any (created) as is_new) n
  ),
  judged as materialized (
    -- A held account has a case; one whose approval waits for its undo window is about to be free.
    select s.*, s.undecided_case is null and s.state = 'held' and s.carries
      and (s.is_new or s.tightens or not s.approval_pending) as needs_case
    from stored s
  ),
  settled as materialized (
    select s.*,
      case when s.tightens then s.state else s.old_state end as new_state,
      s.old_version + s.tightens::integer as new_version,
      case when not s.tightens then s.old_quota when s.state = 'limited' then s.requests_per_day end as new_quota,
      s.old_probation and not s.tightens as new_probation,
      s.is_new or s.tightens as is_changed,
      s.needs_case and s.ring_case is null as opens,
      s.needs_case and s.ring_case is not null as joins,
      s.needs_case and coalesce(s.ring_case, s.case_id) = s.case_id as opens_any,
      case when s.needs_case then coalesce(s.ring_case, s.case_id) else s.undecided_case end as final_case
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
      changed_at = case when s.tightens then s.decided_at else a.changed_at end,
      probation = s.new_probation,
      first_payment_at = least(a.first_payment_at, s.paid_at)
    from settled s
    where a.account_id = s.account_id and not s.is_new and (
      s.tightens or s.occurred_at < a.first_seen_at or s.paid_at < coalesce(a.first_payment_at, 'infinity')
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
    insert into cases (id, account_id, ring_id, decision_id, state, priority, score, reason, rules, verify, opened_at, due_at,
      title, country, network, email_domain)
    select s.case_id, s.account_id, s.ring_id, s.decision_id, 'open', s.priority, s.score, s.reason, s.rules, s.verify,
      s.decided_at, s.case_due_at, left(s.draft->'reasons'->0->>'title', 300), left(s.inputs->>'ip.country', 2),
      'AS' || (s.inputs->>'ip.asn'), left(s.inputs->>'email.domain', 253)
    from settled s where s.opens
  ),
  joined as (
    insert into case_accounts (case_id, account_id, joined_at)
    select s.ring_case, s.account_id, s.decided_at from settled s where s.joins
    on conflict (case_id, account_id) do update
      set joined_at = excluded.joined_at, left_at = null, denied_version = null
  ),
  entered as (
    insert into case_entries (case_id, at, actor, kind, detail)
    select s.case_id, s.decided_at, 'system', 'opened',
      jsonb_build_object('decision_id', s.decision_id, 'reason', s.reason)
    from settled s where s.opens_any
  ),
  recorded as (
    insert into decisions (id, event_id, body_hash, account_id, type, occurred_at, decided_at, outcome, score, answer,
      inputs, sealed, trace)
    select s.decision_id, s.event_id, s.body_hash, s.account_id, s.type, s.occurred_at, s.decided_at, s.outcome, s.score,
      s.draft || jsonb_build_object(
        'access', jsonb_build_object('state', s.new_state, 'version', s.new_version)
          || case when s.new_state = 'limited' and s.new_quota is not null
            then jsonb_build_object('limits', jsonb_build_object('requests_per_day', s.new_quota)) else '{}' end,
        'case_id', s.final_case)
        || case when s.new_probation and s.outcome = 'allow' then '{"public_reason": "usage_limited"}'::jsonb else '{}' end,
      s.inputs, s.sealed, s.trace
    from settled s
  ),
  scheduled as (
    insert into rescores (account_id, due_at, not_before)
    select s.account_id, s.rescore_at, s.rescore_at from settled s
    where s.is_new and s.rescore_at is not null and s.new_state in ('admitted', 'limited')
    on conflict (account_id) do nothing
  ),
  detected as (
    insert into access_batches (id, kind, ring_id, decision_id, state, created_at, not_before)
    select distinct on (s.ring_id) 'batch_' || substr(s.decision_id, 5), 'retro_hold', s.ring_id, s.decision_id, 'planned', s.decided_at,
      now()
    from settled s
    where s.detects_ring and s.ring_id is not null and not exists (
      select 1 from access_batches b where b.ring_id = s.ring_id and b.kind = 'retro_hold'
    )
    order by s.ring_id, s.decision_id
    on conflict (ring_id) where kind = 'retro_hold' do nothing
    returning id, ring_id, decision_id
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
    from settled s where s.opens_any
    union all
    select 'ring_detected', d.ring_id, jsonb_build_object(
      'ring_id', d.ring_id, 'decision_id', d.decision_id, 'batch_id', d.id)
    from detected d
    union all
    select 'decision_created', s.decision_id, jsonb_build_object(
      'decision_id', s.decision_id, 'event_id', s.event_id, 'account_id', s.account_id, 'type', s.type,
      'outcome', s.outcome, 'score', s.score, 'ruleset', s.draft->'ruleset'->>'version')
    from settled s where is_told
  ),
  audited as (
    insert into audit (at, actor, kind, subject, detail)
    select s.decided_at, 'system', 'decision.recorded', s.account_id, jsonb_build_object(
      'decision_id', s.decision_id, 'event_id', s.event_id, 'outcome', s.outcome, 'state', s.new_state,
      'version', s.new_version, 'case_id', s.final_case)
    from settled s
  )
  select s.event_id, true, null::text, null::jsonb, s.new_state, s.new_version, s.new_quota, s.is_changed,
    s.final_case, s.new_probation
  from settled s;

  get diagnostics written = row_count;
  -- An account was erased between its lock and its reading: nothing of this batch may stay.
  if written <> array_length(fresh, 1) then
    raise exception 'an account vanished while its decision was written' using errcode = 'serialization_failure';
  end if;
end
$$;

drop trigger decisions_told on decisions;
drop function tell_decisions();

-- For cases that are opened elsewhere.
drop trigger cases_seen on cases;
create constraint trigger cases_seen after insert on cases deferrable initially deferred
  for each row when (
    new.decision_id is not null and num_nonnulls(new.title, new.country, new.network, new.email_domain) = 0
  )
  execute function case_is_seen();
