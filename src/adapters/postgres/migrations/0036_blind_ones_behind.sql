-- An account that could not be judged again is put behind the others: when it was tried last.
alter table accounts add column rescore_tried_at timestamptz;
create index accounts_rescore_next on accounts
  ((rescore_tried_at is not null), (coalesce(rescore_tried_at, changed_at))) where rescore_event_id is not null;
