-- What tightens access is delivered before all other changes of access (src/workers/relay.ts), and found without passing them.
create index outbox_pending_tightening on outbox (not_before, id) where done_at is null
  and kind = 'access_changed' and payload->>'from' in ('admitted', 'limited') and payload->>'to' <> 'admitted';

-- Decisions whose event could not be counted in Redis: counted later from what is stored, and then kept for a moment, until
-- who was decided meanwhile is due to be judged again.
create table uncounted_events (
  decision_id text primary key,
  decided_at timestamptz not null,
  noted_at timestamptz not null default now(),
  counted_at timestamptz
);
create index uncounted_waiting on uncounted_events (noted_at) where counted_at is null;
