drop table supplier_entries;
