-- Price lists that suppliers give: the cells as they came, what each column is, what each row is to the shop, and what came of
-- it. Two engines, one schema: keep this file and its twin for PostgreSQL in step.

create table supplier_lists (
    id blob not null primary key,
    number integer not null unique,
    supplier_id blob not null references suppliers (id),
    name text not null,
    state text not null check (state in ('draft', 'applied', 'reversed', 'discarded')),
    valid_from integer not null,
    valid_to integer,
    file_name text not null default '',
    file_digest blob not null,
    -- The titles of the file and the field that each column feeds, as JSON.
    columns text not null,
    -- The list of the same supplier that it is compared with.
    previous_id blob references supplier_lists (id),
    actor text not null,
    actor_name text not null,
    created_at integer not null,
    applied_by text,
    applied_at integer,
    reversed_by text,
    reversed_at integer,
    reversing_reason text,
    version integer not null default 1,
    check (valid_to is null or valid_to >= valid_from)
) strict;
create index supplier_lists_by_time on supplier_lists (created_at, id);
create index supplier_lists_by_supplier on supplier_lists (supplier_id, number);

-- The cells of the file, sealed.
create table supplier_list_files (
    id blob not null primary key references supplier_lists (id),
    cells blob not null
) strict;

-- Its rows as they are printed, and what each is to the shop.
create table supplier_list_lines (
    list_id blob not null references supplier_lists (id),
    line integer not null,
    -- What tells a row from another in the lists of one supplier: barcode, code or wording.
    row_key text not null,
    code text not null default '',
    barcode text not null default '',
    about text not null,
    brand text not null default '',
    category text not null default '',
    unit text not null default '',
    units_per_case integer,
    price integer,
    discount_bp integer not null default 0,
    vat text,
    product_id blob references products (id),
    matched_by text check (matched_by in ('person', 'barcode', 'code', 'alias', 'likeness')),
    certainty text not null check (certainty in ('certain', 'automatic', 'person', 'none')),
    score_permille integer,
    unit_cost integer,
    -- Why it has no cost; empty where it has one.
    problem text not null default '',
    change text not null check (change in ('new', 'dearer', 'cheaper', 'same', 'unknown')),
    price_before integer,
    unit_cost_before integer,
    chosen integer not null,
    outcome text check (outcome in ('applied', 'reversed', 'skipped')),
    replacement_cost_before integer,
    primary key (list_id, line)
) strict;
create index supplier_list_lines_by_product on supplier_list_lines (product_id, list_id) where product_id is not null;
create index supplier_list_lines_by_key on supplier_list_lines (list_id, row_key);

-- What the columns of a supplier's lists are, as a person said: fields by titles, as JSON.
create table supplier_list_columns (
    supplier_id blob not null primary key references suppliers (id),
    fields text not null,
    learned_at integer not null
) strict;
