-- Exports, and what an erasure says it has kept, look these up by the account.
create index access_batch_accounts_by_account on access_batch_accounts (account_id);
create index webhook_deliveries_by_account on webhook_deliveries ((payload->>'account_id'));
-- Messages come into it once they are done: those under way are few, and are what a commit writes.
create index outbox_done_by_account on outbox ((coalesce(payload->>'account_id', subject))) where done_at is not null;

-- Of events that were erased before, what an erasure takes with it from now on: digests without a key.
update decisions d set body_hash = 'erased', trace = d.trace - 'template'
where d.account_id in (select subject from audit where kind = 'subject.erased')
  and not exists (select 1 from envelope_salts s where s.event_id = d.event_id);
update evidence_traces e set trace = e.trace - 'template'
where e.trace ? 'template' and e.account_id in (select subject from audit where kind = 'subject.erased');
