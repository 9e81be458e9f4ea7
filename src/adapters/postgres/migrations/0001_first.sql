-- The truth. Same SQL on PostgreSQL 15+ and PGlite. Identifiers of people are HMACs or sealed; account ids, key ids and
-- event ids are the caller's references and stay readable.
create table accounts (
  account_id text primary key,
  state text not null check (state in ('admitted', 'limited', 'held', 'denied')),
  version bigint not null,
  cause text not null,
  requests_per_day integer,
  verified boolean not null default false,
  cleared_rules text[] not null default '{}',
  label text check (label in ('fraud', 'honest')),
  -- Set while the account's access rests on a decision that missed inputs; the rescorer looks for it.
  rescore_event_id text,
  first_seen_at timestamptz not null,
  changed_at timestamptz not null
);
create index accounts_held on accounts (account_id) where state = 'held';
create index accounts_rescore on accounts (changed_at) where rescore_event_id is not null;

-- A key belongs to the account that announced it first.
create table account_keys (
  api_key_id text primary key,
  account_id text not null,
  announced_at timestamptz not null
);
create index account_keys_by_account on account_keys (account_id);

create table decisions (
  id text primary key,
  event_id text not null unique,
  body_hash text not null,
  account_id text not null,
  type text not null,
  occurred_at timestamptz not null,
  decided_at timestamptz not null,
  outcome text not null,
  score real not null,
  -- The answer as it went out.
  answer jsonb not null,
  -- Signals and features the rules saw, identifiers hashed.
  inputs jsonb not null,
  -- The event, AES-GCM; unreadable once its salt is gone.
  sealed text not null
);
create index decisions_by_account on decisions (account_id, id);
create index decisions_by_time on decisions (occurred_at);

create table envelope_salts (
  event_id text primary key,
  account_id text not null,
  salt text not null
);
create index envelope_salts_by_account on envelope_salts (account_id);

create table cases (
  id text primary key,
  account_id text not null,
  ring_id text,
  decision_id text,
  state text not null check (state in ('open', 'claimed', 'snoozed', 'decided')),
  priority real not null,
  score real not null,
  reason text not null,
  -- Rules that held the account: what an approval clears.
  rules text[] not null default '{}',
  verify text[] not null default '{}',
  opened_at timestamptz not null,
  due_at timestamptz not null,
  claimed_by text,
  -- Rises with every claim: the fencing token.
  claim_number bigint not null default 0,
  lease_until timestamptz,
  snoozed_until timestamptz,
  decision text check (decision in ('approve', 'reject')),
  decided_by text,
  decided_at timestamptz,
  effective_at timestamptz,
  -- Null until the decision has reached `accounts`.
  applied_at timestamptz,
  version bigint not null default 1,
  -- The version when a machine step (a verification) was last asked for: part of job ids and request ids.
  job_version bigint not null default 1
);
create unique index cases_one_undecided on cases (account_id) where state <> 'decided';
create index cases_by_account on cases (account_id, id);
create index cases_by_id_undecided on cases (id) where state <> 'decided';
create index cases_queue on cases (priority desc, id) where state <> 'decided';
create index cases_due_approvals on cases (effective_at) where state = 'decided' and applied_at is null;

create table case_entries (
  id bigint generated always as identity primary key,
  case_id text not null,
  at timestamptz not null,
  actor text not null,
  kind text not null,
  detail jsonb not null
);
create index case_entries_by_case on case_entries (case_id, id);

create table verifications (
  id text primary key,
  account_id text not null,
  case_id text,
  method text not null,
  state text not null check (state in ('requested', 'passed', 'failed')),
  evidence jsonb not null default '{}',
  requested_at timestamptz not null,
  finished_at timestamptz,
  actor text not null
);
create index verifications_by_account on verifications (account_id, method);
create index verifications_by_case on verifications (case_id);

create table labels (
  id bigint generated always as identity primary key,
  account_id text not null,
  label text not null check (label in ('fraud', 'honest')),
  source text not null,
  observed_at timestamptz not null,
  recorded_at timestamptz not null,
  actor text not null
);
create index labels_by_account on labels (account_id, observed_at);

-- What must still happen outside: gate projection, queue jobs, labels into features. Written with the change itself.
create table outbox (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('access_changed', 'account_cleared', 'case_opened', 'verification_requested', 'label_recorded', 'decision_created')),
  subject text not null,
  payload jsonb not null,
  created_at timestamptz not null default now(),
  not_before timestamptz not null default now(),
  attempts integer not null default 0,
  done_at timestamptz
);
create index outbox_pending on outbox (not_before, id) where done_at is null;
create index outbox_done on outbox (done_at) where done_at is not null;

create table audit (
  seq bigint generated always as identity primary key,
  at timestamptz not null,
  actor text not null,
  kind text not null,
  subject text not null,
  detail jsonb not null
);
create index audit_by_subject on audit (subject, seq);

create table service_keys (
  id text primary key,
  role text not null,
  name text not null,
  secret_hash text not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);

-- Small facts of the installation, such as the epoch that tells a wiped Redis.
create table meta (key text primary key, value text not null);
