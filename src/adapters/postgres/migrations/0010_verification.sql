-- What held people do for themselves: codes by mail, links to those who check phones and documents, appeals.

-- One code an account; the address it went to is in the sealed event only.
create table email_codes (
  account_id text primary key,
  -- HMAC of account and code; null once it was used or withdrawn.
  code_hash text,
  expires_at timestamptz not null,
  tries integer not null default 0,
  -- When codes were sent within the last day: what the limits count.
  sent_at timestamptz[] not null default '{}'
);

-- Where a provider wants the person to go on, by what it was asked under.
create table provider_links (
  request_id text primary key,
  account_id text not null,
  method text not null,
  url text not null,
  given_at timestamptz not null
);
create index provider_links_by_account on provider_links (account_id);

-- The message is sealed like an event, under a salt in envelope_salts with the appeal's id: erased with the account.
create table appeals (
  id text primary key,
  account_id text not null,
  -- Null until its case is open.
  case_id text,
  sealed text not null,
  appealed_at timestamptz not null
);
create index appeals_by_account on appeals (account_id, appealed_at);
create index appeals_without_case on appeals (appealed_at) where case_id is null;

alter table verifications drop constraint verifications_state_check;
alter table verifications add constraint verifications_state_check
  check (state in ('requested', 'passed', 'failed', 'expired'));
create index verifications_waiting on verifications (requested_at) where state = 'requested';
create index verifications_by_evidence on verifications using gin (evidence jsonb_path_ops);

-- An appeal is for another person than who denied the account.
alter table cases add column barred_actor text;
