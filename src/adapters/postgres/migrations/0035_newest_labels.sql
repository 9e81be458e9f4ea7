-- The label that counts is the newest by when it was observed. Until now it was the one that arrived last.
update accounts a set label = l.label
from (
  select distinct on (account_id) account_id, label from labels order by account_id, observed_at desc, id desc
) l
where l.account_id = a.account_id and a.label is distinct from l.label;

-- A denied account is not told of a verification that nobody offers. One place of the function changes, the rest stays as it is.
do $$
declare
  was constant text := pg_get_functiondef('commit_decisions(jsonb)'::regprocedure);
  told constant text :=
    'case when s.new_probation and s.outcome = ''allow'' then ''{"public_reason": "usage_limited"}''::jsonb else ''{}'' end';
begin
  if strpos(was, told) = 0 then raise exception 'commit_decisions is not as it was left by 0017'; end if;
  execute replace(was, told,
    'case when s.new_state = ''denied'' then ''{"public_reason": "access_refused"}''::jsonb'
    || ' when s.new_probation and s.outcome = ''allow'' then ''{"public_reason": "usage_limited"}''::jsonb else ''{}'' end');
end
$$;
