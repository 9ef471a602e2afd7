-- Suppliers' invoices: the paper as it came, what it says, what became of it. Two engines, one schema: keep this file and its
-- twin for SQLite in step.

create table invoices (
    id uuid not null primary key,
    number bigint not null unique,
    state text not null check (state in ('pending', 'extracted', 'validated', 'applied', 'error', 'rejected')),
    -- How it came: a file's name, what it is and its digest; none of them when somebody typed it.
    file_name text not null default '',
    file_kind text,
    file_digest bytea,
    pages bigint not null default 0,
    -- Whether a person wrote or saw everything that it says.
    seen boolean not null,
    -- Digest of the CUIT that is printed on it.
    seller_index bytea,
    supplier_id uuid references suppliers (id),
    order_id uuid references purchase_orders (id),
    kind text check (kind in ('invoice', 'debit_note', 'credit_note', 'receipt', 'ticket', 'delivery_note', 'informal', 'price_list')),
    letter text check (letter in ('A', 'B', 'C', 'E', 'M', 'R', 'X')),
    point_of_sale bigint,
    document_number bigint,
    cae text,
    cae_due_on integer,
    issued_on integer,
    due_on integer,
    total bigint,
    confidence_permille bigint not null default 0,
    -- Why its file could not be read, or why it was rejected.
    note text not null default '',
    actor text not null,
    actor_name text not null,
    created_at bigint not null,
    read_at bigint,
    confirmed_by text,
    confirmed_at bigint,
    -- Where its goods, its debt and its costs are.
    receipt_id uuid references goods_receipts (id),
    own_receipt boolean not null default false,
    entry_id uuid references supplier_entries (id),
    applied_by text,
    applied_at bigint,
    reversed_by text,
    reversed_at bigint,
    reversing_reason text,
    version bigint not null default 1
);
create index invoices_by_time on invoices (created_at, id);
create index invoices_by_state on invoices (state, created_at);
create index invoices_by_digest on invoices (file_digest) where file_digest is not null;
-- A paper goes into the books once.
create unique index invoices_once on invoices (supplier_id, kind, coalesce(letter, ''), point_of_sale, document_number)
    where state in ('validated', 'applied') and document_number is not null;

-- The sums of an invoice: net and vat per rate, what carries no VAT, other taxes, perceptions per province.
create table invoice_amounts (
    invoice_id uuid not null references invoices (id),
    position bigint not null,
    kind text not null check (kind in ('net', 'vat', 'exempt', 'not_taxed', 'excise', 'vat_perception', 'gross_income', 'other')),
    rate_permille bigint,
    province text not null default '',
    amount bigint not null,
    primary key (invoice_id, position)
);

-- Its lines as they are printed, and what each is to the shop. received and unit_cost are in the product's own unit.
create table invoice_lines (
    invoice_id uuid not null references invoices (id),
    line bigint not null,
    code text not null default '',
    barcode text not null default '',
    about text not null,
    quantity bigint,
    unit text not null default '',
    units_per_case bigint,
    price bigint,
    discount_bp bigint not null default 0,
    vat text,
    subtotal bigint,
    is_goods boolean not null,
    product_id uuid references products (id),
    matched_by text check (matched_by in ('person', 'barcode', 'code', 'alias', 'likeness')),
    lot_code text not null default '',
    expires_on integer,
    received bigint,
    unit_cost bigint,
    last_cost_before bigint,
    replacement_cost_before bigint,
    confidence_permille bigint not null default 0,
    primary key (invoice_id, line)
);
create index invoice_lines_by_product on invoice_lines (product_id) where product_id is not null;

-- The file as it came and the words that were read from it, sealed.
create table invoice_files (
    id uuid not null primary key references invoices (id),
    original bytea not null,
    words bytea
);

-- Its pages as pictures, sealed.
create table invoice_pages (
    id uuid not null primary key,
    invoice_id uuid not null references invoices (id),
    page bigint not null,
    picture bytea not null
);
create unique index invoice_pages_once on invoice_pages (invoice_id, page);

-- How a supplier's papers read, learned from those that a person corrected.
create table supplier_layouts (
    supplier_id uuid not null primary key references suppliers (id),
    layout text not null,
    learned_at bigint not null
);

-- What a supplier owes the shop because of an invoice: goods that did not come or came broken, prices that were not agreed.
create table supplier_claims (
    id uuid not null primary key,
    number bigint not null unique,
    supplier_id uuid not null references suppliers (id),
    invoice_id uuid not null references invoices (id),
    line bigint not null,
    product_id uuid references products (id),
    about text not null,
    kind text not null check (kind in ('missing', 'damaged', 'cost')),
    expected bigint not null,
    found bigint not null,
    amount bigint not null,
    state text not null check (state in ('open', 'settled', 'dropped')),
    created_at bigint not null,
    ended_by text,
    ended_at bigint,
    ending text
);
create index supplier_claims_by_time on supplier_claims (created_at, id);
create index supplier_claims_by_invoice on supplier_claims (invoice_id);
