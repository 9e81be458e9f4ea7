-- A provider that said `pending` without a link is known as well: after a failure the next try follows.
alter table provider_links alter column url drop not null;

-- The code that was used, as `code_hash`: whoever sends it twice is told so.
alter table email_codes add column used_hash text;
