-- Exports read what was told about an account page by page, in the order of the ids.
drop index outbox_done_by_account;
create index outbox_done_by_account on outbox ((coalesce(payload->>'account_id', subject)), id) where done_at is not null;
drop index webhook_deliveries_by_account;
create index webhook_deliveries_by_account on webhook_deliveries ((payload->>'account_id'), id);
