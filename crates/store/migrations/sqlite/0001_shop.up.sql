-- The shop's first schema. Types follow docs/ARCHITECTURE.md: ids are blobs, numbers are scaled integers,
-- instants are microseconds UTC, days are days since 1970-01-01. The PostgreSQL twin says the same.

create table locations (
    id blob not null primary key,
    code text not null unique,
    name text not null,
    kind text not null check (kind in ('stock', 'quarantine', 'transit', 'supplier', 'customer', 'waste', 'own_use', 'inventory_difference')),
    position integer not null,
    active integer not null default 1,
    version integer not null default 1
) strict;

create table settings (
    key text not null primary key,
    value text not null,
    version integer not null default 1,
    updated_at integer not null
) strict;

create table users (
    id blob not null primary key,
    username text not null unique,
    name text not null,
    role text not null check (role in ('admin', 'manager', 'deposito', 'negocio', 'cashier', 'auditor')),
    location_id blob references locations (id),
    password_hash text not null,
    email blob,
    email_index blob,
    phone blob,
    totp_secret blob,
    totp_pending blob,
    totp_step integer not null default 0,
    active integer not null default 1,
    failures integer not null default 0,
    locked_until integer,
    created_at integer not null,
    updated_at integer not null,
    version integer not null default 1
) strict;
create index users_by_email on users (email_index) where email_index is not null;

create table sessions (
    id_hash blob not null primary key,
    id blob not null unique,
    user_id blob not null references users (id),
    created_at integer not null,
    seen_at integer not null,
    expires_at integer not null,
    client_ip text not null,
    agent text not null
) strict;
create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);

create table recovery_codes (
    user_id blob not null references users (id),
    code_hash blob not null,
    used_at integer,
    primary key (user_id, code_hash)
) strict;

create table setup_tokens (
    token_hash blob not null primary key,
    created_at integer not null,
    expires_at integer not null,
    used_at integer
) strict;

create table api_keys (
    id blob not null primary key,
    name text not null unique,
    secret_hash blob not null unique,
    previous_hash blob unique,
    previous_until integer,
    scopes text not null,
    quota integer,
    networks text,
    location_id blob references locations (id),
    owner_id blob references users (id),
    created_at integer not null,
    expires_at integer not null,
    last_used_at integer,
    revoked_at integer
) strict;

create table idempotency_keys (
    owner text not null,
    key text not null,
    request_hash blob not null,
    answer blob not null,
    created_at integer not null,
    primary key (owner, key)
) strict;
create index idempotency_keys_by_age on idempotency_keys (created_at);

create table categories (
    id blob not null primary key,
    code text not null unique,
    name text not null,
    parent_id blob references categories (id),
    margin_min_bp integer not null,
    margin_max_bp integer not null,
    vat_bp integer not null,
    cost_alert_bp integer not null,
    rounding_step integer not null,
    expires integer not null,
    position integer not null,
    codes_issued integer not null default 0,
    active integer not null default 1,
    version integer not null default 1,
    check (margin_min_bp >= 0 and margin_max_bp >= margin_min_bp)
) strict;

create table category_seasons (
    category_id blob not null references categories (id),
    month integer not null check (month between 1 and 12),
    factor_permille integer not null check (factor_permille > 0),
    primary key (category_id, month)
) strict;

create table suppliers (
    id blob not null primary key,
    code text not null unique,
    name text not null,
    active integer not null default 1,
    created_at integer not null,
    updated_at integer not null,
    version integer not null default 1
) strict;

create table products (
    number integer not null primary key,
    id blob not null unique,
    sku text not null unique,
    name text not null,
    short_name text not null,
    description text not null default '',
    category_id blob not null references categories (id),
    brand text not null default '',
    variant text not null default '',
    unit text not null check (unit in ('un', 'kg', 'g', 'l', 'ml', 'm')),
    content_quantity integer,
    content_unit text,
    sold_by_weight integer not null default 0,
    weight_g integer,
    width_mm integer,
    height_mm integer,
    depth_mm integer,
    internal_code text unique,
    scale_plu text unique,
    vat_bp integer not null,
    internal_taxes integer not null default 0,
    min_stock integer not null,
    max_stock integer not null,
    reorder_point integer not null,
    target_days integer,
    perishable integer not null default 0,
    shelf_life_days integer,
    alert_days integer,
    acquisition_cost blob,
    replacement_cost integer,
    alcohol integer not null default 0,
    tobacco integer not null default 0,
    returnable integer not null default 0,
    image text,
    notes text not null default '',
    active integer not null default 1,
    name_folded text not null,
    brand_folded text not null default '',
    search_text text not null,
    created_at integer not null,
    updated_at integer not null,
    version integer not null default 1,
    check (max_stock >= min_stock and min_stock >= 0)
) strict;
create index products_by_category on products (category_id, name_folded, id);
create index products_by_name on products (name_folded, id);
create index products_by_brand on products (brand_folded, name_folded, id);
create index products_by_update on products (updated_at, id);

-- Finds a product by any three letters of its search text, which the triggers below keep in step.
create virtual table product_search using fts5 (search_text, content = 'products', content_rowid = 'number', tokenize = 'trigram');
create trigger products_join_search after insert on products
begin
    insert into product_search (rowid, search_text) values (new.number, new.search_text);
end;
create trigger products_change_search after update of search_text on products when old.search_text <> new.search_text
begin
    insert into product_search (product_search, rowid, search_text) values ('delete', old.number, old.search_text);
    insert into product_search (rowid, search_text) values (new.number, new.search_text);
end;
create trigger products_leave_search after delete on products
begin
    insert into product_search (product_search, rowid, search_text) values ('delete', old.number, old.search_text);
end;

create table presentations (
    id blob not null primary key,
    product_id blob not null references products (id),
    name text not null,
    factor_num integer not null check (factor_num > 0),
    factor_den integer not null check (factor_den > 0),
    price integer,
    position integer not null,
    unique (product_id, name)
) strict;

create table barcodes (
    code text not null primary key,
    product_id blob not null references products (id),
    presentation_id blob references presentations (id),
    created_at integer not null
) strict;
create index barcodes_by_product on barcodes (product_id);

create table aliases (
    id blob not null primary key,
    product_id blob not null references products (id),
    text text not null,
    folded text not null,
    source text not null check (source in ('manual', 'ocr', 'notebook', 'list')),
    confidence_permille integer not null,
    supplier_id blob references suppliers (id),
    created_at integer not null
) strict;
create unique index aliases_once on aliases (product_id, folded, coalesce(supplier_id, x'00'));
create index aliases_by_text on aliases (folded);

create table prices (
    product_id blob not null references products (id),
    list text not null,
    amount integer not null check (amount > 0),
    changed_at integer not null,
    changed_by text not null,
    primary key (product_id, list)
) strict;

create table shelf_targets (
    product_id blob not null references products (id),
    location_id blob not null references locations (id),
    quantity integer not null check (quantity >= 0),
    primary key (product_id, location_id)
) strict;

create table product_suppliers (
    product_id blob not null references products (id),
    supplier_id blob not null references suppliers (id),
    supplier_sku text not null default '',
    pack_num integer not null default 1,
    pack_den integer not null default 1,
    last_cost integer,
    lead_days integer,
    main integer not null default 0,
    primary key (product_id, supplier_id)
) strict;
create index product_suppliers_by_supplier on product_suppliers (supplier_id, product_id);

create table lots (
    id blob not null primary key,
    product_id blob not null references products (id),
    code text not null,
    expires_on integer,
    unit_cost integer,
    received_at integer not null
) strict;
create unique index lots_once on lots (product_id, code, coalesce(expires_on, -1));
create index lots_by_expiry on lots (expires_on);

create table stock_heads (
    product_id blob not null primary key references products (id),
    on_hand integer not null,
    avco_value integer not null,
    average_cost integer,
    fifo_layers text not null,
    last_sequence integer not null,
    last_occurred_at integer,
    demand_quantity integer not null default 0,
    demand_days integer not null default 0,
    level text not null check (level in ('negative', 'out_of_stock', 'critical', 'low', 'normal', 'overstock', 'no_movement')),
    severity integer not null,
    cover_tenths integer,
    version integer not null default 0
) strict;
create index stock_heads_by_level on stock_heads (level, cover_tenths, product_id);
create index stock_heads_needing_care on stock_heads (severity, (coalesce(cover_tenths, 9223372036854775807)), product_id) where severity < 4;

create table balances (
    product_id blob not null references products (id),
    location_id blob not null references locations (id),
    lot_id blob not null references lots (id),
    quantity integer not null,
    version integer not null,
    primary key (product_id, location_id, lot_id)
) strict, without rowid;
create index balances_by_location on balances (location_id, product_id);

create table negative_policies (
    id blob not null primary key,
    product_id blob references products (id),
    location_id blob references locations (id),
    channel text check (channel in ('till', 'counter', 'api', 'import', 'job')),
    overdraw text not null check (overdraw in ('refuse', 'allow_and_flag', 'allow'))
) strict;
create unique index negative_policies_once on negative_policies (coalesce(product_id, x'00'), coalesce(location_id, x'00'), coalesce(channel, ''));

create table movements (
    sequence integer not null primary key autoincrement,
    id blob not null unique,
    kind text not null check (kind in ('receipt', 'issue', 'waste', 'own_use', 'sale', 'customer_return', 'supplier_return', 'transfer', 'adjustment', 'opening', 'count')),
    product_id blob not null references products (id),
    quantity integer not null check (quantity > 0),
    entered_quantity integer not null,
    entered_unit text not null,
    from_location_id blob not null references locations (id),
    to_location_id blob not null references locations (id),
    unit_cost integer,
    reason text not null,
    waste_reason text,
    document text,
    flags text not null,
    channel text not null check (channel in ('till', 'counter', 'api', 'import', 'job')),
    source_kind text check (source_kind in ('transfer', 'count', 'reservation', 'import', 'product', 'goods_receipt')),
    source_id blob,
    reverses_id blob references movements (id),
    actor text not null,
    actor_name text not null,
    occurred_at integer not null,
    recorded_at integer not null
) strict;
create index movements_by_product on movements (product_id, occurred_at, sequence);
create index movements_by_time on movements (occurred_at, sequence);
-- A movement is reversed once. Partial, because few are: an index full of nothing is one that no engine trusts.
create unique index movements_reversed on movements (reverses_id) where reverses_id is not null;
create index movements_by_document on movements (document) where document is not null;
create index movements_by_source on movements (source_id) where source_id is not null;

create table movement_lines (
    sequence integer not null references movements (sequence),
    line integer not null,
    product_id blob not null references products (id),
    location_id blob not null references locations (id),
    lot_id blob not null references lots (id),
    delta integer not null check (delta <> 0),
    real_stock integer not null,
    occurred_at integer not null,
    primary key (sequence, line)
) strict, without rowid;
create index movement_lines_by_place on movement_lines (product_id, location_id, occurred_at, sequence, delta);

create table valuations (
    product_id blob not null references products (id),
    occurred_at integer not null,
    sequence integer not null references movements (sequence),
    delta integer not null,
    unit_cost integer,
    fixed_value integer,
    fixed_fifo_value integer,
    moved_value integer not null,
    moved_fifo_value integer not null,
    quantity_after integer not null,
    value_after integer not null,
    cost_after integer,
    primary key (product_id, occurred_at, sequence)
) strict, without rowid;

create table reservations (
    id blob not null primary key,
    product_id blob not null references products (id),
    location_id blob not null references locations (id),
    quantity integer not null check (quantity > 0),
    state text not null check (state in ('pending', 'posted', 'voided', 'expired')),
    reason text not null,
    document text,
    closing_reason text,
    expires_at integer not null,
    movement_id blob references movements (id),
    actor text not null,
    actor_name text not null,
    created_at integer not null,
    updated_at integer not null,
    version integer not null default 1
) strict;
create index reservations_pending on reservations (product_id, location_id) where state = 'pending';
create index reservations_by_time on reservations (created_at, id);

create table transfers (
    id blob not null primary key,
    from_location_id blob not null references locations (id),
    to_location_id blob not null references locations (id),
    state text not null check (state in ('sent', 'received', 'cancelled')),
    reason text not null,
    document text,
    actor text not null,
    actor_name text not null,
    sent_at integer not null,
    closed_at integer,
    closed_by text,
    closing_reason text,
    version integer not null default 1,
    check (from_location_id <> to_location_id)
) strict;
create index transfers_by_time on transfers (sent_at, id);
create index transfers_on_the_road on transfers (to_location_id) where state = 'sent';

create table transfer_lines (
    transfer_id blob not null references transfers (id),
    line integer not null,
    product_id blob not null references products (id),
    quantity_sent integer not null check (quantity_sent > 0),
    quantity_received integer,
    sent_movement_id blob not null references movements (id),
    primary key (transfer_id, line)
) strict;

create table counts (
    id blob not null primary key,
    location_id blob not null references locations (id),
    state text not null check (state in ('open', 'posted', 'cancelled')),
    blind integer not null,
    category_id blob references categories (id),
    listed integer not null,
    reason text not null,
    actor text not null,
    actor_name text not null,
    opened_at integer not null,
    closed_at integer,
    closed_by text,
    closing_reason text,
    version integer not null default 1
) strict;
create index counts_by_time on counts (opened_at, id);

create table count_products (
    count_id blob not null references counts (id),
    product_id blob not null references products (id),
    primary key (count_id, product_id)
) strict;

create table count_lines (
    count_id blob not null references counts (id),
    product_id blob not null references products (id),
    lot_id blob not null references lots (id),
    whole integer not null,
    counted integer not null check (counted >= 0),
    expected integer not null,
    position integer not null,
    times integer not null,
    recount integer not null,
    counted_at integer not null,
    counted_by text not null,
    movement_id blob references movements (id),
    primary key (count_id, product_id, lot_id)
) strict;

create table imports (
    id blob not null primary key,
    kind text not null check (kind in ('products', 'suppliers', 'stock', 'prices')),
    state text not null check (state in ('running', 'previewed', 'applied', 'refused', 'interrupted', 'undoing', 'undone')),
    file_name text not null,
    file_hash blob not null,
    header text not null,
    mapping text not null,
    dry_run integer not null,
    atomic integer not null,
    rows_total integer not null,
    rows_good integer not null,
    rows_bad integer not null,
    rows_created integer not null,
    rows_changed integer not null,
    remarks text not null,
    actor text not null,
    actor_name text not null,
    created_at integer not null,
    touched_at integer not null,
    finished_at integer,
    undone_at integer,
    file_id blob,
    decimals text check (decimals in ('comma', 'point')),
    location text
) strict;
create index imports_by_time on imports (created_at, id);

create table import_files (
    id blob not null primary key,
    kind text not null check (kind in ('products', 'suppliers', 'stock', 'prices')),
    file_name text not null,
    location text,
    content blob not null,
    sent_by text not null,
    sent_at integer not null
) strict;
create index import_files_by_time on import_files (sent_at);

create table import_rows (
    import_id blob not null references imports (id),
    line integer not null,
    id blob not null unique,
    cells blob not null,
    primary key (import_id, line)
) strict;

create table import_errors (
    import_id blob not null references imports (id),
    line integer not null,
    entry integer not null,
    field text not null,
    code text not null,
    detail_es text not null,
    detail_en text not null,
    value text not null,
    primary key (import_id, line, entry)
) strict;

create table import_changes (
    import_id blob not null references imports (id),
    line integer not null,
    target_kind text not null check (target_kind in ('product', 'supplier', 'movement')),
    target_id blob not null,
    label text not null,
    id blob not null unique,
    before blob,
    version_after integer not null,
    undo text,
    primary key (import_id, target_id, line)
) strict;
create index import_changes_by_target on import_changes (target_id);

create table import_mappings (
    kind text not null,
    header text not null,
    mapping text not null,
    updated_at integer not null,
    primary key (kind, header)
) strict;

create trigger movements_keep_history_update before update on movements
begin select raise(abort, 'movements are never edited; reverse them'); end;
create trigger movements_keep_history_delete before delete on movements
begin select raise(abort, 'movements are never deleted; reverse them'); end;
create trigger movement_lines_keep_history_update before update on movement_lines
begin select raise(abort, 'movement lines are never edited; reverse the movement'); end;
create trigger movement_lines_keep_history_delete before delete on movement_lines
begin select raise(abort, 'movement lines are never deleted; reverse the movement'); end;

create table audit_trail (
    sequence integer not null primary key autoincrement,
    event text not null,
    family text not null check (family in ('modify', 'read', 'key', 'auth', 'privilege')),
    at integer not null,
    actor text not null,
    actor_name text not null,
    face text not null,
    resource text not null,
    status integer not null,
    records integer not null,
    client_ip text not null,
    agent text not null,
    request_id text not null,
    class text not null check (class in ('public', 'internal', 'confidential', 'restricted')),
    sensitivity integer not null check (sensitivity between 1 and 100),
    reason text not null,
    before_digest blob,
    after_digest blob,
    position integer unique,
    prev_hash blob,
    row_hash blob
) strict;
create index audit_trail_by_time on audit_trail (at, sequence);
create index audit_trail_unsealed on audit_trail (sequence) where position is null;
create index audit_trail_watched on audit_trail (family, at) where family <> 'modify';
create trigger audit_trail_keep_history_update before update on audit_trail
when old.position is not null or new.position is null
    or new.sequence is not old.sequence
    or new.event is not old.event
    or new.family is not old.family
    or new.at is not old.at
    or new.actor is not old.actor
    or new.actor_name is not old.actor_name
    or new.face is not old.face
    or new.resource is not old.resource
    or new.status is not old.status
    or new.records is not old.records
    or new.client_ip is not old.client_ip
    or new.agent is not old.agent
    or new.request_id is not old.request_id
    or new.class is not old.class
    or new.sensitivity is not old.sensitivity
    or new.reason is not old.reason
    or new.before_digest is not old.before_digest
    or new.after_digest is not old.after_digest
begin select raise(abort, 'the audit trail is never edited'); end;
create trigger audit_trail_keep_history_delete before delete on audit_trail
begin select raise(abort, 'the audit trail is never deleted from'); end;

-- The shop's keys, wrapped by what the master secret stretches to. A key that nothing is sealed with any more is retired:
-- what is wrapped goes, its number stays.
create table encryption_keys (
    id integer not null primary key,
    purpose text not null check (purpose in ('field-1', 'field-2', 'index', 'digest', 'signing')),
    wrapped blob not null,
    created_at integer not null,
    retired_at integer
) strict;

create table encrypted_data_access_log (
    id integer not null primary key autoincrement,
    accessed_at integer not null,
    actor_type text not null check (actor_type in ('user', 'key', 'system', 'anonymous')),
    actor_id text not null,
    face text not null,
    db_role text not null,
    operation text not null check (operation in ('ENCRYPT', 'DECRYPT', 'ROTATE', 'EXPORT', 'DENIED')),
    table_name text not null,
    column_name text not null,
    record_ids text not null,
    record_count integer not null,
    record_digest blob not null,
    purpose text not null,
    outcome text not null check (outcome in ('allowed', 'denied')),
    error_code text not null,
    key_id integer,
    request_id text not null,
    client_ip text not null,
    position integer unique,
    prev_hash blob,
    row_hash blob
) strict;
create index encrypted_data_access_log_by_time on encrypted_data_access_log (accessed_at, id);
create index encrypted_data_access_log_by_actor on encrypted_data_access_log (actor_id, accessed_at);
create index encrypted_data_access_log_unsealed on encrypted_data_access_log (id) where position is null;
create trigger encrypted_data_access_log_keep_history_update before update on encrypted_data_access_log
when old.position is not null or new.position is null
    or new.id is not old.id
    or new.accessed_at is not old.accessed_at
    or new.actor_type is not old.actor_type
    or new.actor_id is not old.actor_id
    or new.face is not old.face
    or new.db_role is not old.db_role
    or new.operation is not old.operation
    or new.table_name is not old.table_name
    or new.column_name is not old.column_name
    or new.record_ids is not old.record_ids
    or new.record_count is not old.record_count
    or new.record_digest is not old.record_digest
    or new.purpose is not old.purpose
    or new.outcome is not old.outcome
    or new.error_code is not old.error_code
    or new.key_id is not old.key_id
    or new.request_id is not old.request_id
    or new.client_ip is not old.client_ip
begin select raise(abort, 'the log of accesses is never edited'); end;
create trigger encrypted_data_access_log_keep_history_delete before delete on encrypted_data_access_log
begin select raise(abort, 'the log of accesses is never deleted from'); end;

-- Finds who read a record: one line per record that an access opened.
create table encrypted_data_access_records (
    record_id blob not null,
    accessed_at integer not null,
    access_id integer not null references encrypted_data_access_log (id),
    primary key (record_id, accessed_at, access_id)
) strict, without rowid;

create table detections (
    id blob not null primary key,
    detector text not null check (detector in ('brute_force', 'off_hours', 'exfiltration', 'privilege_escalation', 'decrypt_failures', 'ip_spread', 'unusual_access', 'key_misuse')),
    severity text not null check (severity in ('medium', 'high', 'critical')),
    subject text not null,
    subject_name text not null,
    about text not null,
    first_at integer not null,
    last_at integer not null,
    count integer not null,
    found_at integer not null,
    seen_at integer,
    seen_by text,
    note text
) strict;
create index detections_by_subject on detections (detector, subject, about, last_at);
create index detections_by_finding on detections (found_at, id);

create table trail_anchors (
    hash blob not null primary key,
    position integer not null unique,
    at integer not null,
    public_key blob not null,
    signature blob not null
) strict;
create trigger trail_anchors_keep_update before update on trail_anchors
begin select raise(abort, 'anchors are never edited'); end;
create trigger trail_anchors_keep_delete before delete on trail_anchors
begin select raise(abort, 'anchors are never deleted'); end;
