-- What people decide for whole rings, as batches beside those of retro-holds; and keys that people marked as hubs.

alter table outbox drop constraint if exists outbox_kind_check;

alter table access_batches
  drop constraint access_batches_kind_check,
  drop constraint access_batches_state_check,
  add constraint access_batches_kind_check check (kind in ('retro_hold', 'ring_decision')),
  add constraint access_batches_state_check
    check (state in ('awaiting_second', 'planned', 'done', 'undoing', 'undone', 'expired', 'refused')),
  alter column decision_id drop not null,
  add column decision text check (decision in ('approve', 'reject')),
  add column reason text,
  add column label text,
  add column actor text,
  add column second_actor text,
  add column exclude text[] not null default '{}',
  -- The ring's case that is decided with it.
  add column case_id text,
  add constraint access_batches_ordered check ((kind = 'ring_decision') = (decision is not null));

drop index access_batches_due;
create index access_batches_due on access_batches (not_before) where state in ('awaiting_second', 'planned', 'undoing');
-- One decision of a ring at a time.
create unique index access_batches_deciding on access_batches (ring_id)
  where kind = 'ring_decision' and state in ('awaiting_second', 'planned', 'undoing');
create index access_batches_of_case on access_batches (case_id) where case_id is not null;
create index access_batches_of_ring on access_batches (ring_id);

alter table access_batch_accounts drop constraint access_batch_accounts_result_check;
alter table access_batch_accounts add constraint access_batch_accounts_result_check check (result in (
  'held', 'joined', 'spared', 'restored', 'kept',
  'changed', 'excluded', 'already', 'denied_before', 'claimed', 'other_case', 'gone', 'error'));
create index access_batch_accounts_changed on access_batch_accounts (batch_id, account_id) where result = 'changed';

-- A person says that a key is shared by right: it links nobody while the mark stands.
create table ring_hub_marks (
  id text primary key,
  ring_id text not null,
  link text not null,
  key text not null,
  reason text not null,
  actor text not null,
  at timestamptz not null,
  removed_by text,
  removed_at timestamptz
);
create unique index ring_hub_marks_once on ring_hub_marks (key) where removed_at is null;
create index ring_hub_marks_of_ring on ring_hub_marks (ring_id);
