drop table sale_list_rules;
