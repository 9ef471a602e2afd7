-- The shop's first schema. Types follow docs/ARCHITECTURE.md: ids are uuids, numbers are scaled integers,
-- instants are microseconds UTC, days are days since 1970-01-01. The SQLite twin says the same.

create table locations (
    id uuid not null primary key,
    code text not null unique,
    name text not null,
    kind text not null check (kind in ('stock', 'quarantine', 'transit', 'supplier', 'customer', 'waste', 'own_use', 'inventory_difference')),
    position bigint not null,
    active boolean not null default true,
    version bigint not null default 1
);

create table settings (
    key text not null primary key,
    value text not null,
    version bigint not null default 1,
    updated_at bigint not null
);

create table users (
    id uuid not null primary key,
    username text not null unique,
    name text not null,
    role text not null check (role in ('admin', 'manager', 'deposito', 'negocio', 'cashier', 'auditor')),
    location_id uuid references locations (id),
    password_hash text not null,
    active boolean not null default true,
    failures bigint not null default 0,
    locked_until bigint,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);

create table sessions (
    id_hash bytea not null primary key,
    user_id uuid not null references users (id),
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null,
    client_ip text not null,
    agent text not null
);
create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);

create table setup_tokens (
    token_hash bytea not null primary key,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);

create table api_keys (
    id uuid not null primary key,
    name text not null unique,
    secret_hash bytea not null unique,
    scopes text not null,
    quota bigint,
    location_id uuid references locations (id),
    created_at bigint not null,
    expires_at bigint not null,
    last_used_at bigint,
    revoked_at bigint
);

create table idempotency_keys (
    owner text not null,
    key text not null,
    request_hash bytea not null,
    answer bytea not null,
    created_at bigint not null,
    primary key (owner, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

create table categories (
    id uuid not null primary key,
    code text not null unique,
    name text not null,
    parent_id uuid references categories (id),
    margin_min_bp bigint not null,
    margin_max_bp bigint not null,
    vat_bp bigint not null,
    cost_alert_bp bigint not null,
    rounding_step bigint not null,
    expires boolean not null,
    position bigint not null,
    active boolean not null default true,
    version bigint not null default 1,
    check (margin_min_bp >= 0 and margin_max_bp >= margin_min_bp)
);

create table category_seasons (
    category_id uuid not null references categories (id),
    month bigint not null check (month between 1 and 12),
    factor_permille bigint not null check (factor_permille > 0),
    primary key (category_id, month)
);

create table suppliers (
    id uuid not null primary key,
    code text not null unique,
    name text not null,
    active boolean not null default true,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);

create table products (
    id uuid not null primary key,
    sku text not null unique,
    name text not null,
    short_name text not null,
    description text not null default '',
    category_id uuid not null references categories (id),
    brand text not null default '',
    variant text not null default '',
    unit text not null check (unit in ('un', 'kg', 'g', 'l', 'ml', 'm')),
    content_quantity bigint,
    content_unit text,
    sold_by_weight boolean not null default false,
    weight_g bigint,
    width_mm bigint,
    height_mm bigint,
    depth_mm bigint,
    internal_code text,
    scale_plu text unique,
    vat_bp bigint not null,
    internal_taxes boolean not null default false,
    min_stock bigint not null,
    max_stock bigint not null,
    reorder_point bigint not null,
    target_days bigint,
    perishable boolean not null default false,
    shelf_life_days bigint,
    alert_days bigint,
    acquisition_cost bigint,
    replacement_cost bigint,
    alcohol boolean not null default false,
    tobacco boolean not null default false,
    returnable boolean not null default false,
    image text,
    notes text not null default '',
    active boolean not null default true,
    name_folded text not null,
    search_text text not null,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1,
    check (max_stock >= min_stock and min_stock >= 0)
);
create index products_by_category on products (category_id, name_folded, id);
create index products_by_name on products (name_folded, id);

create table presentations (
    id uuid not null primary key,
    product_id uuid not null references products (id),
    name text not null,
    factor_num bigint not null check (factor_num > 0),
    factor_den bigint not null check (factor_den > 0),
    price bigint,
    position bigint not null,
    unique (product_id, name)
);

create table barcodes (
    code text not null primary key,
    product_id uuid not null references products (id),
    presentation_id uuid references presentations (id),
    created_at bigint not null
);
create index barcodes_by_product on barcodes (product_id);

create table aliases (
    id uuid not null primary key,
    product_id uuid not null references products (id),
    text text not null,
    folded text not null,
    source text not null check (source in ('manual', 'ocr', 'notebook', 'list')),
    confidence_permille bigint not null,
    supplier_id uuid references suppliers (id),
    created_at bigint not null
);
create unique index aliases_once on aliases (product_id, folded, coalesce(supplier_id, '00000000-0000-0000-0000-000000000000'::uuid));
create index aliases_by_text on aliases (folded);

create table prices (
    product_id uuid not null references products (id),
    list text not null,
    amount bigint not null check (amount > 0),
    changed_at bigint not null,
    changed_by text not null,
    primary key (product_id, list)
);

create table shelf_targets (
    product_id uuid not null references products (id),
    location_id uuid not null references locations (id),
    quantity bigint not null check (quantity >= 0),
    primary key (product_id, location_id)
);

create table product_suppliers (
    product_id uuid not null references products (id),
    supplier_id uuid not null references suppliers (id),
    supplier_sku text not null default '',
    pack_num bigint not null default 1,
    pack_den bigint not null default 1,
    last_cost bigint,
    lead_days bigint,
    main boolean not null default false,
    primary key (product_id, supplier_id)
);
create index product_suppliers_by_supplier on product_suppliers (supplier_id, product_id);

create table lots (
    id uuid not null primary key,
    product_id uuid not null references products (id),
    code text not null,
    expires_on integer,
    unit_cost bigint,
    received_at bigint not null
);
create unique index lots_once on lots (product_id, code, coalesce(expires_on, -1));
create index lots_by_expiry on lots (expires_on);

create table stock_heads (
    product_id uuid not null primary key references products (id),
    on_hand bigint not null,
    avco_value bigint not null,
    last_cost bigint,
    fifo_layers text not null,
    last_sequence bigint not null,
    last_occurred_at bigint,
    demand_quantity bigint not null default 0,
    demand_days bigint not null default 0,
    level text not null check (level in ('negative', 'out_of_stock', 'critical', 'low', 'normal', 'overstock', 'no_movement')),
    severity bigint not null,
    cover_tenths bigint,
    version bigint not null default 0
);
create index stock_heads_by_level on stock_heads (level, cover_tenths, product_id);
create index stock_heads_needing_care on stock_heads (severity, cover_tenths, product_id) where severity < 4;

create table balances (
    product_id uuid not null references products (id),
    location_id uuid not null references locations (id),
    lot_id uuid not null references lots (id),
    quantity bigint not null,
    version bigint not null,
    primary key (product_id, location_id, lot_id)
);
create index balances_by_location on balances (location_id, product_id);

create table negative_policies (
    id uuid not null primary key,
    product_id uuid references products (id),
    location_id uuid references locations (id),
    channel text check (channel in ('till', 'counter', 'api', 'import', 'job')),
    overdraw text not null check (overdraw in ('refuse', 'allow_and_flag', 'allow'))
);

create table movements (
    sequence bigint generated by default as identity primary key,
    id uuid not null unique,
    kind text not null check (kind in ('receipt', 'issue', 'waste', 'own_use', 'sale', 'customer_return', 'supplier_return', 'transfer', 'adjustment', 'opening', 'count')),
    product_id uuid not null references products (id),
    quantity bigint not null check (quantity > 0),
    entered_quantity bigint not null,
    entered_unit text not null,
    from_location_id uuid not null references locations (id),
    to_location_id uuid not null references locations (id),
    unit_cost bigint,
    reason text not null,
    waste_reason text,
    document text,
    flags text not null,
    channel text not null check (channel in ('till', 'counter', 'api', 'import', 'job')),
    source_kind text check (source_kind in ('transfer', 'count', 'reservation', 'import', 'product')),
    source_id uuid,
    reverses_id uuid unique references movements (id),
    actor text not null,
    actor_name text not null,
    occurred_at bigint not null,
    recorded_at bigint not null
);
create index movements_by_product on movements (product_id, occurred_at, sequence);
create index movements_by_time on movements (occurred_at, sequence);
create index movements_by_document on movements (document) where document is not null;
create index movements_by_source on movements (source_id) where source_id is not null;

create table movement_lines (
    sequence bigint not null references movements (sequence),
    line bigint not null,
    product_id uuid not null references products (id),
    location_id uuid not null references locations (id),
    lot_id uuid not null references lots (id),
    delta bigint not null check (delta <> 0),
    real_stock boolean not null,
    occurred_at bigint not null,
    primary key (sequence, line)
);
create index movement_lines_by_place on movement_lines (product_id, location_id, occurred_at, sequence, delta);

create table valuations (
    product_id uuid not null references products (id),
    occurred_at bigint not null,
    sequence bigint not null references movements (sequence),
    delta bigint not null,
    unit_cost bigint,
    fixed_value bigint,
    fixed_fifo_value bigint,
    moved_value bigint not null,
    moved_fifo_value bigint not null,
    quantity_after bigint not null,
    value_after bigint not null,
    cost_after bigint,
    primary key (product_id, occurred_at, sequence)
);

create table reservations (
    id uuid not null primary key,
    product_id uuid not null references products (id),
    location_id uuid not null references locations (id),
    quantity bigint not null check (quantity > 0),
    state text not null check (state in ('pending', 'posted', 'voided', 'expired')),
    reason text not null,
    document text,
    closing_reason text,
    expires_at bigint not null,
    movement_id uuid references movements (id),
    actor text not null,
    actor_name text not null,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create index reservations_pending on reservations (product_id, location_id) where state = 'pending';
create index reservations_by_time on reservations (created_at, id);

create table transfers (
    id uuid not null primary key,
    from_location_id uuid not null references locations (id),
    to_location_id uuid not null references locations (id),
    state text not null check (state in ('sent', 'received', 'cancelled')),
    reason text not null,
    document text,
    actor text not null,
    actor_name text not null,
    sent_at bigint not null,
    closed_at bigint,
    version bigint not null default 1,
    check (from_location_id <> to_location_id)
);
create index transfers_by_time on transfers (sent_at, id);

create table transfer_lines (
    transfer_id uuid not null references transfers (id),
    line bigint not null,
    product_id uuid not null references products (id),
    quantity_sent bigint not null check (quantity_sent > 0),
    quantity_received bigint,
    sent_movement_id uuid not null references movements (id),
    primary key (transfer_id, line)
);

create table counts (
    id uuid not null primary key,
    location_id uuid not null references locations (id),
    state text not null check (state in ('open', 'posted', 'cancelled')),
    blind boolean not null,
    reason text not null,
    actor text not null,
    actor_name text not null,
    opened_at bigint not null,
    closed_at bigint,
    version bigint not null default 1
);
create index counts_by_time on counts (opened_at, id);

create table count_lines (
    count_id uuid not null references counts (id),
    product_id uuid not null references products (id),
    lot_id uuid not null references lots (id),
    counted bigint not null check (counted >= 0),
    expected bigint not null,
    position bigint not null,
    times bigint not null,
    recount boolean not null,
    counted_at bigint not null,
    counted_by text not null,
    movement_id uuid references movements (id),
    primary key (count_id, product_id, lot_id)
);

create table imports (
    id uuid not null primary key,
    kind text not null check (kind in ('products', 'suppliers', 'stock', 'prices')),
    state text not null check (state in ('previewed', 'applied', 'refused', 'undone')),
    file_name text not null,
    file_hash bytea not null,
    mapping text not null,
    rows_total bigint not null,
    rows_good bigint not null,
    rows_bad bigint not null,
    atomic boolean not null,
    actor text not null,
    actor_name text not null,
    created_at bigint not null,
    undone_at bigint
);
create index imports_by_time on imports (created_at, id);

create table import_errors (
    import_id uuid not null references imports (id),
    entry bigint not null,
    line bigint not null,
    field text not null,
    code text not null,
    detail text not null,
    value text not null,
    primary key (import_id, entry)
);

create table import_changes (
    import_id uuid not null references imports (id),
    entry bigint not null,
    line bigint not null,
    target_kind text not null,
    target_id uuid not null,
    before text,
    version_after bigint,
    primary key (import_id, entry)
);

create table import_mappings (
    kind text not null,
    header text not null,
    mapping text not null,
    updated_at bigint not null,
    primary key (kind, header)
);

create function keep_history() returns trigger language plpgsql as $$
begin
    raise exception '% is never edited or deleted; reverse the movement', tg_table_name;
end;
$$;
create trigger movements_keep_history before update or delete or truncate on movements
    for each statement execute function keep_history();
create trigger movement_lines_keep_history before update or delete or truncate on movement_lines
    for each statement execute function keep_history();
