-- The replacement cost that a price was built on; null when nobody knew it.
alter table prices add column cost integer;

-- What the shop is to the tax office, from a day on.
create table tax_statuses (
    id blob not null primary key,
    valid_from integer not null unique,
    status text not null check (status in ('monotributo', 'registered_vat')),
    set_by text not null,
    set_at integer not null
) strict;

create table repricings (
    id blob not null primary key,
    rule text not null,
    reason text not null,
    state text not null check (state in ('draft', 'scheduled', 'applied', 'rolled_back', 'cancelled', 'failed')),
    apply_at integer,
    guarded_reason text,
    note text,
    built_by text not null,
    built_at integer not null,
    applied_by text,
    applied_at integer,
    rolled_back_by text,
    rolled_back_at integer,
    version integer not null default 1
) strict;
create index repricings_by_building on repricings (built_at, id);
create index repricings_due on repricings (apply_at, id) where state = 'scheduled';

create table repricing_rows (
    repricing_id blob not null references repricings (id),
    product_id blob not null references products (id),
    position integer not null,
    old_cost integer,
    new_cost integer,
    old_price integer,
    new_price integer not null check (new_price > 0),
    severity text check (severity in ('medium', 'high', 'critical')),
    at_stake integer not null,
    guard text not null check (guard in ('clear', 'below_minimum', 'loss')),
    excluded integer not null default 0,
    edited integer not null default 0,
    outcome text check (outcome in ('applied', 'restored', 'skipped')),
    primary key (repricing_id, product_id)
) strict;
create index repricing_rows_in_order on repricing_rows (repricing_id, position, product_id);
create index repricing_rows_by_product on repricing_rows (product_id);

-- Every change of a price; a price that went has no amount.
create table price_changes (
    number integer not null primary key autoincrement,
    product_id blob not null references products (id),
    list text not null,
    amount integer check (amount > 0),
    before integer,
    cost integer,
    source text not null check (source in ('hand', 'import', 'rule', 'list', 'invoice', 'undo')),
    reason text not null,
    repricing_id blob references repricings (id),
    changed_at integer not null,
    changed_by text not null,
    actor_name text not null
) strict;
create index price_changes_by_product on price_changes (product_id, list, number);
create index price_changes_by_time on price_changes (changed_at, number);
create index price_changes_by_repricing on price_changes (repricing_id) where repricing_id is not null;
insert into price_changes (product_id, list, amount, source, reason, changed_at, changed_by, actor_name)
    select product_id, list, amount, 'hand', '', changed_at, changed_by, '' from prices order by changed_at, product_id, list;
create trigger price_changes_keep_update before update on price_changes
begin select raise(abort, 'price changes are never edited'); end;
create trigger price_changes_keep_delete before delete on price_changes
begin select raise(abort, 'price changes are never deleted'); end;

-- What was printed for which shelf labels, to print it again.
create table label_prints (
    id blob not null primary key,
    printed_at integer not null,
    printed_by text not null,
    labels integer not null
) strict;
create index label_prints_by_time on label_prints (printed_at, id);

create table label_print_rows (
    print_id blob not null references label_prints (id),
    position integer not null,
    product_id blob not null references products (id),
    amount integer not null,
    priced_at integer not null,
    primary key (print_id, position)
) strict;

-- What the label of a product says, and whether it stands on the shelf.
create table price_labels (
    product_id blob not null primary key references products (id),
    amount integer not null,
    print_id blob not null references label_prints (id),
    placed_at integer,
    placed_by text
) strict;
create index price_labels_by_print on price_labels (print_id);
