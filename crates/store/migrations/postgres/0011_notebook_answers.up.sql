-- The delivery that answered a line nobody had ordered; taking it back opens the line again.
alter table notebook_entries add column receipt_id uuid;
create index notebook_entries_by_receipt on notebook_entries (receipt_id) where receipt_id is not null;
