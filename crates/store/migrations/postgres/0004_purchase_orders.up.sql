-- Orders to suppliers and what came of them. Two engines, one schema: keep this file and its twin for SQLite in step.

-- The last number that a kind of document was given.
create table document_numbers (
    name text not null primary key,
    last bigint not null
);

create table purchase_orders (
    id uuid not null primary key,
    number bigint not null unique,
    supplier_id uuid not null references suppliers (id),
    state text not null check (state in ('draft', 'sent', 'partial', 'received', 'closed', 'cancelled')),
    notes text not null default '',
    promised_on integer,
    sent_text text,
    actor text not null,
    actor_name text not null,
    created_at bigint not null,
    sent_at bigint,
    received_at bigint,
    closed_at bigint,
    closed_by text,
    closing_reason text,
    version bigint not null default 1
);
-- One open list per supplier: what is ordered again goes onto it.
create unique index purchase_orders_draft on purchase_orders (supplier_id) where state = 'draft';
create index purchase_orders_by_time on purchase_orders (created_at, id);

-- What is ordered, and how much of it came: in the line's own unit as it is told to the supplier, and in the product's unit.
create table purchase_order_lines (
    order_id uuid not null references purchase_orders (id),
    line bigint not null,
    product_id uuid references products (id),
    about text not null,
    about_folded text not null,
    quantity bigint check (quantity > 0),
    unit text,
    base_quantity bigint check (base_quantity > 0),
    base_received bigint not null default 0 check (base_received >= 0),
    expected_cost bigint,
    urgent boolean not null,
    primary key (order_id, line)
);
create index purchase_order_lines_by_product on purchase_order_lines (product_id) where product_id is not null;

-- Which lines of the notebook an order's line came from.
create table purchase_order_notes (
    entry_id uuid not null primary key references notebook_entries (id),
    order_id uuid not null references purchase_orders (id),
    line bigint not null
);
create index purchase_order_notes_by_order on purchase_order_notes (order_id);

-- What arrived, whether it was ordered or not. Never changed but to say that it was undone.
create table goods_receipts (
    id uuid not null primary key,
    number bigint not null unique,
    order_id uuid references purchase_orders (id),
    supplier_id uuid references suppliers (id),
    location_id uuid not null references locations (id),
    document text,
    reason text not null,
    actor text not null,
    actor_name text not null,
    received_at bigint not null,
    reversed_at bigint,
    reversed_by text,
    reversing_reason text
);
create index goods_receipts_by_time on goods_receipts (received_at, id);
create index goods_receipts_by_order on goods_receipts (order_id) where order_id is not null;

-- quantity and damaged are in unit. base_quantity is what quantity is by the pack, and decides whether the order is fulfilled;
-- moved_quantity is what came into stock, which differs where pieces were weighed.
create table goods_receipt_lines (
    receipt_id uuid not null references goods_receipts (id),
    line bigint not null,
    order_line bigint,
    product_id uuid not null references products (id),
    quantity bigint not null check (quantity >= 0),
    unit text not null,
    base_quantity bigint not null,
    moved_quantity bigint not null,
    damaged bigint not null check (damaged >= 0),
    lot_code text not null,
    expires_on integer,
    unit_cost bigint,
    last_cost_before bigint,
    movement_id uuid references movements (id),
    primary key (receipt_id, line)
);
