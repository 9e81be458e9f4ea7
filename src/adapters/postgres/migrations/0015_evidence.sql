-- What accounts were verified with reaches features and rings.

-- Whoever checks it said `passed`, but so many others had shown the same: refused, and evidence all the same.
alter table verifications add column shared_by integer;
create index verifications_proofs on verifications (finished_at, id)
  where state = 'passed' or shared_by is not null;

-- What a verification brings to the rings: read by their worker like the traces of decisions.
create table evidence_traces (
  -- Of the verification.
  id text primary key,
  account_id text not null,
  at timestamptz not null,
  trace jsonb not null,
  kept_at timestamptz not null default now(),
  txid xid8 not null default pg_current_xact_id()
);
create index evidence_traces_ring_stream on evidence_traces (txid, id);
create index evidence_traces_by_account on evidence_traces (account_id);

-- Others showed the same as this account: it is judged again, although a verification or a person let it in.
alter table rescores add column doubted boolean not null default false;

-- Cases whose account asked for another look, whoever opened them.
alter table cases add column appealed_at timestamptz;
update cases c set appealed_at = a.at
  from (select case_id, max(appealed_at) as at from appeals where case_id is not null group by case_id) a
  where a.case_id = c.id;
create index appeals_by_case on appeals (case_id);
create index cases_appealed on cases (appealed_at) where state <> 'decided' and appealed_at is not null;

-- When codes were sent to an address within the last day, whichever accounts named it; the address as an HMAC.
create table email_code_addresses (
  address text primary key,
  sent_at timestamptz[] not null,
  last_at timestamptz not null
);
create index email_code_addresses_by_time on email_code_addresses (last_at);

create or replace function is_ring_stream_foreign() returns boolean language sql stable as $$
  select coalesce((select txid from decisions where trace is not null order by txid desc, id desc limit 1)
      >= pg_snapshot_xmax(pg_current_snapshot()), false)
    or coalesce((select txid from evidence_traces order by txid desc, id desc limit 1)
      >= pg_snapshot_xmax(pg_current_snapshot()), false)
    or coalesce((select standing_txid from accounts where standing_txid is not null
      order by standing_txid desc, account_id desc limit 1) >= pg_snapshot_xmax(pg_current_snapshot()), false);
$$;

-- All of them become this transaction's: decisions in the order of their ids, then what verifications showed.
create or replace function renumber_ring_stream() returns void language plpgsql as $$
begin
  lock table decisions, accounts, evidence_traces in share row exclusive mode;
  if not is_ring_stream_foreign() then return; end if;
  update decisions set txid = pg_current_xact_id() where trace is not null;
  update evidence_traces set txid = pg_current_xact_id();
  update accounts set standing_txid = pg_current_xact_id() where standing_txid is not null;
  delete from ring_snapshots;
  delete from ring_snapshot_pieces;
end
$$;

-- What was passed before counts too.
insert into outbox (kind, subject, payload)
  select 'evidence_recorded', v.id, jsonb_build_object('account_id', v.account_id)
  from verifications v where v.state = 'passed' and v.evidence <> '{}'::jsonb;
