alter table supplier_list_lines drop column case_unit_cost;
alter table supplier_list_lines drop column case_price;
