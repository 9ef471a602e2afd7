create index products_by_update on products (updated_at, id);
