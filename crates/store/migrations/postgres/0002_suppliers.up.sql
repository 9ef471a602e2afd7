alter table suppliers add column legal_name text not null default '';
alter table suppliers add column vat_condition text not null default 'unknown'
    check (vat_condition in ('registered_vat', 'monotributo', 'exempt', 'unknown'));
alter table suppliers add column tax_id bytea;
alter table suppliers add column tax_id_index bytea;
alter table suppliers add column contact_name bytea;
alter table suppliers add column email bytea;
alter table suppliers add column phone bytea;
alter table suppliers add column address bytea;
alter table suppliers add column visit_days bigint not null default 0 check (visit_days between 0 and 127);
alter table suppliers add column delivery_days bigint not null default 0 check (delivery_days between 0 and 127);
alter table suppliers add column cut_off_minutes bigint check (cut_off_minutes between 0 and 1439);
alter table suppliers add column lead_days bigint check (lead_days between 0 and 365);
alter table suppliers add column minimum_order bigint not null default 0 check (minimum_order >= 0);
alter table suppliers add column payment_days bigint not null default 0 check (payment_days between 0 and 365);
alter table suppliers add column discount_bp bigint not null default 0 check (discount_bp between 0 and 10000);
alter table suppliers add column notes text not null default '';
alter table suppliers add column is_default boolean not null default false;
alter table suppliers add column paper_kind text not null default 'invoice'
    check (paper_kind in ('invoice', 'price_list', 'informal'));
alter table suppliers add column price_per text not null default 'unit' check (price_per in ('unit', 'case'));
alter table suppliers add column price_includes_vat boolean not null default false;
alter table suppliers add column pack_rule text not null default 'none'
    check (pack_rule in ('none', 'column', 'first_number', 'all_but_last'));
alter table suppliers add column pack_column text not null default '';
alter table suppliers add column negative_quantities boolean not null default false;
alter table suppliers add column price_places bigint not null default 2 check (price_places between 0 and 6);
alter table suppliers add column vat_perception_bp bigint not null default 0 check (vat_perception_bp between 0 and 10000);
alter table suppliers add column gross_income_perception_bp bigint not null default 0
    check (gross_income_perception_bp between 0 and 10000);

create unique index suppliers_by_tax_id on suppliers (tax_id_index) where tax_id_index is not null;
create unique index suppliers_one_default on suppliers (is_default) where is_default;

create table supplier_words (
    supplier_id uuid not null references suppliers (id),
    kind text not null check (kind in ('name', 'own_brand', 'distributed_brand', 'speciality', 'excluded')),
    folded text not null,
    text text not null,
    position bigint not null,
    primary key (supplier_id, kind, folded)
);

create table supplier_lessons (
    id uuid not null primary key,
    folded text not null unique,
    text text not null,
    supplier_id uuid not null references suppliers (id),
    taught_by text not null,
    taught_at bigint not null
);
create index supplier_lessons_by_supplier on supplier_lessons (supplier_id, folded);
