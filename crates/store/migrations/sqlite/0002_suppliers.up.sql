alter table suppliers add column legal_name text not null default '';
alter table suppliers add column vat_condition text not null default 'unknown'
    check (vat_condition in ('registered_vat', 'monotributo', 'exempt', 'unknown'));
alter table suppliers add column tax_id blob;
alter table suppliers add column tax_id_index blob;
alter table suppliers add column contact_name blob;
alter table suppliers add column email blob;
alter table suppliers add column phone blob;
alter table suppliers add column address blob;
alter table suppliers add column visit_days integer not null default 0 check (visit_days between 0 and 127);
alter table suppliers add column delivery_days integer not null default 0 check (delivery_days between 0 and 127);
alter table suppliers add column cut_off_minutes integer check (cut_off_minutes between 0 and 1439);
alter table suppliers add column lead_days integer check (lead_days between 0 and 365);
alter table suppliers add column minimum_order integer not null default 0 check (minimum_order >= 0);
alter table suppliers add column payment_days integer not null default 0 check (payment_days between 0 and 365);
alter table suppliers add column discount_bp integer not null default 0 check (discount_bp between 0 and 10000);
alter table suppliers add column notes text not null default '';
alter table suppliers add column is_default integer not null default 0;
alter table suppliers add column paper_kind text not null default 'invoice'
    check (paper_kind in ('invoice', 'price_list', 'informal'));
alter table suppliers add column price_per text not null default 'unit' check (price_per in ('unit', 'case'));
alter table suppliers add column price_includes_vat integer not null default 0;
alter table suppliers add column pack_rule text not null default 'none'
    check (pack_rule in ('none', 'column', 'first_number', 'all_but_last'));
alter table suppliers add column pack_column text not null default '';
alter table suppliers add column negative_quantities integer not null default 0;
alter table suppliers add column price_places integer not null default 2 check (price_places between 0 and 6);
alter table suppliers add column vat_perception_bp integer not null default 0 check (vat_perception_bp between 0 and 10000);
alter table suppliers add column gross_income_perception_bp integer not null default 0
    check (gross_income_perception_bp between 0 and 10000);

create unique index suppliers_by_tax_id on suppliers (tax_id_index) where tax_id_index is not null;
create unique index suppliers_one_default on suppliers (is_default) where is_default;

create table supplier_words (
    supplier_id blob not null references suppliers (id),
    kind text not null check (kind in ('name', 'own_brand', 'distributed_brand', 'speciality', 'excluded')),
    folded text not null,
    text text not null,
    position integer not null,
    primary key (supplier_id, kind, folded)
) strict;

create table supplier_lessons (
    id blob not null primary key,
    folded text not null unique,
    text text not null,
    supplier_id blob not null references suppliers (id),
    taught_by text not null,
    taught_at integer not null
) strict;
create index supplier_lessons_by_supplier on supplier_lessons (supplier_id, folded);
