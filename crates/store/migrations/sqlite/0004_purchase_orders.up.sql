-- Orders to suppliers and what came of them. Two engines, one schema: keep this file and its twin for PostgreSQL in step.

-- The last number that a kind of document was given.
create table document_numbers (
    name text not null primary key,
    last integer not null
) strict;

create table purchase_orders (
    id blob not null primary key,
    number integer not null unique,
    supplier_id blob not null references suppliers (id),
    state text not null check (state in ('draft', 'sent', 'partial', 'received', 'closed', 'cancelled')),
    notes text not null default '',
    promised_on integer,
    sent_text text,
    actor text not null,
    actor_name text not null,
    created_at integer not null,
    sent_at integer,
    received_at integer,
    closed_at integer,
    closed_by text,
    closing_reason text,
    version integer not null default 1
) strict;
-- One open list per supplier: what is ordered again goes onto it.
create unique index purchase_orders_draft on purchase_orders (supplier_id) where state = 'draft';
create index purchase_orders_by_time on purchase_orders (created_at, id);

-- What is ordered, and how much of it came: in the line's own unit as it is told to the supplier, and in the product's unit.
create table purchase_order_lines (
    order_id blob not null references purchase_orders (id),
    line integer not null,
    product_id blob references products (id),
    about text not null,
    about_folded text not null,
    quantity integer check (quantity > 0),
    unit text,
    base_quantity integer check (base_quantity > 0),
    base_received integer not null default 0 check (base_received >= 0),
    expected_cost integer,
    urgent integer not null,
    primary key (order_id, line)
) strict;
create index purchase_order_lines_by_product on purchase_order_lines (product_id) where product_id is not null;

-- Which lines of the notebook an order's line came from.
create table purchase_order_notes (
    entry_id blob not null primary key references notebook_entries (id),
    order_id blob not null references purchase_orders (id),
    line integer not null
) strict;
create index purchase_order_notes_by_order on purchase_order_notes (order_id);

-- What arrived, whether it was ordered or not. Never changed but to say that it was undone.
create table goods_receipts (
    id blob not null primary key,
    number integer not null unique,
    order_id blob references purchase_orders (id),
    supplier_id blob references suppliers (id),
    location_id blob not null references locations (id),
    document text,
    reason text not null,
    actor text not null,
    actor_name text not null,
    received_at integer not null,
    reversed_at integer,
    reversed_by text,
    reversing_reason text
) strict;
create index goods_receipts_by_time on goods_receipts (received_at, id);
create index goods_receipts_by_order on goods_receipts (order_id) where order_id is not null;

-- quantity and damaged are in unit. base_quantity is what quantity is by the pack, and decides whether the order is fulfilled;
-- moved_quantity is what came into stock, which differs where pieces were weighed.
create table goods_receipt_lines (
    receipt_id blob not null references goods_receipts (id),
    line integer not null,
    order_line integer,
    product_id blob not null references products (id),
    quantity integer not null check (quantity >= 0),
    unit text not null,
    base_quantity integer not null,
    moved_quantity integer not null,
    damaged integer not null check (damaged >= 0),
    lot_code text not null,
    expires_on integer,
    unit_cost integer,
    last_cost_before integer,
    movement_id blob references movements (id),
    primary key (receipt_id, line)
) strict;
