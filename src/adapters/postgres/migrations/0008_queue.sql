-- The queue: order by what waiting adds, a reserved lane, assignment, escalation, breaches, and what rows of a list show.

alter table outbox drop constraint if exists outbox_kind_check;

alter table cases
  -- From when the case counts as waiting: half an hour earlier for each point of priority. The earliest is next, and
  -- nothing has to be written for it while time goes on.
  add column waits_from timestamptz not null default 'infinity',
  add column assigned_to text,
  add column escalated_at timestamptz,
  -- When it was told that the case was due and undecided.
  add column breached_at timestamptz,
  -- What its decision saw, for rows of a list; null where it was not known.
  add column title text,
  add column country text,
  add column network text,
  add column email_domain text;

create function case_waits_from() returns trigger language plpgsql as $$
begin
  new.waits_from := date_trunc('milliseconds', new.opened_at - new.priority * interval '30 minutes');
  return new;
end
$$;
create trigger cases_wait before insert or update of priority on cases for each row execute function case_waits_from();

-- At the end of the transaction: a ring's case is written before the decision that opens it.
create function case_is_seen() returns trigger language plpgsql as $$
begin
  update cases c set
    title = left(d.answer->'reasons'->0->>'title', 300),
    country = left(d.inputs->>'ip.country', 2),
    network = 'AS' || (d.inputs->>'ip.asn'),
    email_domain = left(d.inputs->>'email.domain', 253)
  from decisions d where c.id = new.id and d.id = new.decision_id;
  return null;
end
$$;
create constraint trigger cases_seen after insert on cases deferrable initially deferred
  for each row when (new.decision_id is not null) execute function case_is_seen();

update cases c set priority = priority;
update cases c set
  title = left(d.answer->'reasons'->0->>'title', 300),
  country = left(d.inputs->>'ip.country', 2),
  network = 'AS' || (d.inputs->>'ip.asn'),
  email_domain = left(d.inputs->>'email.domain', 253)
from decisions d where d.id = c.decision_id;

-- How often somebody was given the next case, over all instances.
create sequence case_picks;

drop index cases_queue;
create index cases_queue on cases (waits_from, id) where state <> 'decided';
create index cases_by_wait on cases (waits_from, id);
create index cases_lane on cases (opened_at, id) where state <> 'decided' and ring_id is null and score < 85;
create index cases_due on cases (due_at, id) where state <> 'decided';
create index cases_unbreached on cases (due_at) where state <> 'decided' and breached_at is null;
create index cases_of_rings on cases (waits_from, id) where state <> 'decided' and whole_ring;
create index cases_snoozed on cases (waits_from, id) where state = 'snoozed';
create index cases_escalated on cases (waits_from, id) where state <> 'decided' and escalated_at is not null;
create index cases_assigned on cases (assigned_to) where state <> 'decided' and assigned_to is not null;
create index cases_claimed on cases (claimed_by) where state = 'claimed';
create index cases_by_reason on cases (reason, waits_from, id) where state <> 'decided';
create index cases_by_country on cases (country, waits_from, id) where state <> 'decided';
create index cases_by_account_prefix on cases (account_id text_pattern_ops) where state <> 'decided';
create index verifications_outstanding on verifications (case_id) where state = 'requested';
create index cases_by_decision_time on cases (decided_at) where state = 'decided';
