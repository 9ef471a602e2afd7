-- No index holds when a product changed: see the twin for PostgreSQL, which needs room besides.
drop index products_by_update;
