-- Suppliers' invoices: the paper as it came, what it says, what became of it. Two engines, one schema: keep this file and its
-- twin for PostgreSQL in step.

create table invoices (
    id blob not null primary key,
    number integer not null unique,
    state text not null check (state in ('pending', 'extracted', 'validated', 'applied', 'error', 'rejected')),
    -- How it came: a file's name, what it is and its digest; none of them when somebody typed it.
    file_name text not null default '',
    file_kind text,
    file_digest blob,
    pages integer not null default 0,
    -- Whether a person wrote or saw everything that it says.
    seen integer not null,
    -- Digest of the CUIT that is printed on it.
    seller_index blob,
    supplier_id blob references suppliers (id),
    order_id blob references purchase_orders (id),
    kind text check (kind in ('invoice', 'debit_note', 'credit_note', 'receipt', 'ticket', 'delivery_note', 'informal', 'price_list')),
    letter text check (letter in ('A', 'B', 'C', 'E', 'M', 'R', 'X')),
    point_of_sale integer,
    document_number integer,
    cae text,
    cae_due_on integer,
    issued_on integer,
    due_on integer,
    total integer,
    confidence_permille integer not null default 0,
    -- Why its file could not be read, or why it was rejected.
    note text not null default '',
    actor text not null,
    actor_name text not null,
    created_at integer not null,
    read_at integer,
    confirmed_by text,
    confirmed_at integer,
    -- Where its goods, its debt and its costs are.
    receipt_id blob references goods_receipts (id),
    own_receipt integer not null default 0,
    entry_id blob references supplier_entries (id),
    applied_by text,
    applied_at integer,
    reversed_by text,
    reversed_at integer,
    reversing_reason text,
    version integer not null default 1
) strict;
create index invoices_by_time on invoices (created_at, id);
create index invoices_by_state on invoices (state, created_at);
create index invoices_by_digest on invoices (file_digest) where file_digest is not null;
-- A paper goes into the books once.
create unique index invoices_once on invoices (supplier_id, kind, coalesce(letter, ''), point_of_sale, document_number)
    where state in ('validated', 'applied') and document_number is not null;

-- The sums of an invoice: net and vat per rate, what carries no VAT, other taxes, perceptions per province.
create table invoice_amounts (
    invoice_id blob not null references invoices (id),
    position integer not null,
    kind text not null check (kind in ('net', 'vat', 'exempt', 'not_taxed', 'excise', 'vat_perception', 'gross_income', 'other')),
    rate_permille integer,
    province text not null default '',
    amount integer not null,
    primary key (invoice_id, position)
) strict;

-- Its lines as they are printed, and what each is to the shop. received and unit_cost are in the product's own unit.
create table invoice_lines (
    invoice_id blob not null references invoices (id),
    line integer not null,
    code text not null default '',
    barcode text not null default '',
    about text not null,
    quantity integer,
    unit text not null default '',
    units_per_case integer,
    price integer,
    discount_bp integer not null default 0,
    vat text,
    subtotal integer,
    is_goods integer not null,
    product_id blob references products (id),
    matched_by text check (matched_by in ('person', 'barcode', 'code', 'alias', 'likeness')),
    lot_code text not null default '',
    expires_on integer,
    received integer,
    unit_cost integer,
    last_cost_before integer,
    replacement_cost_before integer,
    confidence_permille integer not null default 0,
    primary key (invoice_id, line)
) strict;
create index invoice_lines_by_product on invoice_lines (product_id) where product_id is not null;

-- The file as it came and the words that were read from it, sealed.
create table invoice_files (
    id blob not null primary key references invoices (id),
    original blob not null,
    words blob
) strict;

-- Its pages as pictures, sealed.
create table invoice_pages (
    id blob not null primary key,
    invoice_id blob not null references invoices (id),
    page integer not null,
    picture blob not null
) strict;
create unique index invoice_pages_once on invoice_pages (invoice_id, page);

-- How a supplier's papers read, learned from those that a person corrected.
create table supplier_layouts (
    supplier_id blob not null primary key references suppliers (id),
    layout text not null,
    learned_at integer not null
) strict;

-- What a supplier owes the shop because of an invoice: goods that did not come or came broken, prices that were not agreed.
create table supplier_claims (
    id blob not null primary key,
    number integer not null unique,
    supplier_id blob not null references suppliers (id),
    invoice_id blob not null references invoices (id),
    line integer not null,
    product_id blob references products (id),
    about text not null,
    kind text not null check (kind in ('missing', 'damaged', 'cost')),
    expected integer not null,
    found integer not null,
    amount integer not null,
    state text not null check (state in ('open', 'settled', 'dropped')),
    created_at integer not null,
    ended_by text,
    ended_at integer,
    ending text
) strict;
create index supplier_claims_by_time on supplier_claims (created_at, id);
create index supplier_claims_by_invoice on supplier_claims (invoice_id);
