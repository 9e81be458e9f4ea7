-- An erasure looks for what labels of the account left in the outbox; nothing else is looked for by its subject.
create index outbox_labels_by_subject on outbox (subject) where kind = 'label_recorded';
