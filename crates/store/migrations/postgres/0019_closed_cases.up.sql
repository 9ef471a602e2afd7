-- The price of a closed case beside that of one, as printed, and what one costs by it, both in ten-thousandths.
alter table supplier_list_lines add column case_price bigint;
alter table supplier_list_lines add column case_unit_cost bigint;
