drop table notebook_notes;
drop table notebook_entries;
