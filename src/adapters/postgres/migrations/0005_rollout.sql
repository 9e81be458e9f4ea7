-- What rules do, kept for all instances and across restarts, and what follows from it.

-- One row for each rule, version of its definition and hour; the hour 1970-01-01 is the sum of all hours of that version.
create table rule_counts (
  rule text not null,
  definition text not null,
  hour timestamptz not null,
  -- Events of the rule's types.
  evaluated bigint not null default 0,
  -- Its condition was true: it counted, or it was in shadow, its account outside the roll-out, its fuse blown.
  live bigint not null default 0,
  shadow bigint not null default 0,
  outside bigint not null default 0,
  blown bigint not null default 0,
  -- Its condition was true, and an exception, or a clearance of the account, let it pass.
  excepted bigint not null default 0,
  cleared bigint not null default 0,
  -- Of `sampled` evaluations that were looked at more closely: how many were unknown, and their time.
  unknown bigint not null default 0,
  sampled bigint not null default 0,
  nanoseconds bigint not null default 0,
  -- Outcomes of the decisions that it counted in.
  allowed bigint not null default 0,
  limited bigint not null default 0,
  held bigint not null default 0,
  denied bigint not null default 0,
  -- Outcomes that decisions would have had, where it did not count.
  would_allow bigint not null default 0,
  would_limit bigint not null default 0,
  would_hold bigint not null default 0,
  would_deny bigint not null default 0,
  would_change bigint not null default 0,
  last_fired_at timestamptz,
  written_at timestamptz not null default now(),
  primary key (rule, definition, hour)
);
create index rule_counts_by_hour on rule_counts (hour);

create table rule_exception_uses (
  rule text not null,
  definition text not null,
  -- Its place among the rule's exceptions.
  exception integer not null,
  uses bigint not null,
  last_used_at timestamptz not null,
  primary key (rule, definition, exception)
);

-- The last batch of each writer: one that is sent again is not counted again.
create table rule_count_writers (
  writer text primary key,
  batch bigint not null,
  written_at timestamptz not null default now()
);

-- Since when a rule says what it says, in the mode it has.
create table rule_states (
  rule text primary key,
  definition text not null,
  mode text not null,
  defined_at timestamptz not null,
  mode_since timestamptz not null
);

-- Rules that went to shadow by themselves: until the definition changes or someone resets it.
create table rule_fuses (
  rule text not null,
  definition text not null,
  blown_at timestamptz not null,
  hits bigint not null,
  events bigint not null,
  instance text not null,
  reset_at timestamptz,
  reset_by text,
  primary key (rule, definition)
);

-- How many different accounts were evaluated in an hour, estimated: one sketch a writer, to be laid over each other.
create table account_sketches (
  hour timestamptz not null,
  writer text not null,
  registers text not null,
  primary key (hour, writer)
);

-- One alert a period.
create table budget_alerts (
  over_ms bigint not null,
  period bigint not null,
  at timestamptz not null,
  detail jsonb not null,
  primary key (over_ms, period)
);
create index cases_by_opening on cases (opened_at);
create index case_accounts_by_joining on case_accounts (joined_at);

alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in ('access_changed', 'account_cleared', 'case_opened',
  'verification_requested', 'label_recorded', 'decision_created', 'ring_detected', 'rule_fuse_blown', 'budget_exceeded'));
