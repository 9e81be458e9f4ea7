-- A rejection reaches the gate at once and can be taken back for ten seconds all the same.
create or replace function tell_case_decision() returns trigger language plpgsql as $$
begin
  insert into outbox (kind, subject, payload, not_before) values ('case_decided', new.id, jsonb_build_object(
    'case_id', new.id, 'account_id', new.account_id, 'ring_id', new.ring_id, 'decision', new.decision,
    'decided_by', new.decided_by, 'version', new.version),
    greatest(coalesce(new.effective_at, now()), now() + interval '10 seconds'));
  return null;
end
$$;
