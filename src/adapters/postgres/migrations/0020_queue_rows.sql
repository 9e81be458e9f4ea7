-- A decision keeps only what its rules read. Where none reads the address of the event itself, that of the signup says where
-- the account comes from.
create function country_seen(inputs jsonb) returns text language sql immutable as $$
  select left(coalesce(inputs->>'ip.country', inputs->>'signup.country'), 2)
$$;
create function network_seen(inputs jsonb) returns text language sql immutable as $$
  select 'AS' || coalesce(inputs->>'ip.asn', inputs->>'signup.asn')
$$;

create or replace function case_is_seen() returns trigger language plpgsql as $$
begin
  update cases c set
    title = left(d.answer->'reasons'->0->>'title', 300),
    country = country_seen(d.inputs),
    network = network_seen(d.inputs),
    email_domain = left(d.inputs->>'email.domain', 253)
  from decisions d where c.id = new.id and d.id = new.decision_id;
  return null;
end
$$;

-- Two expressions of the commit; the rest of it stays whatever it has become by now.
do $do$
declare
  before text := pg_get_functiondef('commit_decisions(jsonb)'::regprocedure);
  written text := before;
begin
  written := regexp_replace(written, $$left\((\w+)\.inputs->>'ip\.country', 2\)$$, 'country_seen(\1.inputs)', 'g');
  written := regexp_replace(written, $$'AS' \|\| \((\w+)\.inputs->>'ip\.asn'\)$$, 'network_seen(\1.inputs)', 'g');
  if written !~ 'country_seen' or written !~ 'network_seen' or written ~ '->>''ip\.' then
    raise exception 'commit_decisions says in another way where a signup came from';
  end if;
  execute written;
end
$do$;

update cases c set country = coalesce(c.country, country_seen(d.inputs)), network = coalesce(c.network, network_seen(d.inputs))
from decisions d
where d.id = c.decision_id and (
  (c.country is null and d.inputs ? 'signup.country') or (c.network is null and d.inputs ? 'signup.asn')
);

-- A case is raised by its first fraud label only: what the others added is taken back.
alter table cases add column fraud_labelled boolean not null default false;
with labelled as (
  select c.id, count(e.id) - (c.reason <> 'history.fraud_label')::integer as too_many
  from cases c left join case_entries e on e.case_id = c.id and e.kind = 'fraud_label'
  where c.reason = 'history.fraud_label' or e.id is not null
  group by c.id
)
update cases c set fraud_labelled = true, priority = c.priority - 25 * greatest(l.too_many, 0)
from labelled l where l.id = c.id;

-- Found by how the id begins too; `=` reads it as before.
drop index case_accounts_by_account;
create index case_accounts_by_account on case_accounts (account_id text_pattern_ops, case_id);
