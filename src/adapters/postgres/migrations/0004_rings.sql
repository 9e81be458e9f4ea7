-- Rings: what the ring worker reads (a stream over decisions and accounts) and what it writes.

-- What a decision's event shares with others: link keys (hashed), network and template. Null where it shares nothing.
alter table decisions add column if not exists trace jsonb;
-- The transaction that wrote the row. Ids are handed out before their transactions commit, in any order; a reader that
-- stays below the oldest transaction still open meets every row once and skips none.
alter table decisions add column txid xid8 not null default pg_current_xact_id();
create index decisions_ring_stream on decisions (txid, id) where trace is not null;

-- Set while an account is, or ever was, more than plainly admitted; most accounts never are and cost nothing here.
alter table accounts add column standing_txid xid8, add column standing_at timestamptz;
create index accounts_ring_stream on accounts (standing_txid, account_id) where standing_txid is not null;

create function mark_standing() returns trigger language plpgsql as $$
begin
  new.standing_txid := pg_current_xact_id();
  new.standing_at := clock_timestamp();
  return new;
end
$$;

create trigger accounts_standing_made before insert on accounts for each row
  when (new.state in ('held', 'denied') or new.verified or new.label = 'fraud')
  execute function mark_standing();
create trigger accounts_standing_changed before update on accounts for each row
  when (
    (old.state in ('held', 'denied')) is distinct from (new.state in ('held', 'denied'))
    or old.verified is distinct from new.verified
    or (old.label = 'fraud') is distinct from (new.label = 'fraud')
  )
  execute function mark_standing();
update accounts set standing_txid = pg_current_xact_id(), standing_at = changed_at
  where state in ('held', 'denied') or verified or label = 'fraud';

-- One worker at a time. The token rises with every claim: whoever writes under an older one is refused.
create table ring_worker (
  id integer primary key default 1 check (id = 1),
  token bigint not null default 0,
  lease_until timestamptz not null default '-infinity'
);
insert into ring_worker default values;

-- The worker's memory, in pieces, and the place in the stream that it has come to.
create table ring_snapshots (
  snapshot bigint not null,
  piece integer not null,
  data text not null,
  primary key (snapshot, piece)
);
create table ring_snapshot_heads (
  snapshot bigint generated always as identity primary key,
  cursor jsonb not null,
  pieces integer not null,
  taken_at timestamptz not null default now()
);

create table rings (
  id text primary key,
  -- The ring it is part of now: itself, or the one it was merged into.
  root text not null,
  state text not null check (state in ('open', 'merged', 'dissolved')),
  size integer not null,
  statistics jsonb not null,
  first_seen_at timestamptz not null,
  changed_at timestamptz not null,
  -- The highest size, a power of two, for which growth was announced.
  told_size integer not null default 1
);
create index rings_by_size on rings (size desc, id desc) where state = 'open';
create index rings_by_root on rings (root);

create table ring_members (
  account_id text primary key,
  -- As it was when the account joined; `rings.root` says what it is part of now.
  ring_id text not null,
  joined_at timestamptz not null
);
create index ring_members_by_ring on ring_members (ring_id, joined_at, account_id);

create table ring_aliases (
  ring_id text primary key,
  into_id text not null,
  merged_at timestamptz not null
);

-- Keys that stopped linking because too many, or too trusted, accounts share them; and when one links again.
create table ring_hubs (
  id bigint generated always as identity primary key,
  link text not null,
  key text not null,
  kind text not null check (kind in ('became_hub', 'links_again')),
  at timestamptz not null
);
create index ring_hubs_by_key on ring_hubs (link, key, id);
