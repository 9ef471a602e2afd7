drop index notebook_entries_by_receipt;
alter table notebook_entries drop column receipt_id;
