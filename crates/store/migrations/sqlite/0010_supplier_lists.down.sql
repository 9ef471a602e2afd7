drop table supplier_list_columns;
drop table supplier_list_lines;
drop table supplier_list_files;
drop table supplier_lists;
