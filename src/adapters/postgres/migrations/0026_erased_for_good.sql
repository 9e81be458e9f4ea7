-- The planner's samples of a column hold values of its rows, also of rows that are gone, for whoever may read pg_stats: what an
-- erasure takes away is not sampled. No plan needs it.
alter table envelope_salts alter column salt set statistics 0;
alter table decisions alter column inputs set statistics 0, alter column answer set statistics 0;
alter table cases alter column title set statistics 0, alter column email_domain set statistics 0;
alter table case_entries alter column detail set statistics 0;
alter table audit alter column detail set statistics 0;
alter table labels alter column source set statistics 0;
alter table outbox alter column payload set statistics 0;
alter table verifications alter column evidence set statistics 0;
alter table list_entries alter column value set statistics 0, alter column reason set statistics 0;

-- Sessions of browsers that were ended before their time, until that is over.
create table closed_sessions (
  id text primary key,
  expires_at timestamptz not null
);
create index closed_sessions_by_end on closed_sessions (expires_at);
