-- Cases that people, labels and appeals open show the newest decision about their account; in the queue they keep words of
-- their own.
create or replace function case_is_seen() returns trigger language plpgsql as $$
begin
  update cases c set
    title = case when c.reason not in ('history.fraud_label', 'manual.hold', 'manual.appeal')
      then left(d.answer->'reasons'->0->>'title', 300) end,
    country = country_seen(d.inputs),
    network = network_seen(d.inputs),
    email_domain = left(d.inputs->>'email.domain', 253)
  from decisions d where c.id = new.id and d.id = new.decision_id;
  return null;
end
$$;

update cases c set decision_id = d.id, ring_id = d.answer->'ring'->>'id', country = country_seen(d.inputs),
  network = network_seen(d.inputs), email_domain = left(d.inputs->>'email.domain', 253)
from decisions d
where c.decision_id is null and c.state <> 'decided' and not c.whole_ring
  and c.reason in ('history.fraud_label', 'manual.hold', 'manual.appeal')
  and d.id = (
    select n.id from decisions n where n.account_id = c.account_id and n.decided_at <= c.opened_at order by n.id desc limit 1
  );
