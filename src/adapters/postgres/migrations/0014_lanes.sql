-- Changes of access, with what they clear, and everything else are delivered apart (src/workers/relay.ts): each is found
-- without passing the other.
drop index outbox_pending;
create index outbox_pending_access on outbox (not_before, id) where done_at is null and kind in ('access_changed', 'account_cleared');
create index outbox_pending_others on outbox (not_before, id) where done_at is null and kind not in ('access_changed', 'account_cleared');
