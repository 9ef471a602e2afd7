alter table repricing_rows reset (fillfactor);
alter table prices reset (fillfactor);
alter table products reset (fillfactor);
create index products_by_update on products (updated_at, id);
