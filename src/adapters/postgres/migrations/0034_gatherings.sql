-- Held accounts of a ring that came from cases of their own into its case: one batch for each ring, to be taken back as one.
alter table access_batches
  drop constraint access_batches_kind_check,
  add constraint access_batches_kind_check check (kind in ('retro_hold', 'ring_decision', 'gathering'));
create unique index access_batches_gathering on access_batches (ring_id) where kind = 'gathering';
create index access_batch_accounts_joined on access_batch_accounts (batch_id, account_id) where result = 'joined';
