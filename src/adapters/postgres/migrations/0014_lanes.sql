-- Changes of access and everything else are delivered apart (src/workers/relay.ts): each is found without passing the other.
drop index outbox_pending;
create index outbox_pending_access on outbox (not_before, id) where done_at is null and kind = 'access_changed';
create index outbox_pending_others on outbox (not_before, id) where done_at is null and kind <> 'access_changed';
