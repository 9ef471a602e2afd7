alter table invoice_lines drop column replacement_cost;
alter table tax_statuses drop column costs_followed_at;
alter table tax_statuses drop column costs_follow;
