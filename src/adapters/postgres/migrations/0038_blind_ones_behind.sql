-- An account that could not be judged again is put behind the others: when it may be tried next.
alter table accounts add column rescore_not_before timestamptz;
create index accounts_rescore_next on accounts
  ((rescore_not_before is not null), (coalesce(rescore_not_before, changed_at))) where rescore_event_id is not null;
