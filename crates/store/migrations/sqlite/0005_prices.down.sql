drop table price_labels;
drop table label_print_rows;
drop table label_prints;
drop table price_changes;
drop table repricing_rows;
drop table repricings;
drop table tax_statuses;
alter table prices drop column cost;
