-- Entries added to lists, webhooks, and indexes for reading the audit trail.

alter table outbox drop constraint if exists outbox_kind_check;

-- What was added beside the list files. A removed or expired entry is deleted: its value is forgotten.
create table list_entries (
  id text primary key,
  list text not null,
  -- The same for every spelling of one value.
  key text not null,
  value text not null,
  kind text not null check (kind in ('value', 'cidr', 'asn')),
  state text not null check (state in ('pending', 'active')),
  reason text not null,
  added_by text not null,
  added_at timestamptz not null,
  expires_at timestamptz,
  confirmed_by text,
  confirmed_at timestamptz,
  unique (list, key)
);
create index list_entries_by_list on list_entries (list, id);
create index list_entries_expiring on list_entries (expires_at) where expires_at is not null;

-- Rises with every change of entries; its lock puts the changes in an order.
create table list_revision (id integer primary key default 1 check (id = 1), number bigint not null default 0);
insert into list_revision default values;

create table webhook_endpoints (
  id text primary key,
  url text not null,
  description text not null,
  events text[] not null,
  -- Sealed; the former one signs as well until its time is over.
  secret text not null,
  former_secret text,
  former_until timestamptz,
  disabled_because text check (disabled_because in ('by_hand', 'gone', 'unreachable')),
  created_at timestamptz not null,
  created_by text not null
);

create table webhook_deliveries (
  id text primary key,
  endpoint_id text not null references webhook_endpoints (id) on delete cascade,
  message_id text not null,
  event text not null,
  payload jsonb not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  -- Somebody is sending it until then.
  lease_until timestamptz,
  last_status integer,
  last_error text,
  -- Of the message.
  created_at timestamptz not null,
  -- The first of the tries that count towards giving up.
  first_attempt_at timestamptz,
  finished_at timestamptz,
  unique (endpoint_id, message_id)
);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, next_attempt_at) where state = 'pending';
create index webhook_deliveries_by_endpoint on webhook_deliveries (endpoint_id, id);
create index webhook_deliveries_finished on webhook_deliveries (finished_at) where finished_at is not null;

-- A message for each decision, only while somebody listens.
create function tell_decisions() returns trigger language plpgsql as $$
begin
  if exists (select 1 from webhook_endpoints where disabled_because is null and 'decision.created' = any(events)) then
    insert into outbox (kind, subject, payload)
    select 'decision_created', d.id, jsonb_build_object(
      'decision_id', d.id, 'event_id', d.event_id, 'account_id', d.account_id, 'type', d.type, 'outcome', d.outcome,
      'score', d.score, 'ruleset', d.answer->'ruleset'->>'version')
    from made d;
  end if;
  return null;
end
$$;
create trigger decisions_told after insert on decisions referencing new table as made
  for each statement execute function tell_decisions();

-- Decisions of cases are told when they can no longer be taken back.
create function tell_case_decision() returns trigger language plpgsql as $$
begin
  insert into outbox (kind, subject, payload, not_before) values ('case_decided', new.id, jsonb_build_object(
    'case_id', new.id, 'account_id', new.account_id, 'ring_id', new.ring_id, 'decision', new.decision,
    'decided_by', new.decided_by, 'version', new.version), coalesce(new.effective_at, now()));
  return null;
end
$$;
create trigger cases_told after update of state on cases for each row
  when (new.state = 'decided' and old.state <> 'decided') execute function tell_case_decision();

-- Nearly all entries are the system's, about decisions: they are read by subject.
create index audit_by_actor on audit (actor, seq) where actor <> 'system';
create index audit_by_kind on audit (kind, seq) where kind <> 'decision.recorded';
