-- A repricing changes every product, its price and its row of the batch, and changes them again when it is taken back. A row
-- whose indexed columns stay the same keeps its place in every index, if the new version fits beside the old one: half of each
-- page is left for it, and no index holds when a product changed. Rows that are there already move as they change.
drop index products_by_update;
alter table products set (fillfactor = 50);
alter table prices set (fillfactor = 50);
alter table repricing_rows set (fillfactor = 50);
