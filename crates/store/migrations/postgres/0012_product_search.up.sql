-- What products are found by, beside them, as SQLite keeps it in a table of its own: whatever else changes about a product,
-- such as its price, leaves the letters of its name alone.
create table product_search (
    product_id uuid not null primary key references products (id) on delete cascade,
    search_text text collate "C" not null
);
insert into product_search (product_id, search_text) select id, search_text from products;
create index product_search_by_fragment on product_search using gin (fragments(search_text));
drop index products_by_fragment;

create function keep_search_text() returns trigger language plpgsql as $$
begin
    insert into product_search (product_id, search_text) values (new.id, new.search_text)
    on conflict (product_id) do update set search_text = excluded.search_text;
    return null;
end;
$$;
create trigger products_add_search after insert on products
    for each row execute function keep_search_text();
create trigger products_change_search after update of search_text on products
    for each row when (old.search_text <> new.search_text) execute function keep_search_text();
