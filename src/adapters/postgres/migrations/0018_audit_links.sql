-- What seals the audit trail: a chain of keyed hashes, made behind the commits by one instance at a time, in order of seq.
-- Its end is kept in meta too ('audit_head'), in the same transaction.
create table audit_links (
  count bigint primary key,
  seq bigint not null unique,
  digest text not null,
  link text not null
);
