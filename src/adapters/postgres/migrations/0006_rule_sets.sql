-- Every rule set that decided something: its decisions are explained with the rules of then. A list that changes each day
-- is kept once for each day; what stays the same is kept once.
create table rule_files (
  digest text primary key,
  -- gzip
  content bytea not null
);
-- It is compressed already.
alter table rule_files alter column content set storage external;

create table rule_sets (
  hash text primary key,
  version text not null,
  -- path to digest
  files jsonb not null,
  first_used_at timestamptz not null,
  last_used_at timestamptz not null
);
