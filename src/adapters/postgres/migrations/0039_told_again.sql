-- What Redis has lost is told to it again: such a message was delivered before, and counts nothing.
alter table outbox add column told_again boolean not null default false;
