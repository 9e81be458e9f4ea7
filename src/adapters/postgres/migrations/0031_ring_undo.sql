-- The case of its own that a decision about its ring has closed: open again when the decision is taken back.
alter table access_batch_accounts add column case_id text;

-- Four eyes on appeals: a decision about a ring passes over those whom its maker had held or denied.
alter table access_batch_accounts drop constraint access_batch_accounts_result_check;
alter table access_batch_accounts add constraint access_batch_accounts_result_check check (result in (
  'held', 'joined', 'spared', 'restored', 'kept',
  'changed', 'excluded', 'already', 'denied_before', 'claimed', 'barred', 'other_case', 'gone', 'error'));
