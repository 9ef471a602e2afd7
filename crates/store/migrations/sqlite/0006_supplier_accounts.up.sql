create table supplier_entries (
    sequence integer not null primary key autoincrement,
    id blob not null unique,
    supplier_id blob not null references suppliers (id),
    kind text not null check (kind in ('opening', 'invoice', 'debit_note', 'credit_note', 'payment')),
    amount integer not null check (amount <> 0),
    document text,
    issued_on integer not null,
    due_on integer,
    method text check (method in ('cash', 'transfer', 'cheque', 'card')),
    reason text not null,
    reverses blob unique references supplier_entries (id),
    source_kind text,
    source_id blob,
    actor text not null,
    actor_name text not null,
    recorded_at integer not null
) strict;
create index supplier_entries_by_supplier on supplier_entries (supplier_id, sequence);
create index supplier_entries_by_document on supplier_entries (supplier_id, document) where document is not null;

create trigger supplier_entries_keep_history_update before update on supplier_entries
begin select raise(abort, 'entries of an account are never edited; reverse them'); end;
create trigger supplier_entries_keep_history_delete before delete on supplier_entries
begin select raise(abort, 'entries of an account are never deleted; reverse them'); end;
