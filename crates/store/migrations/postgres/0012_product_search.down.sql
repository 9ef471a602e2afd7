drop trigger products_change_search on products;
drop trigger products_add_search on products;
drop function keep_search_text();
create index products_by_fragment on products using gin (fragments(search_text));
drop table product_search;
