-- The notebook: what is missing, wanted or broken, written down by whoever works in the shop. Two engines, one schema: keep
-- this file and its twin for PostgreSQL in step.

create table notebook_entries (
    id blob not null primary key,
    action text not null check (action in ('restock', 'purchase', 'remark', 'incident')),
    product_id blob references products (id),
    about text not null,
    about_folded text not null,
    quantity integer check (quantity > 0),
    unit text,
    supplier_id blob references suppliers (id),
    priority text not null check (priority in ('high', 'normal', 'low')),
    state text not null check (state in ('pending', 'ordered', 'received', 'discarded')),
    reason text,
    closing_reason text,
    first_noted_at integer not null,
    noted_at integer not null,
    version integer not null default 1,
    check (quantity is null or unit is not null)
) strict;
create index notebook_entries_by_time on notebook_entries (noted_at, id);
create index notebook_entries_pending on notebook_entries (product_id, about_folded, noted_at) where state = 'pending';

-- Every time that an entry was noted: who said what, and when. An entry that was noted twice within the hour has two.
create table notebook_notes (
    entry_id blob not null references notebook_entries (id),
    line integer not null,
    sentence text not null,
    quantity integer check (quantity > 0),
    unit text,
    actor text not null,
    actor_name text not null,
    noted_at integer not null,
    primary key (entry_id, line)
) strict;
