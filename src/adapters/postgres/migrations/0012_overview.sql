-- The overview counts what happened lately: signups by outcome, decisions that missed something, labels, changed rings.
create index decisions_signups on decisions (decided_at, outcome) where type = 'signup';
-- A clamped time is the caller's clock, not something that could not be had.
create index decisions_degraded on decisions (decided_at) where (answer->'degraded') - 'occurred_at_clamped' <> '[]'::jsonb;
create index labels_by_recording on labels (recorded_at);
create index rings_by_change on rings (changed_at) where state = 'open';
