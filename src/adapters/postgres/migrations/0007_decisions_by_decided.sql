-- Backtests read all decisions of a time in the order in which they were made.
create index decisions_by_decided on decisions (decided_at, id);
