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

-- The worker's memory in pieces, and the place in the stream that it had come to. Newest by number; a snapshot counts once
-- its head is there.
create table ring_snapshot_pieces (
  snapshot text not null,
  piece integer not null,
  data text not null,
  primary key (snapshot, piece)
);
create table ring_snapshots (
  number bigint generated always as identity primary key,
  snapshot text not null unique,
  pieces integer not null,
  place jsonb,
  taken_at timestamptz not null default now()
);

create table rings (
  id text primary key,
  -- The ring it is part of now: itself, or the one it was merged into.
  root text not null,
  state text not null check (state in ('open', 'merged', 'dissolved')),
  size integer not null default 0,
  statistics jsonb not null default '{}',
  first_seen_at timestamptz not null,
  changed_at timestamptz not null,
  -- The highest power of two for which its growth was announced: it begins with two accounts, just judged.
  told_size integer not null default 2
);
create index rings_by_size on rings (size desc, id desc);
create index rings_by_root on rings (root);

create table ring_members (
  account_id text primary key,
  -- As it was when the account joined; `rings.root` says what that is part of now.
  ring_id text not null,
  joined_at timestamptz not null
);
create index ring_members_by_ring on ring_members (ring_id, joined_at, account_id);

create table ring_aliases (
  ring_id text primary key,
  into_id text not null,
  merged_at timestamptz not null
);

-- Keys that stopped linking because too many, or too trusted, accounts share them, and keys that link again.
create table ring_hubs (
  id bigint generated always as identity primary key,
  link text not null,
  key text not null,
  is_hub boolean not null,
  accounts integer not null,
  at timestamptz not null
);
create index ring_hubs_by_key on ring_hubs (link, key, id);

-- Writes what a batch of entries changed, if `fence` is still the worker's token; the same again when it is repeated.
-- Returns null when another worker has taken over, else the rings whose size passed a power of two, or that took in
-- another ring.
create function write_rings(fence bigint, batch jsonb) returns text[] language plpgsql as $$
declare
  told timestamptz := (batch->>'at')::timestamptz;
  merge jsonb;
  grown text[];
begin
  perform 1 from ring_worker w where w.token = fence for share;
  if not found then return null; end if;

  insert into rings as r (id, root, state, size, statistics, first_seen_at, changed_at)
  select t.id, t.id, 'open', t.size, t.statistics, t.first_seen_at, told
  from jsonb_to_recordset(batch->'rings') t (id text, size integer, statistics jsonb, first_seen_at timestamptz)
  order by t.id
  on conflict (id) do update set
    root = excluded.id, state = 'open', size = excluded.size, statistics = excluded.statistics,
    first_seen_at = excluded.first_seen_at, changed_at = excluded.changed_at;

  for merge in select m from jsonb_array_elements(batch->'merged') m loop
    insert into rings (id, root, state, first_seen_at, changed_at)
    values (merge->>'from', merge->>'into', 'merged', told, told)
    on conflict (id) do update set state = 'merged', size = 0, changed_at = excluded.changed_at;
    update rings set root = merge->>'into' where root = merge->>'from' or id = merge->>'from';
    insert into ring_aliases (ring_id, into_id, merged_at) values (merge->>'from', merge->>'into', told)
    on conflict (ring_id) do update set into_id = excluded.into_id, merged_at = excluded.merged_at;
  end loop;

  update rings set state = 'dissolved', size = 0, changed_at = told
  where id in (select jsonb_array_elements_text(batch->'ended')) and state = 'open';

  delete from ring_members
  where account_id in (
    select m.account_id from jsonb_to_recordset(batch->'members') m (account_id text, ring_id text) where m.ring_id is null
  );
  insert into ring_members (account_id, ring_id, joined_at)
  select m.account_id, m.ring_id, m.joined_at
  from jsonb_to_recordset(batch->'members') m (account_id text, ring_id text, joined_at timestamptz)
  where m.ring_id is not null
  order by m.account_id
  on conflict (account_id) do update set ring_id = excluded.ring_id, joined_at = excluded.joined_at;

  insert into ring_hubs (link, key, is_hub, accounts, at)
  select h.link, h.key, h.is_hub, h.accounts, told
  from jsonb_to_recordset(batch->'hubs') h (link text, key text, is_hub boolean, accounts integer)
  where h.is_hub is distinct from coalesce(
    (select k.is_hub from ring_hubs k where k.link = h.link and k.key = h.key order by k.id desc limit 1), false);

  with passed as (
    update rings r set told_size = 1 << floor(log(2, r.size))::integer
    where r.id in (select t->>'id' from jsonb_array_elements(batch->'rings') t)
      and r.state = 'open' and r.size >= 2 * r.told_size
    returning r.id
  )
  select array_agg(g.id) into grown from (
    select p.id from passed p
    union
    select r.root from jsonb_array_elements(batch->'merged') m join rings r on r.id = m->>'into' where r.id = r.root
  ) g;
  return coalesce(grown, '{}');
end
$$;

-- Nothing of what was written stays but the rings' names and the history of hubs. Null when another worker has taken over.
create function restart_rings(fence bigint) returns text[] language plpgsql as $$
declare
  former text[];
begin
  perform 1 from ring_worker w where w.token = fence for share;
  if not found then return null; end if;
  with closed as (
    update rings set state = 'dissolved', root = id, size = 0, changed_at = now() where state <> 'dissolved' returning id
  )
  select array_agg(c.id) into former from closed c;
  truncate ring_members, ring_aliases;
  return coalesce(former, '{}');
end
$$;

-- Transactions are numbered by the server. Rows that were dumped and restored into another one may carry numbers that it
-- will reach much later: they would not be read, and new ones would seem to be read already.
create function is_ring_stream_foreign() returns boolean language sql stable as $$
  select coalesce((select txid from decisions where trace is not null order by txid desc, id desc limit 1)
      >= pg_snapshot_xmax(pg_current_snapshot()), false)
    or coalesce((select standing_txid from accounts where standing_txid is not null
      order by standing_txid desc, account_id desc limit 1) >= pg_snapshot_xmax(pg_current_snapshot()), false);
$$;

-- All of them become this transaction's, in the order of their ids, which is that of their decisions.
create function renumber_ring_stream() returns void language plpgsql as $$
begin
  lock table decisions, accounts in share row exclusive mode;
  if not is_ring_stream_foreign() then return; end if;
  update decisions set txid = pg_current_xact_id() where trace is not null;
  update accounts set standing_txid = pg_current_xact_id() where standing_txid is not null;
  delete from ring_snapshots;
  delete from ring_snapshot_pieces;
end
$$;
