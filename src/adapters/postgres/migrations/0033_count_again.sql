-- What tightens access is delivered before all other changes of access (src/workers/relay.ts), and found without passing them.
create index outbox_pending_tightening on outbox (not_before, id) where done_at is null
  and kind = 'access_changed' and payload->>'from' in ('admitted', 'limited') and payload->>'to' <> 'admitted';
